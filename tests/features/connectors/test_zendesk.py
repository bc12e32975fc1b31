"""Zendesk: what an export of a few rows says, worked out by hand."""

import json

import duckdb
import pandas as pd
import pytest
from exports import book_of, rows, write

from features.sources.connectors.making import make_book

EXPORT = {
    "organization": """
        id,created_at,name,_fivetran_deleted
        o1,2024-01-01 08:00:00,Acme,
        o2,2024-01-02 08:00:00,Acme Ltd,true
        o3,2024-01-03 08:00:00,Spam,true
        o4,2024-01-04 08:00:00,Calm,false
    """,
    "organization_merge": """
        loser_id,winner_id
        o2,o1
    """,
    "domain_name": """
        organization_id,domain_name
        o1,acme.com
    """,
    "user": """
        id,organization_id,email,role,created_at
        u1,o1,ann@acme.com,end-user,2024-01-01 09:00:00
        u2,,Bob@ACME.com,end-user,2024-01-01 09:00:00
        u3,,eve@nobody.org,end-user,2024-01-01 09:00:00
        s1,,sam@us.com,agent,2023-05-01 09:00:00
        s2,,sue@us.com,end-user,2023-06-01 09:00:00
    """,
    "ticket": """
        id,created_at,organization_id,requester_id,submitter_id,assignee_id,type,status,via_channel,merged_ticket_ids
        1,2024-02-01 10:00:00,o1,u1,u1,s2,incident,closed,web,[3]
        2,2024-02-05 10:00:00,,u2,u2,s1,,solved,email,[]
        3,2024-02-01 10:30:00,o1,u1,u1,s1,question,closed,web,
        4,2024-02-01 11:00:00,o1,u1,u1,,question,deleted,web,
        5,2024-02-06 10:00:00,o2,u9,u9,,task,open,web,
        6,2024-02-06 10:00:00,o3,u9,u9,,task,open,web,
        7,2024-02-06 10:00:00,,u3,u3,,task,open,web,
    """,
    "ticket_comment": """
        id,ticket_id,user_id,created,public,_fivetran_deleted
        c1,1,u1,2024-02-01 10:00:00,true,
        c2,1,s1,2024-02-01 11:00:00,true,
        c3,1,s1,2024-02-01 11:30:00,false,
        c4,1,u1,2024-02-01 12:00:00,true,
        c5,1,s2,2024-02-01 13:00:00,true,
        c6,1,s1,2024-02-01 14:00:00,true,true
        c7,4,s1,2024-02-01 14:00:00,true,
    """,
    "ticket_field_history": """
        ticket_id,field_name,updated,value,user_id
        1,status,2024-02-01 10:00:00,new,u1
        1,status,2024-02-01 10:05:00,open,s1
        1,status,2024-02-02 09:00:00,solved,s1
        1,status,2024-02-03 09:00:00,open,u1
        1,status,2024-02-04 09:00:00,solved,s2
        1,status,2024-02-08 09:00:00,closed,
        1,assignee_id,2024-02-01 10:05:00,s1,s1
        1,assignee_id,2024-02-03 12:00:00,s2,s1
        1,satisfaction_score,2024-02-01 10:00:00,unoffered,
        1,satisfaction_score,2024-02-02 20:00:00,offered,
        1,satisfaction_score,2024-02-02 21:00:00,good,u1
        1,satisfaction_score,2024-02-07 21:00:00,badwithcomment,u1
        2,status,2024-01-05 10:00:00,solved,s1
        3,status,2024-02-01 10:40:00,closed,s1
    """,
}
ACCOUNTS = [
    ("o1", "2024-01-01 08:00"),
    ("o4", "2024-01-04 08:00"),
]
INTERACTIONS = [
    ("o1", "2024-02-01 10:00", "complaint", "1", None),
    ("o1", "2024-02-01 10:30", "question", "1", None),  # ticket 3, merged into 1
    ("o1", "2024-02-01 11:00", "answer", "1", "s1"),
    ("o1", "2024-02-01 11:30", "note", "1", "s1"),
    ("o1", "2024-02-01 12:00", "reply", "1", None),
    ("o1", "2024-02-01 13:00", "answer", "1", "s2"),  # no agent any more, yet assigned
    ("o1", "2024-02-02 09:00", "resolution", "1", "s1"),
    ("o1", "2024-02-02 20:00", "survey_sent", "1", None),
    ("o1", "2024-02-03 09:00", "reopen", "1", None),
    ("o1", "2024-02-03 12:00", "transfer", "1", "s2"),
    ("o1", "2024-02-04 09:00", "resolution", "1", "s2"),
    ("o1", "2024-02-05 10:00", "question", "2", None),  # by the domain of mail
    ("o1", "2024-02-05 10:00", "resolution", "2", "s1"),  # solved before it was opened
    ("o1", "2024-02-06 10:00", "request", "5", None),  # o2 was merged into o1
]
SURVEYS = [
    ("o1", "2024-02-02 21:00", "people", 1, "s1"),
    ("o1", "2024-02-07 21:00", "people", 0, "s2"),
]
OF_INTERACTIONS = ("account_id", "occurred_at", "kind", "matter_id", "rep_id")


def require_as_worked_out(book):
    assert rows(book, "accounts", "account_id", "opened_at") == ACCOUNTS
    labels = [("o1", "Acme"), ("o4", "Calm")]
    assert rows(book, "labels", "account_id", "name") == labels
    assert rows(book, "interactions", *OF_INTERACTIONS) == INTERACTIONS
    surveys = ("account_id", "occurred_at", "item", "score", "rep_id")
    assert rows(book, "surveys", *surveys) == SURVEYS
    assert rows(book, "reps", "rep_id", "hired_at") == [("s1", "2023-05-01 09:00")]
    assert len(book.quarantine) == 0


def test_every_trap_of_an_export_of_fivetran(tmp_path):
    require_as_worked_out(book_of(write(tmp_path, EXPORT), "zendesk"))


def test_the_names_of_airbyte_and_of_other_files_are_the_same_export(tmp_path):
    renamed = {
        f"Zendesk_{name}s": text.replace("user_id,created,", "author_id,created_at,")
        for name, text in EXPORT.items()
        if name != "ticket_field_history"
    } | {"TicketFieldHistory": EXPORT["ticket_field_history"]}
    require_as_worked_out(book_of(write(tmp_path, renamed), "zendesk"))


def test_parquet_is_the_same_export(tmp_path):
    write(tmp_path, EXPORT)
    for name in EXPORT:
        file = tmp_path / f"{name}.csv"
        duckdb.sql(f"copy (from '{file}') to '{file.with_suffix('.parquet')}'")
        file.unlink()
    require_as_worked_out(book_of(tmp_path, "zendesk"))


def test_what_is_left_out_is_told(tmp_path):
    made = make_book(write(tmp_path, EXPORT), {"zendesk": None})
    assert made.told == [
        "organization_merge.csv lacks merged_at.",
        "Zendesk: deleted tickets, which are left out: 1.",
        "Zendesk: tickets of no organization, which are left out: 1.",
        "Zendesk: deleted organizations, which are left out with their tickets: 1.",
        "Zendesk: organizations merged nobody knows when, whose history is that of the other throughout: 1.",
        "Zendesk: comments on tickets that are left out or not in the export: 1.",
        "Zendesk: changes of a ticket before it was opened, which count at its opening: 1.",
    ]


def test_a_merger_with_a_date_is_one_from_then_on(tmp_path):
    merge = "loser_id,winner_id,created_at\no2,o1,2024-03-01 08:00:00\n"
    files = EXPORT | {"organization_merge": merge}
    with book_of(write(tmp_path, files), "zendesk") as book:
        assert rows(book, "merges", "from_id", "into_id", "known_at") == [
            ("o2", "o1", "2024-03-01 08:00")
        ]
        # o2 was an account of its own until then, with a request
        accounts = [account for (account,) in rows(book, "accounts", "account_id")]
        assert accounts == ["o1", "o2", "o4"]
        requests = "select account_id from raw_interactions where kind = 'request'"
        assert book.ask_files(requests) == [("o2",)]


def test_without_history_nothing_is_solved_and_nobody_was_asked(tmp_path):
    write(tmp_path, {name: EXPORT[name] for name in ("organization", "user", "ticket")})
    made = make_book(tmp_path, {"zendesk": None})
    book = book_of(tmp_path, "zendesk", overwrite=True)
    # o2's ticket: nothing tells that o2 is o1
    assert rows(book, "interactions", "account_id", "kind", "matter_id") == [
        ("o1", "complaint", "1"),
        ("o1", "question", "1"),
    ]
    assert "surveys" not in book.rows
    assert (
        "No ticket_field_history: when a ticket was solved or opened again, and who had it, is not known."
        in made.told
    )


def test_the_last_solution_is_known_of_the_metrics_of_tickets(tmp_path):
    files = {name: EXPORT[name] for name in ("organization", "user", "ticket")}
    files["ticket_metrics"] = (
        "ticket_id,solved_at\n1,2024-02-04T09:00:00Z\n3,2024-02-01T10:40:00Z\n"
    )
    book = book_of(write(tmp_path, files), "zendesk")
    assert rows(book, "interactions", "occurred_at", "kind", "matter_id") == [
        ("2024-02-01 10:00", "complaint", "1"),
        ("2024-02-01 10:30", "question", "1"),
        ("2024-02-04 09:00", "resolution", "1"),
    ]


def test_without_organizations_who_asks_without_one_is_an_account(tmp_path):
    book = book_of(write(tmp_path, {"tickets": EXPORT["ticket"]}), "zendesk")
    assert rows(book, "accounts", "account_id", "opened_at") == [
        ("o1", "2024-02-01 10:00"),
        ("o2", "2024-02-06 10:00"),
        ("o3", "2024-02-06 10:00"),
        ("u2", "2024-02-05 10:00"),
        ("u3", "2024-02-06 10:00"),
    ]


@pytest.mark.parametrize("score", ["offered", "unoffered", "received"])
def test_a_rating_that_was_not_given_is_no_answer(tmp_path, score):
    files = {name: EXPORT[name] for name in ("organization", "user", "ticket")}
    files["satisfaction_ratings"] = (
        f"id,ticket_id,score,updated_at\nr1,1,{score},2024-02-05T10:00:00Z\nr2,3,bad,2024-02-06T10:00:00Z\n"
    )
    book = book_of(write(tmp_path, files), "zendesk")
    assert rows(book, "surveys", "survey_id", "occurred_at", "score") == [
        ("rating r2", "2024-02-06 10:00", 0)
    ]


AIRBYTE = {
    "organizations": [
        {"id": 1, "created_at": "2024-01-01T08:00:00Z", "domain_names": ["acme.com"]},
        {
            "id": 2,
            "created_at": "2024-01-01T08:00:00Z",
            "domain_names": [],
            "deleted_at": "2024-02-01T08:00:00Z",
        },
    ],
    "users": [
        {"id": 7, "email": "Ann@acme.com", "role": "end-user"},
        {"id": 9, "email": "sam@us.com", "role": "agent"},
    ],
    "tickets": [
        {
            "id": 11,
            "created_at": "2024-02-01T10:00:00Z",
            "organization_id": None,
            "requester_id": 7,
            "assignee_id": 9,
            "via": {"channel": "email"},
        },
        {
            "id": 12,
            "created_at": "2024-02-01T10:00:00Z",
            "organization_id": 1,
            "requester_id": 7,
            "assignee_id": 9,
            "via": {"channel": "web"},
        },
    ],
    "deleted_tickets": [{"id": 12}],
    "ticket_comments": [
        {
            "id": 21,
            "ticket_id": 11,
            "author_id": 9,
            "created_at": "2024-02-01T11:00:00Z",
            "public": True,
        }
    ],
    "ticket_audits": [
        {
            "ticket_id": 11,
            "created_at": f"2024-02-0{day}T09:00:00Z",
            "author_id": 9,
            "events": [
                {"type": type_, "field_name": field, "value": value},
                {"type": "Notification", "field_name": None, "value": ["mail"]},
            ],
        }
        for day, type_, field, value in (
            (1, "Create", "status", "open"),
            (2, "Create", "assignee_id", "9"),
            (3, "Change", "status", "solved"),
            (4, "Change", "satisfaction_score", "offered"),
            (5, "Change", "satisfaction_score", "good"),
            (6, "Change", "status", "open"),
        )
    ],
}


def write_json_lines(folder, tables):
    for name, found in tables.items():
        lines = [json.dumps(row) for row in found]
        (folder / f"{name}.jsonl").write_text("\n".join(lines))
    return folder


def write_objects_as_texts(folder, tables):
    """As CSV has them: objects and lists as JSON."""
    for name, found in tables.items():
        texts = [
            {
                column: json.dumps(value) if isinstance(value, dict | list) else value
                for column, value in row.items()
            }
            for row in found
        ]
        pd.DataFrame(texts).astype("string").to_csv(folder / f"{name}.csv", index=False)
    return folder


@pytest.mark.parametrize(
    "written",
    [write_json_lines, pytest.param(write_objects_as_texts, marks=pytest.mark.slow)],
)
def test_the_streams_of_airbyte_tell_the_same_history(tmp_path, written):
    with book_of(written(tmp_path, AIRBYTE), "zendesk") as book:
        columns = ("account_id", "occurred_at", "kind", "matter_id", "rep_id")
        assert rows(book, "interactions", *columns, "channel") == [
            ("1", "2024-02-01 10:00", "question", "11", None, "email"),
            ("1", "2024-02-01 11:00", "answer", "11", "9", "email"),
            ("1", "2024-02-03 09:00", "resolution", "11", "9", None),
            ("1", "2024-02-04 09:00", "survey_sent", "11", None, None),
            ("1", "2024-02-06 09:00", "reopen", "11", None, None),
        ]
        surveys = ("account_id", "occurred_at", "item", "score", "rep_id")
        assert rows(book, "surveys", *surveys) == [
            ("1", "2024-02-05 09:00", "people", 1, "9")
        ]
        assert rows(book, "accounts", "account_id") == [("1",)]
        assert len(book.quarantine) == 0


def test_what_was_written_in_a_chat_is_of_its_ticket(tmp_path):
    needed = ("organization", "domain_name", "user", "ticket")
    files = {name: EXPORT[name] for name in needed} | {
        "ticket_chat": "chat_id,ticket_id\nx,2\nx,2\n",
        "ticket_chat_event": """
            chat_id,created_at,actor_id,type,original_message
            x,2024-02-05 10:01:00,__trigger,ChatMessage,
            x,2024-02-05 10:02:00,agent:5,ChatMessage,"{""source"":{""type"":""zd:answerBot""}}"
            x,2024-02-05 10:03:00,u2,ChatMessage,
            x,2024-02-05 10:04:00,agent:5,ChatJoin,
            x,2024-02-05 10:05:00,agent:5,ChatMessage,
            x,2024-02-05 10:06:00,s1,ChatMessage,
            y,2024-02-05 10:06:00,s1,ChatMessage,
        """,
    }
    with book_of(write(tmp_path, files), "zendesk") as book:
        found = rows(book, "interactions", "occurred_at", "kind", "rep_id", "channel")
        assert [row for row in found if row[3] == "chat"] == [
            ("2024-02-05 10:03", "reply", None, "chat"),
            ("2024-02-05 10:05", "answer", "5", "chat"),
            ("2024-02-05 10:06", "answer", "s1", "chat"),
        ]


@pytest.mark.slow
def test_the_chats_of_airbyte_have_their_words_and_ratings(tmp_path):
    history = [
        ("chat.memberjoin", "visitor", 0),
        ("chat.msg", "visitor", 1),
        ("chat.msg", "agent:trigger", 2),
        ("chat.msg", "agent:77", 3),
    ]
    chat = {
        "id": "x",
        "zendesk_ticket_id": 11,
        "agent_ids": ["9"],
        "rating": "bad",
        "history": [
            {"type": type_, "nick": nick, "timestamp": f"2024-02-01T10:0{minute}:00Z"}
            for type_, nick, minute in history
        ],
    }
    with book_of(
        write_json_lines(tmp_path, AIRBYTE | {"chats": [chat]}), "zendesk"
    ) as book:
        found = rows(book, "interactions", "occurred_at", "kind", "rep_id", "channel")
        assert [row for row in found if row[3] == "chat"] == [
            ("2024-02-01 10:01", "reply", None, "chat"),
            ("2024-02-01 10:03", "answer", "9", "chat"),
        ]
        surveys = ("occurred_at", "item", "score", "rep_id")
        assert ("2024-02-01 10:03", "people", 0, "9") in rows(book, "surveys", *surveys)


def test_the_list_of_tickets_that_zendesk_exports_itself(tmp_path):
    tickets = (
        "Id,Requester,Subject,Status,Via,Ticket type,Created at,Assignee,Organization,Solved at\n"
        "1,Ann,Help,Solved,Web,Incident,2024-02-01 10:00,Sam,Acme,2024-02-02 09:00\n"
        "2,Bob,Hi,Deleted,Mail,Question,2024-02-03 10:00,Sam,Acme,\n"
    )
    with book_of(write(tmp_path, {"tickets": tickets}), "zendesk") as book:
        columns = ("account_id", "occurred_at", "kind", "rep_id", "channel")
        assert rows(book, "interactions", *columns) == [
            ("Acme", "2024-02-01 10:00", "complaint", None, "Web"),
            ("Acme", "2024-02-02 09:00", "resolution", "Sam", None),
        ]
