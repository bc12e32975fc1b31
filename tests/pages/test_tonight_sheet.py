"""Tonight as sheets: what people read first, rounded, and no text that is a formula."""

from io import BytesIO
from zipfile import ZipFile

from python_calamine import load_workbook
from told import account, told

from pages.spreadsheet import as_csv
from pages.tonight.sheet import list_sheet, workbook

FULL = account(
    "007",
    name="=1+1",
    owner="Ann",
    risk=0.3149,
    change_1d=-0.0251,
    why_30d=["Gone quiet", "What they buy"],
    silent=True,
    value=1234.56,
    left=9,
    renewal=12.4,
    last=["2026-11-11", "question", 0, None, "phone", None],
    reasons=["One", "Two"],
)


def test_what_people_read_first_is_rounded():
    (row,) = list_sheet([FULL]).to_dict("records")
    assert [row[name] for name in ("rank", "account_id", "name", "owner")] == [
        1,
        "007",
        "=1+1",
        "Ann",
    ]
    assert (row["risk"], row["change_since_last_night"]) == (0.31, -0.03)
    assert (row["worth_a_year"], row["days_left"], row["renewal_in_days"]) == (
        1235,
        9,
        12,
    )
    assert (row["moved_by"], row["would_leave"]) == (
        "Gone quiet; What they buy",
        "silently",
    )
    assert (row["last_contact"], row["last_contact_was"]) == ("2026-11-11", "question")
    assert [row[f"reason_{n}"] for n in (1, 2, 3)] == ["One", "Two", None]
    assert (row["change_in_30_days"], row["contact"], row["to_gain"]) == (
        None,
        None,
        None,
    )


def test_an_empty_list_has_its_columns():
    assert list(list_sheet([])) == list(list_sheet([FULL]))
    assert as_csv(list_sheet([])).startswith('"rank","account_id","name"')


def test_the_workbook_has_a_sheet_for_each_part_and_formulas_in_none():
    gone = {
        "account_id": "w",
        "left": "2026-08-01",
        "value": 1200.0,
        "fits": "=HYPERLINK(1)",
    }
    given = told([FULL, account("b")], 1, win_back=[gone])
    book = load_workbook(BytesIO(workbook(given)))
    assert book.sheet_names == ["The list", "The rest in order", "Movers", "Win back"]
    head, first = book.get_sheet_by_name("The list").to_python()
    assert head[:4] == ["rank", "account id", "name", "owner"]
    assert first[:4] == [1.0, "007", "=1+1", "Ann"]
    assert book.get_sheet_by_name("The rest in order").to_python()[1][1] == "b"
    assert book.get_sheet_by_name("Win back").to_python()[1] == [
        "w",
        "2026-08-01",
        1200.0,
        "=HYPERLINK(1)",
    ]
    assert book.get_sheet_by_name("Movers").to_python() == []


def test_no_sheet_holds_a_formula_or_a_link():
    given = told(
        [account("b", link="https://crm.example.com/b", name="@SUM(1)"), FULL], 2
    )
    with ZipFile(BytesIO(workbook(given))) as parts:
        sheets = [
            parts.read(name) for name in parts.namelist() if "worksheets/" in name
        ]
    assert len(sheets) == 4
    assert [sheet for sheet in sheets if b"<f>" in sheet or b"hyperlink" in sheet] == []


def test_the_same_night_gives_the_same_workbook():
    assert workbook(told([FULL], 1)) == workbook(told([FULL], 1))
