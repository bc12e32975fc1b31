"""What dates, numbers and ids look like that are refused, and the SQL that is told to read them."""

from datetime import date

import pytest

from features.book.book import open_book
from features.engine import instant
from features.errors import QuarantineError


def write(folder, opened, value="1"):
    """Two accounts opened at two times, of which one bought something."""
    rows = "".join(
        f'{name},"{time}"\n' for name, time in zip("ab", opened, strict=True)
    )
    (folder / "accounts.csv").write_text(f"account_id,opened_at\n{rows}")
    (folder / "interactions.csv").write_text(
        f'account_id,occurred_at,kind,value\na,2025-02-01,purchase,"{value[0]}"\nb,2025-02-02,purchase,"{value[-1]}"\n'
    )
    return folder


def refusal(folder, **how):
    with pytest.raises(QuarantineError) as refused:
        open_book(folder, **how)
    return str(refused.value)


NOON = 43_200
DAY = instant(date(2024, 12, 31)) // 1_000_000

TIMES = [
    (("31/12/2024", "01/02/2024"), "DD/MM/YYYY", "strptime(opened_at, '%d/%m/%Y')", 0),
    (("31.12.2024", "1.2.2024"), "DD.MM.YYYY", "strptime(opened_at, '%d.%m.%Y')", 0),
    (("31-12-2024", "01-02-2024"), "DD-MM-YYYY", "strptime(opened_at, '%d-%m-%Y')", 0),
    (("31/12/24", "01/02/24"), "DD/MM/YY", "strptime(opened_at, '%d/%m/%y')", 0),
    (("12/31/2024", "01/02/2024"), "MM/DD/YYYY", "strptime(opened_at, '%m/%d/%Y')", 0),
    (
        ("31/12/2024 12:00", "01/02/2024 13:30"),
        "DD/MM/YYYY",
        "strptime(opened_at, '%d/%m/%Y %H:%M')",
        NOON,
    ),
    (
        ("12/31/2024 12:00:00 PM", "1/2/2024 1:30:00 AM"),
        "MM/DD/YYYY",
        "'%m/%d/%Y %I:%M:%S %p')",
        NOON,
    ),
    (
        ("2024-12-31 12:00 PM", "2024-01-02 01:30 AM"),
        "YYYY-MM-DD with am and pm",
        "'%Y-%m-%d %I:%M %p')",
        NOON,
    ),
    (("2024.12.31", "2024.01.02"), "YYYY.MM.DD", "strptime(opened_at, '%Y.%m.%d')", 0),
    (
        ("31-Dec-2024", "05-Jan-2024"),
        "DD-Mon-YYYY",
        "strptime(opened_at, '%d-%b-%Y')",
        0,
    ),
    (
        ("31 December 2024", "5 May 2024"),
        "DD Month YYYY",
        "strptime(opened_at, '%d %B %Y')",
        0,
    ),
    (
        ("Dec 31, 2024", "Jan 2, 2024"),
        "Mon DD, YYYY",
        "strptime(opened_at, '%b %d, %Y')",
        0,
    ),
    (
        ("December 31, 2024", "May 2, 2024"),
        "Month DD, YYYY",
        "strptime(opened_at, '%B %d, %Y')",
        0,
    ),
    (
        ("2024-12-31 14:00:00 +0200", "2024-01-02 09:00:00 -0500"),
        "YYYY-MM-DD hh:mm:ss and a zone after a blank",
        "%z')",
        NOON,
    ),
    (
        ("20241231T120000Z", "20240102T093000Z"),
        "YYYYMMDDThhmmss",
        "'%Y%m%dT%H%M%S')",
        NOON,
    ),
    (
        ("20241231", "20240102"),
        "YYYYMMDD",
        "strptime(cast(opened_at as varchar), '%Y%m%d')",
        0,
    ),
    (
        ("1735603200", "1704067200"),
        "seconds since 1970",
        "to_timestamp(cast(opened_at as bigint))",
        0,
    ),
    (
        ("1735603200000", "1704067200000"),
        "milliseconds since 1970",
        "epoch_ms(cast(opened_at as bigint))",
        0,
    ),
    (
        ("45657", "45292"),
        "Excel's count of days",
        "date '1899-12-30' + cast(opened_at as integer)",
        0,
    ),
    (
        ("1735603200", "1704067200.5"),
        "seconds since 1970",
        "to_timestamp(cast(opened_at as double))",
        0,
    ),
    (
        ("45657.5", "45292"),
        "Excel's count of days",
        "timestamp '1899-12-30' + to_microseconds",
        NOON,
    ),
    (
        ("45657.5", "45292.25"),
        "Excel's count of days",
        "timestamp '1899-12-30' + to_microseconds",
        NOON,
    ),
]


@pytest.mark.parametrize(
    ("opened", "shown", "sql", "clock"), TIMES, ids=[case[0][0] for case in TIMES]
)
def test_a_time_is_refused_with_its_pattern_and_the_sql_that_reads_it(
    tmp_path, opened, shown, sql, clock
):
    said = refusal(write(tmp_path, opened))
    assert f"opened_at looks like {shown}: write " in said
    assert sql in said
    assert opened[0] not in said
    told = said.split(": write ")[1].removesuffix(" in a query of book.toml")
    query = f"select account_id, {told} as opened_at from read_csv('accounts.csv', all_varchar = true)"
    (tmp_path / "book.toml").write_text(f'[tables]\naccounts = """{query}"""')
    mended = open_book(tmp_path, max_bad_share=0.0).connection
    assert mended.execute(
        "select opened_us // 1000000 from accounts where account_id = 'a'"
    ).fetchall() == [(DAY + clock,)]


def test_days_and_months_that_the_values_do_not_tell_apart_are_said_to_be_so(tmp_path):
    said = refusal(write(tmp_path, ("03/04/2024", "05/06/2024")))
    assert (
        "looks like DD/MM/YYYY or MM/DD/YYYY, which its values do not tell apart"
        in said
    )
    assert "'%d/%m/%Y'" in said
    assert "'%m/%d/%Y'" in said


def test_what_is_no_pattern_is_refused_without_one(tmp_path):
    assert "looks like" not in refusal(write(tmp_path, ("31/12/2024", "12/31/2024")))
    assert "looks like" not in refusal(write(tmp_path, ("soon", "later")))
    assert "looks like" not in refusal(write(tmp_path, ("9999-12-31", "2024-02-30")))


@pytest.mark.parametrize("value", ["(12.50)", "12.50-", "\u22125", "$ (12)"])
def test_numbers_below_zero_in_another_form_are_not_read_without_their_sign(
    tmp_path, value
):
    said = refusal(write(tmp_path, ("2024-01-01", "2024-01-02"), (value, value)))
    assert (
        "value has numbers below zero as (9.99), 9.99- or with another dash: write them as -9.99"
        in said
    )
    assert "looks like" not in said


@pytest.mark.parametrize(
    ("value", "shown", "read"),
    [
        ("12,50", "9,99, a decimal comma", 12.5),
        ("1.234,50", "9.999,99", 1234.5),
        ("1,234.50", "9,999.99", 1234.5),
        ("€ 12,50", "9,99, a decimal comma beside signs that are no digits", 12.5),
        ("$1,234.50", "9,999.99 beside signs", 1234.5),
        ("12.50 EUR", "9.99 beside signs", 12.5),
    ],
)
def test_a_number_is_refused_with_its_pattern_and_the_sql_that_reads_it(
    tmp_path, value, shown, read
):
    said = refusal(write(tmp_path, ("2024-01-01", "2024-01-02"), (value, value)))
    assert f"value looks like {shown}" in said
    told = said.split(": write ")[1].removesuffix(" in a query of book.toml")
    query = f"select * replace ({told} as value) from read_csv('interactions.csv', all_varchar = true)"
    (tmp_path / "book.toml").write_text(f'[tables]\ninteractions = """{query}"""')
    assert open_book(tmp_path).connection.execute(
        "select distinct value from interactions"
    ).fetchall() == [(read,)]


def test_a_comma_that_may_part_thousands_or_decimals_is_said_to_be_so(tmp_path):
    said = refusal(write(tmp_path, ("2024-01-01", "2024-01-02"), ("1,234", "2,500")))
    assert "the comma may part thousands or decimals" in said


@pytest.mark.parametrize(
    ("here", "there", "how"),
    [
        ("1001", "1001.0", "end in .0"),
        ("1001.0", "1001", "end in .0"),
        ("7", "007", "zeros in front"),
        ("A", "a", "upper"),
    ],
)
def test_ids_that_are_nearly_those_of_accounts_are_told(tmp_path, here, there, how):
    (tmp_path / "accounts.csv").write_text(f"account_id,opened_at\n{here},2024-01-01\n")
    (tmp_path / "interactions.csv").write_text(
        f"account_id,occurred_at,kind\n{there},2024-02-01,visit\n"
    )
    said = refusal(tmp_path)
    assert "account_id: 1 ids are those of accounts but that one or the other" in said
    assert how in said


def test_nobody_is_advised_to_allow_more_where_most_is_bad(tmp_path):
    write(tmp_path, ("soon", "2024-01-02"))
    assert "--max-bad-share" in refusal(tmp_path, max_bad_share=0.4)
    write(tmp_path, ("soon", "later"))
    assert "--max-bad-share" not in refusal(tmp_path)


def test_the_pattern_of_few_bad_rows_is_told_as_well(tmp_path):
    book = open_book(write(tmp_path, ("31/12/2024", "2024-01-02")), max_bad_share=1.0)
    assert list(book.hints) == ["accounts"]
    assert "opened_at looks like DD/MM/YYYY" in book.hints["accounts"][0]


@pytest.mark.parametrize(
    ("values", "shown", "sql"),
    [
        (("1.234,50", "7,25"), "9,99, a decimal comma", None),
        (
            ("1.234,50", "12.000,00"),
            "9.999,99",
            "try_cast(replace(replace(turnover, '.', ''), ',', '.') as double)",
        ),
        (
            ("1,234.50", "12,000.00"),
            "9,999.99",
            "try_cast(replace(turnover, ',', '') as double)",
        ),
        (
            ("7,25", "12,5"),
            "9,99, a decimal comma",
            "try_cast(replace(turnover, ',', '.') as double)",
        ),
        (
            ("1,234", "12,000"),
            "9,999",
            "try_cast(replace(turnover, ',', '') as double)",
        ),
        (
            ("€ 7,25", "€ 12,5"),
            "9,99, a decimal comma beside signs",
            "regexp_replace(turnover, ",
        ),
        (("Main St 12, 80331", "High St 7, 10115"), None, None),
        (("retail, food", "retail, shoes"), None, None),
    ],
)
def test_a_fact_of_numbers_with_commas_is_told_by_its_pattern(
    tmp_path, values, shown, sql
):
    rows = "".join(
        f'{name},2024-01-01,"{value}"\n'
        for name, value in zip("ab", values, strict=True)
    )
    (tmp_path / "accounts.csv").write_text(f"account_id,opened_at,turnover\n{rows}")
    (tmp_path / "interactions.csv").write_text(
        "account_id,occurred_at,kind\na,2025-02-01,purchase\n"
    )
    hints = open_book(tmp_path).hints.get("accounts", [])
    if sql is None:
        assert hints == []
    else:
        (said,) = hints
        assert said.startswith(f"turnover looks like {shown}") and sql in said
