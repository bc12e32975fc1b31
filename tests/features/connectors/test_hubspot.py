"""HubSpot: what an export of a few rows says, worked out by hand."""

import json

import pytest
from exports import book_of, rows, write

from features.sources.connectors.making import make_book

EXPORT = {
    "company": """
        id,property_createdate,property_name,property_industry,property_hubspot_owner_id,property_hs_merged_object_ids,is_deleted
        1,2024-01-01 08:00:00,Acme,Retail,51,2;3,false
        3,2024-01-03 08:00:00,Acme 3,,50,,true
        4,2024-01-04 08:00:00,Test,,50,,true
        5,2024-01-05 08:00:00,Calm,,50,,false
    """,
    "company_property_history": """
        company_id,name,value,timestamp
        1,industry,Food,2024-01-01 08:00:00
        1,industry,Retail,2024-03-01 08:00:00
        1,lifecyclestage,lead,2024-01-01 08:00:00
        1,lifecyclestage,lead,2024-01-02 08:00:00
        1,lifecyclestage,customer,2024-03-01 08:00:00
        1,hubspot_owner_id,50,2024-01-01 08:00:00
        1,hubspot_owner_id,51,2024-03-05 08:00:00
    """,
    "contact": """
        id,property_associatedcompanyid,property_email,property_hs_calculated_merged_vids
        10,1,ann@acme.com,
        11,,bob@home.org,
        12,1,eve@acme.com,13:1700000000000
    """,
    "contact_merge_audit": """
        canonical_vid,vid_to_merge
        10,14
    """,
    "owner": """
        owner_id,created_at,first_name,last_name
        50,2023-01-01 08:00:00,Sam,Hill
        51,2023-02-01 08:00:00,Sue,
    """,
    "ticket": """
        id,property_createdate,property_closed_date,property_first_agent_reply_date,property_hs_ticket_category,property_hubspot_owner_id,is_deleted
        100,2024-02-01 10:00:00,2024-02-04 09:00:00,2024-02-01 11:00:00,PRODUCT_ISSUE,50,false
        101,2024-02-05 10:00:00,2024-02-01 10:00:00,,FEATURE_REQUEST,50,false
        102,2024-02-06 10:00:00,,,,50,true
        103,2024-02-07 10:00:00,,,,50,false
        104,2024-02-08 10:00:00,,,,50,false
        105,2024-02-09 10:00:00,,,,50,false
        106,2024-02-10 10:00:00,,,,50,false
        107,2024-02-10 11:00:00,,,,50,false
    """,
    "ticket_company": """
        ticket_id,company_id,type_id
        100,5,26
        100,1,339
        101,2,339
        102,1,26
        105,4,26
        106,5,339
        106,1,339
    """,
    "ticket_contact": """
        ticket_id,contact_id
        100,10
        103,13
        104,11
    """,
    "ticket_property_history": """
        ticket_id,name,value,timestamp_instant
        100,hs_pipeline_stage,1,2024-02-01 10:00:00
        100,hs_pipeline_stage,4,2024-02-02 09:00:00
        100,hs_pipeline_stage,1,2024-02-03 09:00:00
        100,hs_pipeline_stage,4,2024-02-04 09:00:00
        100,subject,4,2024-02-04 10:00:00
    """,
    "ticket_pipeline_stage": """
        stage_id,is_closed,ticket_state
        1,false,OPEN
        4,false,CLOSED
    """,
}
DEALS = {
    "deal": """
        deal_id,property_createdate,property_closedate,property_amount,deal_pipeline_id,deal_pipeline_stage_id,property_closed_lost_reason,is_deleted
        200,2024-02-01 08:00:00,2024-03-01 12:00:00,100,default,closedwon,,false
        201,2024-02-01 08:00:00,2024-03-01 12:00:00,100,default,closedwon,,false
        202,2024-02-01 08:00:00,2024-05-01 00:00:00,100,r,r9,price,false
        203,2024-02-01 08:00:00,2024-03-01 12:00:00,7,default,closedwon,,true
        204,2024-02-01 08:00:00,2024-06-01 12:00:00,7,r,r1,,false
        205,2024-02-01 08:00:00,2024-03-01 12:00:00,7,default,closedlost,,false
    """,
    "merged_deal": """
        deal_id,merged_deal_id
        200,201
    """,
    "deal_company": """
        deal_id,company_id,type_id
        200,5,341
        200,1,5
        201,1,5
        202,1,5
        203,1,5
        204,1,5
        205,1,5
    """,
    "deal_stage": """
        deal_id,value,date_entered
        200,qualified,2024-02-01 08:00:00
        200,closedwon,2024-03-02 08:00:00
    """,
    "deal_pipeline": """
        pipeline_id,label
        r,Renewals
    """,
    "deal_pipeline_stage": """
        stage_id,label,closed_won,is_closed
        r1,Open,false,false
        r9,Lost,false,true
    """,
}
ENGAGEMENTS = {
    "engagement_email": """
        engagement_id,property_hs_timestamp,property_hs_createdate,property_hs_email_direction,property_hubspot_owner_id
        300,2024-02-01 10:30:00,2024-02-01 10:30:00,EMAIL,50
        301,2024-02-11 10:30:00,2024-02-11 10:30:00,INCOMING_EMAIL,
        302,2024-02-12 10:30:00,2024-02-12 10:30:00,EMAIL,50
    """,
    "engagement_call": """
        engagement_id,property_hs_timestamp,property_hs_createdate,property_hs_call_direction,property_hs_call_duration,property_hubspot_owner_id
        310,2024-02-10 10:00:00,2024-02-20 10:00:00,OUTBOUND,120000,50
        311,2024-02-13 10:00:00,2024-02-13 10:00:00,INBOUND,60000,50
    """,
    "engagement_meeting": """
        engagement_id,start_time,property_hs_createdate,meeting_outcome,_fivetran_synced
        320,2024-02-14 10:00:00,2024-02-01 08:00:00,,2024-07-01 00:00:00
        321,2024-12-14 10:00:00,2024-06-01 08:00:00,,2024-07-01 00:00:00
        322,2024-02-14 11:00:00,2024-02-01 08:00:00,CANCELED,2024-07-01 00:00:00
    """,
    "engagement_note": """
        engagement_id,property_hs_timestamp
        330,2024-02-15 10:00:00
    """,
    "engagement_task": """
        engagement_id,property_hs_timestamp,property_hs_task_status,property_hs_task_type
        340,2024-02-16 09:00:00,COMPLETED,CALL
        341,2024-02-16 09:00:00,NOT_STARTED,CALL
    """,
    "engagement_company": """
        engagement_id,company_id
        300,1
        301,1
        302,1
        310,1
        311,1
        320,1
        321,1
        322,1
        330,1
        340,1
        341,1
    """,
    "ticket_engagement": """
        ticket_id,engagement_id
        100,300
    """,
}
COMPANY = {"company": EXPORT["company"]}


@pytest.fixture
def tickets(tmp_path):
    with book_of(write(tmp_path, EXPORT), "hubspot") as book:
        yield book


def test_accounts_are_companies_and_contacts_without_one(tickets):
    columns = ("account_id", "opened_at", "industry")
    assert rows(tickets, "accounts", *columns) == [
        ("1", "2024-01-01 08:00", "Food"),
        ("5", "2024-01-05 08:00", None),
        ("contact 11", "2024-02-08 10:00", None),
    ]
    assert rows(tickets, "facts", "account_id", "name", "value", "known_at") == [
        ("1", "lifecyclestage", "customer", "2024-03-01 08:00"),
        ("1", "lifecyclestage", "lead", "2024-01-01 08:00"),
    ]
    assert rows(tickets, "labels", "account_id", "name", "owner") == [
        ("1", "Acme", "Sue"),
        ("5", "Calm", "Sam Hill"),
    ]


def test_every_trap_of_tickets(tickets):
    columns = ("account_id", "occurred_at", "kind", "matter_id", "rep_id")
    assert rows(tickets, "interactions", *columns) == [
        ("1", "2024-02-05 10:00", "request", "101", None),  # 2 was merged into 1
        ("1", "2024-02-05 10:00", "resolution", "101", "50"),  # closed before
        ("1", "2024-02-07 10:00", "question", "103", None),  # of contact 13, now 12
        ("1", "2024-02-10 10:00", "question", "106", None),  # no primary: the first
        ("1", "2024-03-05 08:00", "handover", None, "51"),
        ("5", "2024-02-01 10:00", "complaint", "100", None),  # the primary company
        ("5", "2024-02-01 11:00", "answer", "100", "50"),
        ("5", "2024-02-02 09:00", "resolution", "100", None),
        ("5", "2024-02-03 09:00", "reopen", "100", None),
        ("5", "2024-02-04 09:00", "resolution", "100", None),
        ("contact 11", "2024-02-08 10:00", "question", "104", None),
    ]
    assert len(tickets.quarantine) == 0


def test_deals_are_won_once_and_known_from_their_stage(tmp_path):
    with book_of(write(tmp_path, COMPANY | DEALS), "hubspot") as book:
        columns = ("account_id", "occurred_at", "known_at", "kind", "value")
        assert rows(book, "interactions", *columns) == [
            ("1", "2024-03-01 12:00", "2024-03-02 08:00", "purchase", 100.0)
        ]
        columns = ("account_id", "occurred_at", "known_at", "reason")
        assert rows(book, "departures", *columns) == [
            ("1", "2024-05-01 00:00", "2024-05-02 00:00", "price")
        ]


def test_engagements_are_known_from_when_they_were_entered(tmp_path):
    files = EXPORT | ENGAGEMENTS
    with book_of(write(tmp_path, files), "hubspot") as book:
        columns = (
            "account_id",
            "occurred_at",
            "known_at",
            "kind",
            "matter_id",
            "minutes",
        )
        found = rows(book, "interactions", *columns, "interaction_id")
        assert [row[:-1] for row in found if row[-1].startswith("engagement")] == [
            ("1", "2024-02-01 10:30", "2024-02-01 10:30", "answer", "100", None),
            ("1", "2024-02-10 10:00", "2024-02-20 10:00", "outreach", None, 2.0),
            ("1", "2024-02-11 10:30", "2024-02-11 10:30", "reply", None, None),
            ("1", "2024-02-12 10:30", "2024-02-12 10:30", "outreach", None, None),
            ("1", "2024-02-13 10:00", "2024-02-13 10:00", "question", None, 1.0),
            ("1", "2024-02-14 10:00", "2024-02-14 10:00", "outreach", None, None),
            ("1", "2024-02-15 10:00", "2024-02-15 10:00", "note", None, None),
            ("1", "2024-02-16 09:00", "2024-02-17 00:00", "outreach", None, None),
        ]
        columns = ("scheduled_id", "account_id", "scheduled_at", "known_at")
        assert rows(book, "scheduled", *columns) == [
            ("320", "1", "2024-02-14 10:00", "2024-02-01 08:00"),
            ("321", "1", "2024-12-14 10:00", "2024-06-01 08:00"),
        ]
        # the first answer is the mail's, and told once
        assert [row[3] for row in found].count("answer") == 1


def test_scores_of_promoters_and_forms_are_those_of_the_contacts_company(tmp_path):
    files = {
        "company": EXPORT["company"],
        "contact": EXPORT["contact"],
        "contact_form_submission": """
            contact_id,form_id,timestamp
            13,f,2024-02-01 10:00:00
        """,
        "feedback_submissions": """
            id,hs_contact_id,hs_survey_type,hs_value,hs_submission_timestamp
            9,10,NPS,8,2024-02-02 10:00:00
            8,10,CSAT,2,2024-02-02 11:00:00
            7,10,CES,6,2024-02-02 12:00:00
            6,10,KNOWLEDGE,1,2024-02-02 12:00:00
        """,
    }
    with book_of(write(tmp_path, files), "hubspot") as book:
        assert rows(book, "interactions", "account_id", "kind") == [("1", "visit")]
        asked = ("account_id", "item", "score", "scale_min", "scale_max")
        assert rows(book, "surveys", *asked) == [
            ("1", "effort", 6.0, "1", "7"),
            ("1", "own:56", 2.0, "0", "2"),  # satisfaction
            ("1", "recommend", 8.0, "0", "10"),
        ]
        # easy is 7 here, where Pinch's own scale of effort has it at 1
        assert book.ask("select score from surveys where item = 'effort'") == [
            (pytest.approx(10 * 5 / 6),)
        ]
        assert not book.unknown


def test_a_merger_with_a_date_is_one_from_then_on(tmp_path):
    history = """
        company_id,name,value,timestamp
        1,hs_merged_object_ids,3,2024-03-01 08:00:00
        1,hs_merged_object_ids,2;3,2024-04-01 08:00:00
    """
    files = EXPORT | {"company_property_history": history}
    with book_of(write(tmp_path, files), "hubspot") as book:
        assert rows(book, "merges", "from_id", "into_id", "known_at") == [
            ("2", "1", "2024-04-01 08:00"),
            ("3", "1", "2024-03-01 08:00"),
        ]
        # 3 has a row of its own, 2 has not: what is 2's waits for the merger
        accounts = [account for (account,) in rows(book, "accounts", "account_id")]
        assert accounts == ["1", "3", "5", "contact 11"]
        assert len(book.quarantine) == 0


def test_what_is_left_out_is_told(tmp_path):
    told = make_book(write(tmp_path, EXPORT), {"hubspot": None}).told
    assert [said for said in told if said.startswith("HubSpot: ")] == [
        "HubSpot: deleted companies, which are left out with all that is theirs: 1.",
        "HubSpot: companies merged nobody knows when, whose history is that of the other throughout: 2.",
        "HubSpot: tickets of several companies, which are of the primary or first of them: 2.",
        "HubSpot: tickets of no company and no contact, which are left out: 2.",
        "HubSpot: tickets closed before they were opened, which count as closed at once: 1.",
    ]


def test_the_names_of_the_screen_are_the_same_export(tmp_path):
    files = {
        "Companies": "Record ID,Company name,Create Date\n1,Acme,2024-01-01 08:00\n",
        "Tickets": "Record ID,Create date,Close date,Associated Company IDs\n"
        "100,2024-02-01 10:00,2024-02-03 10:00,1;5\n",
        "Deals": "Record ID,Deal Stage,Pipeline,Close Date,Amount,Associated Company IDs\n"
        "200,Closed won,Sales Pipeline,2024-02-02 10:00,5,1\n"
        "201,Closed lost,Renewal Pipeline,2024-02-05 10:00,5,1\n",
    }
    with book_of(write(tmp_path, files), "hubspot") as book:
        assert rows(book, "interactions", "account_id", "occurred_at", "kind") == [
            ("1", "2024-02-01 10:00", "question"),
            ("1", "2024-02-02 10:00", "purchase"),
            ("1", "2024-02-03 10:00", "resolution"),
        ]
        assert rows(book, "departures", "occurred_at") == [("2024-02-05 10:00",)]


MAILINGS = {
    "email_event": """
        id,created,type,recipient,sent_by_id,filtered_event
        e1,2024-02-01 10:00:00,SENT,ann@acme.com,,false
        e2,2024-02-01 11:00:00,OPEN,Ann@acme.com,e1,false
        e3,2024-02-01 11:05:00,OPEN,Ann@acme.com,e1,false
        e4,2024-02-01 11:06:00,CLICK,ann@acme.com,e1,false
        e5,2024-02-01 11:00:01,CLICK,ann@acme.com,e1,true
        e6,2024-02-02 11:00:00,STATUSCHANGE,ann@acme.com,,false
        e7,2024-02-03 11:00:00,STATUSCHANGE,ann@acme.com,,false
        e8,2024-02-04 11:00:00,OPEN,bob@home.org,e9,false
        e9,2024-02-04 11:00:00,OPEN,nobody@home.org,e9,false
    """,
    "email_event_status_change": """
        id,portal_subscription_status,source
        e6,UNSUBSCRIBED,SOURCE_RECIPIENT
        e7,UNSUBSCRIBED,SOURCE_CUSTOMER
    """,
}


def test_what_is_done_with_a_mailing_counts_once(tmp_path):
    needed = {"company": EXPORT["company"], "contact": EXPORT["contact"]}
    with book_of(write(tmp_path, needed | MAILINGS), "hubspot") as book:
        # mailings to bob, who is of no company, make no account
        assert rows(book, "interactions", "account_id", "occurred_at", "kind") == [
            ("1", "2024-02-01 11:00", "own:100:none"),
            ("1", "2024-02-01 11:06", "visit"),
            ("1", "2024-02-02 11:00", "own:101:none"),
        ]
        signs = "select kind from interactions where sign_of_life"
        assert book.ask(signs) == [("visit",)]
        words = [book.words.named(name) for name in ("own:100:none", "own:101:none")]
        assert words == ["mail_opened", "unsubscribed"]
        assert not book.unknown
        assert len(book.quarantine) == 0


def test_the_streams_of_airbyte_list_their_companies_and_stages(tmp_path):
    moment = "2024-02-01T10:00:00.000Z"
    engaged = {"hs_timestamp": moment, "hs_email_direction": "INCOMING_EMAIL"}
    stage = {"stageId": "s9", "label": "Gone", "metadata": {"isClosed": "true"}}
    streams = {
        "companies": [
            {"id": "1", "properties": {"createdate": moment, "name": "Acme"}}
        ],
        "contacts": [
            {
                "id": "10",
                "properties": {"associatedcompanyid": 1, "email": "ann@acme.com"},
            }
        ],
        "engagements_emails": [{"id": "3", "properties": engaged, "contacts": ["10"]}],
        "tickets": [
            {"id": "4", "properties": {"createdate": moment}, "companies": ["1"]}
        ],
        "deal_pipelines": [
            {"pipelineId": "p", "label": "Renewals", "stages": [stage]},
        ],
        "deals": [
            {
                "id": "5",
                "properties": {
                    "createdate": moment,
                    "closedate": moment,
                    "pipeline": "p",
                    "dealstage": "s9",
                },
                "companies": ["1"],
            }
        ],
        "email_events": [
            {
                "id": "e1",
                "created": 1706785200000,
                "type": "CLICK",
                "recipient": "ann@acme.com",
                "sentBy": {"id": "e0", "created": 1706785200000},
            }
        ],
    }
    for name, found in streams.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, found)))
    with book_of(tmp_path, "hubspot") as book:
        assert rows(book, "interactions", "account_id", "occurred_at", "kind") == [
            ("1", "2024-02-01 10:00", "question"),
            ("1", "2024-02-01 10:00", "reply"),
            ("1", "2024-02-01 11:00", "visit"),
        ]
        assert rows(book, "departures", "account_id", "occurred_at") == [
            ("1", "2024-02-01 10:00")
        ]
        assert rows(book, "labels", "account_id", "name") == [("1", "Acme")]
