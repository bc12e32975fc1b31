"""Salesforce: what an export of a few rows says, worked out by hand."""

import pytest
from exports import book_of, rows, write

from features.sources.connectors.making import make_book

EXPORT = {
    "account": """
        id,name,created_date,industry,billing_country,website,owner_id,master_record_id,is_deleted,_fivetran_active
        A1,Acme,2024-01-01T08:00:00.000+0000,Retail,FR,https://www.acme.com/home,s1,,false,true
        A1,Before,2024-01-01T08:00:00.000+0000,Food,FR,,s1,,false,false
        A2,Acme 2,2024-01-02T08:00:00.000+0000,,,,s1,A1,true,true
        A3,Test,2024-01-03T08:00:00.000+0000,,,,s1,,true,true
    """,
    "account_history": """
        id,_fivetran_start,industry,billing_country,owner_id,type
        A1,2024-01-05 08:00:00,Food,FR,s1,Prospect
        A1,2024-03-01 08:00:00,Retail,FR,s2,Prospect
        A1,2024-03-02 08:00:00,Retail,FR,s2,Customer
        A3,2024-03-02 08:00:00,Retail,FR,s1,Customer
    """,
    "contact": """
        id,account_id,email
        C1,A1,ann@acme.com
    """,
    "user": """
        id,name,created_date,user_type
        s1,Sam,2023-01-01T08:00:00.000+0000,Standard
        p1,Pat,2023-02-01T08:00:00.000+0000,CspLitePortal
    """,
    "opportunity": """
        id,account_id,created_date,close_date,amount,type,stage_name,is_won,is_closed,loss_reason__c,is_deleted
        O1,A1,2024-02-01 08:00:00,2024-02-10,100,New,Closed Won,true,true,,false
        O2,A2,2024-04-01 08:00:00,2024-06-01,120,Renewal,Closed Lost,false,true,price,false
        O3,A1,2024-02-01 08:00:00,2024-02-10,7,New,Closed Won,true,true,,true
        O4,A1,2024-02-01 08:00:00,2024-02-12,7,New,Closed Lost,false,true,,false
        O5,A1,2024-02-01 08:00:00,2024-12-12,7,Renewal,Proposal,false,false,,false
    """,
    "opportunity_history": """
        id,_fivetran_start,stage_name
        O2,2024-05-01 08:00:00,Negotiation
        O2,2024-06-05 09:00:00,Closed Lost
        O1,2024-05-01 08:00:00,Closed Won
    """,
    "case": """
        id,account_id,contact_id,created_date,closed_date,type,origin,owner_id,is_deleted
        K1,,C1,2024-04-01T10:00:00Z,2024-03-30T10:00:00Z,Problem,Phone,s1,false
        K2,A1,,2024-04-03T10:00:00Z,2024-04-05T09:00:00Z,Question,Web,s1,false
        K3,A1,,2024-04-03T11:00:00Z,,Question,Web,s1,true
        K4,A3,,2024-04-03T12:00:00Z,,Question,Web,s1,false
    """,
    "case_history": """
        id,case_id,field,old_value,new_value,created_date,created_by_id
        h1,K2,Status,New,Closed,2024-04-04T09:00:00Z,s1
        h2,K2,Status,Closed,Working,2024-04-04T12:00:00Z,p1
        h3,K2,Status,Working,Escalated,2024-04-04T13:00:00Z,s1
        h4,K2,Status,Escalated,Closed,2024-04-05T09:00:00Z,s2
        h5,K2,Owner,s1,s2,2024-04-05T09:00:00Z,s2
    """,
    "case_comment": """
        id,parent_id,is_published,created_by_id,created_date
        m1,K2,true,s1,2024-04-03T11:00:00Z
        m2,K2,true,p1,2024-04-03T12:00:00Z
        m3,K2,false,s1,2024-04-03T13:00:00Z
    """,
    "email_message": """
        id,parent_id,incoming,created_by_id,message_date
        e1,K2,true,,2024-04-03T14:00:00Z
        e2,K2,false,s1,2024-04-03T15:00:00Z
    """,
    "task": """
        id,account_id,who_id,owner_id,created_date,completed_date_time,activity_date,task_subtype,call_type,status,is_closed
        t1,A1,,s1,2024-04-09T08:00:00Z,,2024-04-10,Call,,Completed,true
        t2,,C1,s1,2024-04-12T08:00:00Z,2024-04-12T15:00:00Z,2024-04-12,Email,,Completed,true
        t3,A1,,s1,2024-04-12T08:00:00Z,,2024-04-30,Call,,Open,false
        t4,A1,,s1,2024-04-16T09:00:00Z,,2024-04-14,Call,Inbound,Completed,true
        t5,A1,,s1,2024-04-15T08:00:00Z,,2024-04-15,Task,,Completed,true
        t6,,L1,s1,2024-04-15T08:00:00Z,,2024-04-15,Task,,Completed,true
    """,
    "event": """
        id,account_id,owner_id,created_date,start_date_time,_fivetran_synced
        v1,A1,s1,2024-04-18T08:00:00Z,2024-04-20T10:00:00Z,2024-07-01T00:00:00Z
        v2,A1,s1,2024-04-18T08:00:00Z,2024-08-20T10:00:00Z,2024-07-01T00:00:00Z
    """,
}
INTERACTIONS = [
    ("A1", "2024-02-10 00:00", "2024-02-11 00:00", "purchase", None, None),
    ("A1", "2024-03-01 08:00", None, "handover", None, "s2"),
    ("A1", "2024-04-01 10:00", None, "complaint", "K1", None),
    ("A1", "2024-04-01 10:00", None, "resolution", "K1", "s1"),  # closed before
    ("A1", "2024-04-03 10:00", None, "question", "K2", None),
    ("A1", "2024-04-03 11:00", None, "answer", "K2", "s1"),
    ("A1", "2024-04-03 12:00", None, "reply", "K2", None),
    ("A1", "2024-04-03 13:00", None, "note", "K2", "s1"),
    ("A1", "2024-04-03 14:00", None, "reply", "K2", None),
    ("A1", "2024-04-03 15:00", None, "answer", "K2", "s1"),
    ("A1", "2024-04-04 09:00", None, "resolution", "K2", "s1"),
    ("A1", "2024-04-04 12:00", None, "reopen", "K2", None),
    ("A1", "2024-04-05 09:00", None, "resolution", "K2", "s2"),
    ("A1", "2024-04-10 00:00", "2024-04-11 00:00", "outreach", None, "s1"),
    ("A1", "2024-04-12 15:00", "2024-04-12 15:00", "outreach", None, "s1"),
    ("A1", "2024-04-14 00:00", "2024-04-16 09:00", "question", None, "s1"),
    ("A1", "2024-04-15 00:00", "2024-04-16 00:00", "note", None, "s1"),
    ("A1", "2024-04-20 10:00", None, "outreach", None, "s1"),
]
OF_INTERACTIONS = (
    "account_id",
    "occurred_at",
    "known_at",
    "kind",
    "matter_id",
    "rep_id",
)


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path, EXPORT)


def test_accounts_are_neither_deleted_nor_merged_nor_versions(folder):
    with book_of(folder, "salesforce") as book:
        columns = ("account_id", "opened_at", "industry", "country")
        assert rows(book, "accounts", *columns) == [
            ("A1", "2024-01-01 08:00", "Food", "FR")
        ]
        labels = rows(book, "labels", "account_id", "name", "owner")
        assert labels == [("A1", "Acme", "Sam")]
        assert set(book.facts) == {"industry", "country", "account_type"}


def test_every_trap_of_what_was_done(folder):
    with book_of(folder, "salesforce") as book:
        assert rows(book, "interactions", *OF_INTERACTIONS) == INTERACTIONS
        assert rows(book, "reps", "rep_id", "hired_at") == [("s1", "2023-01-01 08:00")]
        assert len(book.quarantine) == 0


def test_a_renewal_that_is_lost_is_a_departure_from_when_it_was_seen(folder):
    with book_of(folder, "salesforce") as book:
        columns = ("account_id", "occurred_at", "known_at", "reason", "overt")
        # O2 is of A2, which was merged into A1
        assert rows(book, "departures", *columns) == [
            ("A1", "2024-06-01 00:00", "2024-06-05 09:00", "price", True)
        ]


def test_what_is_agreed_planned_or_changes_is_known_from_its_day_on(folder):
    contract = """
        Id,AccountId,CreatedDate,ActivatedDate,StartDate,EndDate,Status
        n1,A1,2024-01-01 08:00:00,2024-01-10 08:00:00,2024-01-15,2025-01-14,Activated
        n2,A2,2024-01-02 08:00:00,,2024-02-01,,Expired
        n3,A1,2024-01-03 08:00:00,,2024-02-01,2025-01-31,Draft
    """
    with book_of(write(folder, {"contract": contract}), "salesforce") as book:
        columns = ("contract_id", "account_id", "starts_at", "ends_at", "known_at")
        assert rows(book, "contracts", *columns) == [
            ("n1", "A1", "2024-01-15 00:00", "2025-01-15 00:00", "2024-01-10 08:00"),
            ("n2", "A1", "2024-02-01 00:00", None, "2024-01-02 08:00"),
        ]
        columns = ("scheduled_id", "account_id", "scheduled_at", "known_at")
        assert rows(book, "scheduled", *columns) == [
            ("v1", "A1", "2024-04-20 10:00", "2024-04-18 08:00"),
            ("v2", "A1", "2024-08-20 10:00", "2024-04-18 08:00"),
        ]
        assert rows(book, "facts", "account_id", "name", "value", "known_at") == [
            ("A1", "account_type", "Customer", "2024-03-02 08:00"),
            ("A1", "account_type", "Prospect", "2024-01-05 08:00"),
        ]
        assert len(book.quarantine) == 0


def test_a_merger_with_a_date_is_one_from_then_on(tmp_path):
    files = {
        "account": "Id,CreatedDate,IsDeleted,MasterRecordId,SystemModstamp\n"
        "A1,2024-01-01 08:00:00,false,,2024-05-01 08:00:00\n"
        "A2,2024-01-02 08:00:00,true,A1,2024-03-01 08:00:00\n",
        "case": "Id,AccountId,CreatedDate\nK1,A2,2024-02-01 08:00:00\n",
    }
    with book_of(write(tmp_path, files), "salesforce") as book:
        assert rows(book, "merges", "from_id", "into_id", "known_at") == [
            ("A2", "A1", "2024-03-01 08:00")
        ]
        assert rows(book, "accounts", "account_id") == [("A1",), ("A2",)]
        assert rows(book, "interactions", "account_id") == [("A2",)]


def test_what_is_left_out_is_told(folder):
    told = make_book(folder, {"salesforce": None}).told
    assert [said for said in told if said.startswith("Salesforce: ")] == [
        "Salesforce: deleted accounts, which are left out with all that is theirs: 1.",
        "Salesforce: accounts merged nobody knows when, whose history is that of the other throughout: 1.",
        "Salesforce: deleted opportunities, which are left out: 1.",
        "Salesforce: cases closed before they were opened, which count as closed at once: 1.",
        "Salesforce: planned meetings, which count when they have been: 1.",
        "Salesforce: cases, tasks and meetings of no account, which are left out: 1.",
    ]


def test_the_names_of_the_api_are_the_same_export(tmp_path):
    files = {
        "Account": "Id,Name,CreatedDate,IsDeleted\nA1,Acme,2024-01-01T08:00:00.000+0000,false\n",
        "Opportunity": "Id,AccountId,CreatedDate,CloseDate,Amount,StageName,IsWon,IsClosed\n"
        "O1,A1,2024-02-01T08:00:00.000Z,2024-02-10,12.5,Closed Won,TRUE,TRUE\n",
    }
    with book_of(write(tmp_path, files), "salesforce") as book:
        columns = ("account_id", "occurred_at", "kind", "value")
        assert rows(book, "interactions", *columns) == [
            ("A1", "2024-02-10 00:00", "purchase", 12.5)
        ]


def test_without_a_lost_renewal_there_is_no_table_of_departures(tmp_path):
    files = EXPORT | {"opportunity": EXPORT["opportunity"].replace("Renewal", "New")}
    with book_of(write(tmp_path, files), "salesforce") as book:
        assert "departures" not in book.rows
    text = (tmp_path / "book.toml").read_text()
    assert (
        '# Switched off, as the export has no row of them.\n# departures = """' in text
    )


def test_the_streams_of_airbyte_tell_what_changed_of_an_account(tmp_path):
    files = {
        "Account": "Id,Name,CreatedDate,Industry,Type,OwnerId,IsDeleted\n"
        "A1,Acme,2024-01-01T08:00:00.000+0000,Retail,Customer,0052,false\n",
        "AccountHistory": """
            Id,AccountId,Field,OldValue,NewValue,CreatedDate
            h1,A1,Type,Prospect,Customer,2024-02-01T08:00:00.000+0000
            h2,A1,Industry,Food,Retail,2024-02-02T08:00:00.000+0000
            h3,A1,Owner,Sam,Sue,2024-02-03T08:00:00.000+0000
            h4,A1,Owner,0051,0052,2024-02-03T08:00:00.000+0000
        """,
        "OpportunityHistory": """
            Id,OpportunityId,StageName,CreatedDate
            s1,O1,Proposal,2024-03-01T08:00:00.000+0000
            s2,O1,Closed Won,2024-03-20T08:00:00.000+0000
        """,
        "OpportunityFieldHistory": """
            Id,OpportunityId,Field,OldValue,NewValue,CreatedDate
            f1,O1,Amount,1,5,2024-03-01T08:00:00.000+0000
        """,
        "Opportunity": """
            Id,AccountId,CreatedDate,CloseDate,Amount,StageName,IsWon,IsClosed
            O1,A1,2024-03-01T08:00:00.000+0000,2024-03-10,5,Closed Won,true,true
        """,
    }
    with book_of(write(tmp_path, files), "salesforce") as book:
        assert rows(book, "accounts", "account_id", "industry") == [("A1", "Food")]
        assert rows(book, "facts", "name", "value", "known_at") == [
            ("account_type", "Customer", "2024-02-01 08:00")
        ]
        assert rows(book, "interactions", "kind", "known_at", "rep_id") == [
            ("handover", None, "0052"),
            ("purchase", "2024-03-20 08:00", None),
        ]


def test_names_in_capitals_are_the_same_export(tmp_path):
    files = {
        "ACCOUNT": "ID,NAME,CREATEDDATE,ISDELETED\nA1,Acme,2024-01-01 08:00:00,FALSE\n",
        "CASECOMMENT": "ID,PARENTID,ISPUBLISHED,CREATEDDATE\nm1,K1,TRUE,2024-02-02 08:00:00\n",
        "CASE": "ID,ACCOUNTID,CREATEDDATE\nK1,A1,2024-02-01 08:00:00\n",
    }
    folder = write(tmp_path, files)
    for name in files:
        (folder / f"{name}.csv").rename(folder / f"{name}.CSV")
    with book_of(folder, "salesforce") as book:
        assert rows(book, "interactions", "occurred_at", "kind") == [
            ("2024-02-01 08:00", "question"),
            ("2024-02-02 08:00", "answer"),
        ]
