"""Several exports in one book: ids of each source, accounts matched by domain."""

import pytest
from exports import rows, write

from features.book.book import open_book
from features.errors import BookError
from features.sources.connectors.making import make_book

SALESFORCE = {
    "account": """
        id,name,created_date,website,industry
        1,Acme,2024-01-10,acme.com,Food
        2,Acme Spain,2024-01-05,http://www.acme.com/es,Food
        3,Bolt,2024-01-06,bolt.io,
        4,Mail,2024-01-07,gmail.com,
    """,
    "contact": """
        id,account_id,email
        7,3,bo@bolt.eu
    """,
    "opportunity": """
        id,account_id,created_date,close_date,amount,type,stage_name,is_won,is_closed
        1,3,2024-02-01,2024-02-10,100,New,Won,true,true
        2,1,2024-02-01,2024-05-10,100,Renewal,Lost,false,true
    """,
}
ZENDESK = {
    "organization": """
        id,created_at,name
        1,2024-01-08,ACME Corp
        2,2024-01-09,Bolt EU
        3,2024-01-09,Calm
        4,2024-01-09,Post
    """,
    "domain_name": """
        organization_id,domain_name
        1,other.com
        1,ACME.com
        2,bolt.eu
        4,gmail.com
    """,
    "ticket": """
        id,created_at,organization_id,requester_id,assignee_id
        1,2024-03-01 10:00:00,1,7,9
        2,2024-03-02 10:00:00,2,7,9
        3,2024-03-03 10:00:00,3,7,9
    """,
    "ticket_comment": """
        id,ticket_id,author_id,created_at
        1,1,9,2024-03-01 11:00:00
    """,
}


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "salesforce", SALESFORCE)
    write(tmp_path / "zendesk", ZENDESK)
    return tmp_path


def book_of_both(folder, **how):
    make_book(folder, {"salesforce": None, "zendesk": None}, **how)
    return open_book(folder, max_bad_share=0)


def test_accounts_of_one_domain_are_one_and_ids_have_their_source(folder):
    with book_of_both(folder, match_domains=True) as book:
        # 1 and 2 of Salesforce share a domain and stay two: the organization is the first of them. 4 have but gmail.com
        columns = ("account_id", "opened_at", "industry")
        assert rows(book, "accounts", *columns) == [
            ("salesforce:1", "2024-01-08 00:00", "Food"),
            ("salesforce:2", "2024-01-05 00:00", "Food"),
            ("salesforce:3", "2024-01-06 00:00", None),
            ("salesforce:4", "2024-01-07 00:00", None),
            ("zendesk:3", "2024-01-09 00:00", None),
            ("zendesk:4", "2024-01-09 00:00", None),
        ]
        columns = ("account_id", "kind", "interaction_id", "matter_id", "rep_id")
        assert rows(book, "interactions", *columns) == [
            ("salesforce:1", "answer", "zendesk:comment 1", "zendesk:1", "zendesk:9"),
            ("salesforce:1", "question", "zendesk:ticket 1", "zendesk:1", None),
            ("salesforce:3", "purchase", "salesforce:opportunity 1", None, None),
            ("salesforce:3", "question", "zendesk:ticket 2", "zendesk:2", None),
            ("zendesk:3", "question", "zendesk:ticket 3", "zendesk:3", None),
        ]
        assert rows(book, "departures", "account_id", "occurred_at") == [
            ("salesforce:1", "2024-05-10 00:00")
        ]
        assert len(book.quarantine) == 0


def test_the_source_that_is_named_first_leads(folder):
    sources = {"zendesk": None, "salesforce": None}
    make_book(folder, sources, match_domains=True)
    with open_book(folder, max_bad_share=0) as book:
        # both accounts of acme.com are the one organization
        assert rows(book, "labels", "account_id", "name") == [
            ("salesforce:4", "Mail"),
            ("zendesk:1", "ACME Corp"),
            ("zendesk:2", "Bolt EU"),
            ("zendesk:3", "Calm"),
            ("zendesk:4", "Post"),
        ]


def test_without_a_match_every_account_stays(folder):
    with book_of_both(folder) as book:
        assert book.rows["accounts"] == 8


def test_mergers_are_those_of_the_accounts_that_ids_belong_to(folder):
    merge = "loser_id,winner_id,created_at\n3,1,2024-04-01\n2,1,2024-04-01\n"
    write(folder / "zendesk", {"organization_merge": merge})
    with book_of_both(folder, match_domains=True) as book:
        # the organizations 1 and 2 are accounts 1 and 3 of Salesforce
        assert rows(book, "merges", "from_id", "into_id") == [
            ("salesforce:3", "salesforce:1"),
            ("zendesk:3", "salesforce:1"),
        ]


def test_a_rep_is_one_by_the_address_of_mail_alone(folder):
    users = "id,name,email,created_date\n5,Sam,Sam@us.com,2023-05-01\n6,Sue,sue@us.com,2023-01-01\n"
    agents = (
        "id,name,email,role,created_at\n9,Samuel,sam@US.com,agent,2022-01-01\n"
        "8,Sue,s@us.com,agent,2022-06-01\n7,Zoe,zoe@acme.com,end-user,2022-06-01\n"
    )
    write(folder / "salesforce", {"user": users})
    write(folder / "zendesk", {"user": agents})
    with book_of_both(folder, match_domains=True) as book:
        assert rows(book, "reps", "rep_id", "hired_at") == [
            ("salesforce:5", "2022-01-01 00:00"),
            ("salesforce:6", "2023-01-01 00:00"),
            ("zendesk:8", "2022-06-01 00:00"),
        ]
        answers = "select rep_id from raw_interactions where kind = 'answer'"
        assert book.ask_files(answers) == [("salesforce:5",)]
        assert "mail" not in (book.ask_files("describe raw_reps")[0])
    with book_of_both(folder, overwrite=True) as book:
        assert book.rows["reps"] == 4


def test_a_source_without_domains_stays_by_itself(folder):
    incident = "number,caller_id,opened_at\n1,c1,2024-02-01 10:00:00\n"
    write(folder / "servicenow", {"incident": incident})
    sources = dict.fromkeys(["servicenow", "salesforce", "zendesk"])
    make_book(folder, sources, match_domains=True)
    with open_book(folder, max_bad_share=0) as book:
        # six of both others, as above, and the caller
        assert book.rows["accounts"] == 7
        callers = "select account_id from accounts where account_id like 'servicenow%'"
        assert book.ask(callers) == [("servicenow:c1",)]


def test_a_match_of_fewer_than_two_sources_is_an_error(folder):
    incident = "number,caller_id,opened_at\n1,c1,2024-02-01 10:00:00\n"
    write(folder / "servicenow", {"incident": incident})
    sources = dict.fromkeys(["servicenow", "zendesk"])
    with pytest.raises(BookError, match="found domains of zendesk alone"):
        make_book(folder, sources, match_domains=True)
