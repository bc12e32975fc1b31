"""Columns of ours written in other letters: required ones are an error, optional ones a warning."""

import pytest

from features.book.book import open_book
from features.errors import BookError


def write(folder, **tables):
    for table, (header, row) in tables.items():
        (folder / f"{table}.csv").write_text(f"{header}\n{row}\n")
    return folder


ACCOUNTS = ("account_id,opened_at", "a,2024-01-01")
VISIT = ("account_id,occurred_at,kind", "a,2024-02-01,visit")


@pytest.mark.parametrize(
    "name", ["Account_ID", "ACCOUNT_ID", "accountId", "account id", "Account-Id"]
)
def test_a_required_column_in_other_letters_is_named(tmp_path, name):
    write(tmp_path, accounts=(f"{name},opened_at", "a,2024-01-01"), interactions=VISIT)
    with pytest.raises(BookError) as refused:
        open_book(tmp_path)
    assert vars(refused.value) == {
        "where": "table accounts",
        "found": f"the columns {name}, opened_at",
        "expected": "account_id",
        "mend": f"rename {name} to account_id",
    }


def test_a_required_column_of_which_nothing_is_near_is_asked_for(tmp_path):
    write(tmp_path, accounts=("customer,opened_at", "a,2024-01-01"), interactions=VISIT)
    with pytest.raises(BookError, match="add or rename the columns"):
        open_book(tmp_path)


def test_a_part_of_a_table_is_asked_alike(tmp_path):
    write(tmp_path, accounts=ACCOUNTS)
    (tmp_path / "interactions").mkdir()
    write(
        tmp_path / "interactions",
        p1=VISIT,
        p2=("account_id,occurred_at,Kind,value", "a,2024-02-01,visit,1"),
    )
    with pytest.raises(BookError, match=r"part p2.csv.*rename Kind to kind"):
        open_book(tmp_path)


def test_optional_columns_in_other_letters_are_warned_of(tmp_path):
    write(
        tmp_path,
        accounts=("account_id,opened_at,Market,city", "a,2024-01-01,north,Bonn"),
        interactions=(
            "account_id,occurred_at,kind,Known_At,Interaction ID,note",
            "a,2024-02-01,visit,2024-02-02,i,n",
        ),
    )
    book = open_book(tmp_path)
    assert [(near.table, near.column, near.meant) for near in book.misnamed] == [
        ("accounts", "Market", "market"),
        ("interactions", "Known_At", "known_at"),
        ("interactions", "Interaction ID", "interaction_id"),
    ]
    assert (
        "table interactions: the column Known_At is not read; if it is known_at, name it so"
        in book.warnings
    )
    assert [named["column"] for named in book.losses.facts()["misnamed_columns"]][
        1
    ] == "Known_At"


def test_a_column_beside_the_one_that_it_resembles_is_no_warning(tmp_path):
    write(
        tmp_path,
        accounts=ACCOUNTS,
        interactions=(
            "account_id,occurred_at,kind,known_at,knownat",
            "a,2024-02-01,visit,2024-02-02,x",
        ),
    )
    assert open_book(tmp_path).misnamed == ()
