"""Zendesk: what an export of a few rows says, worked out by hand."""

import duckdb
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
