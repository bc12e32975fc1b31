"""The files of an export: in which forms they may be, and what is wrong where one cannot be read."""

import json

import pytest
from exports import book_of, rows, write
from workbooks import write_workbook

from features.errors import BookError
from features.sources.connectors.making import make_book

TICKET = "id,created_at,requester_id\n1,2024-02-01 10:00:00,u1\n"
ROWS = [("u1", "2024-02-01 10:00")]


def require_the_ticket(folder):
    with book_of(folder, "zendesk") as book:
        assert rows(book, "interactions", "account_id", "occurred_at") == ROWS


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(TICKET, id="commas"),
        pytest.param(TICKET.replace(",", ";"), id="semicolons"),
        pytest.param("\ufeff" + TICKET, id="a mark of its encoding before it"),
        pytest.param(
            'id,created_at,requester_id,subject\n1,2024-02-01 10:00:00,u1,"a\nb, ""c"""\n',
            id="a field of two lines",
        ),
        pytest.param(
            TICKET.replace("created_at", "Created At").replace("id,", "Ticket ID,", 1),
            id="names in words",
        ),
    ],
)
def test_a_csv_file_is_read_however_it_is_written(tmp_path, text):
    (tmp_path / "ticket.csv").write_text(text, encoding="utf-8")
    require_the_ticket(tmp_path)


def test_json_lines_hold_lists_and_numbers(tmp_path):
    ticket = {
        "id": 1,
        "created_at": "2024-02-01T10:00:00Z",
        "requester_id": "u1",
        "merged_ticket_ids": [2],
    }
    (tmp_path / "tickets.jsonl").write_text(json.dumps(ticket) + "\n")
    require_the_ticket(tmp_path)


@pytest.mark.parametrize("ending", ["jsonl", "json"])
def test_json_of_many_columns_of_which_few_are_filled_has_them_all(tmp_path, ending):
    ticket = {"id": 1, "created_at": "2024-02-01T10:00:00Z", "requester_id": "u1"}
    wide = ticket | {f"custom_{number}": None for number in range(300)}
    (tmp_path / f"tickets.{ending}").write_text(json.dumps(wide) + "\n")
    require_the_ticket(tmp_path)


def test_a_workbook_is_read(tmp_path):
    lines = [line.split(",") for line in TICKET.splitlines()]
    write_workbook(tmp_path / "ticket.xlsx", ticket=lines)
    require_the_ticket(tmp_path)


def test_a_folder_of_parts_is_one_file(tmp_path):
    write(tmp_path / "ticket", {"part1": TICKET, "part2": TICKET.replace("\n1", "\n2")})
    with book_of(tmp_path, "zendesk") as book:
        assert book.rows["interactions"] == 2


def test_an_empty_file_is_none(tmp_path):
    (tmp_path / "ticket_comment.csv").write_text("")
    require_the_ticket(write(tmp_path, {"ticket": TICKET}))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"ticket": TICKET, "tickets": TICKET}, "found ticket.csv and tickets.csv"),
        ({"ticket": "id,requester_id\n1,u1\n"}, "expected one of created_at, created"),
    ],
)
def test_files_that_do_not_fit_are_an_error(tmp_path, files, said):
    with pytest.raises(BookError, match=said):
        make_book(write(tmp_path, files), {"zendesk": None})
    assert not (tmp_path / "book.toml").exists()


def test_a_file_that_the_book_would_read_itself_is_an_error(tmp_path):
    files = {
        "account": "Id,CreatedDate\nA1,2024-01-01\n",
        "case": "Id,AccountId,CreatedDate\nK1,A1,2024-02-01\n",
        "contracts": "Id,AccountId,StartDate,Status\nn1,A1,2024-02-01,Draft\n",
    }
    with pytest.raises(
        BookError, match=r"found contracts\.csv, which tells nothing of"
    ):
        make_book(write(tmp_path, files), {"salesforce": None})
    make_book(
        write(tmp_path / "book" / "salesforce", files).parent, {"salesforce": None}
    )


def test_what_is_left_of_a_book_is_plain_sql(tmp_path):
    make_book(write(tmp_path, {"ticket": TICKET}), {"zendesk": None})
    text = (tmp_path / "book.toml").read_text()
    ticket = """
    select
        id,
        try_cast(created_at as timestamptz) as created_at,
        cast(null as varchar) as organization_id,  -- not in ticket.csv
        requester_id,
"""
    assert f'zendesk_ticket = """{ticket}' in text
    assert "# Switched off" not in text
    assert "zendesk_ticket_comment" not in text
