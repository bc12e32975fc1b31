"""Rows of a request are cleaned over arrays as those of a book are in SQL: the same are refused, the same kept."""

import math
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from conftest import write_book
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from features import engine
from features.book.book import open_book
from features.book.loading import load_empty
from features.book.raw import column_names
from features.cleaning.arrays.names import unknown_names_of
from features.cleaning.arrays.request import ASKED
from features.cleaning.arrays.rows import request_of_rows
from features.cleaning.normalised import normalised_sql
from features.cleaning.repeats import placed_sql
from features.cleaning.rows import typed_sql
from features.cleaning.values import blank, blankable
from features.snapshot.frame import snapshot_of_pairs, vector_hashes
from features.snapshot.of_request import LiveBook
from features.themes.dictionary import FEATURES
from features.utc import instant
from features.vocabulary.contract import TABLES
from features.vocabulary.items import ITEMS
from features.vocabulary.kinds import KINDS
from features.vocabulary.names import unknown_names, unknown_sql
from features.vocabulary.vocabularies import VOCABULARIES

NO_SHRINKING = [Phase.explicit, Phase.reuse, Phase.generate]
"""Each try is a dozen statements, and shrinking takes thousands."""
FACTS = {"market": "text", "employees": "number"}
TYPES = {
    "text": "varchar",
    "time": "timestamptz",
    "number": "double",
    "flag": "boolean",
}


class InSql:
    """The rules in SQL, on tables that are filled anew."""

    def __init__(self):
        self.connection = engine.connect(threads=1)
        self.connection.execute("pragma disable_optimizer")
        self.types = {}
        self.connection.execute("create table merged (from_id varchar)")
        for table in TABLES:
            load_empty(self.connection, table, FACTS if table == "accounts" else None)
        for table in ASKED:
            self._make(table, FACTS if table == "accounts" else {})

    def _make(self, table, facts):
        types = {column.name: TYPES[column.type] for column in TABLES[table].columns}
        types |= {name: TYPES[type_] for name, type_ in facts.items()}
        columns = ", ".join(f"{name} {type_}" for name, type_ in types.items())
        self.connection.execute(f"create table raw_{table} ({columns})")
        typed = typed_sql(table, f"raw_{table}", types, facts)
        self.connection.execute(f"create view typed_{table} as {typed}")
        numbered = normalised_sql(table, f"typed_{table}", list(facts), numbered=True)
        names = column_names(self.connection, table)
        placed = placed_sql(table, numbered, names)
        once = f"select {', '.join(names)} from ({placed}) where repeated is null"
        self.connection.execute(f"create view once_{table} as {once}")
        self.types[table] = types

    def cleaned(self, tables):
        """The fields that are refused, the clean rows by table, and the unknown names."""
        refused, kept = set(), {}
        for table, types in self.types.items():
            self.connection.execute(f"truncate raw_{table}")
            self.connection.execute(f"truncate {table}")
            columns = [[row.get(name) for row in tables[table]] for name in types]
            unnested = ", ".join(f"unnest(?::{type_}[])" for type_ in types.values())
            self.connection.execute(
                f"insert into raw_{table} select {unnested}", columns
            )
            refused |= _refused(self.connection, table, types)
            self.connection.execute(f"insert into {table} from once_{table}")
            kept[table] = self.connection.execute(f"from {table}").fetchall()
        unknown = unknown_names(unknown_sql(), engine.runner(self.connection))
        return refused, kept, unknown


@pytest.fixture(scope="module")
def in_sql():
    return InSql()


def _refused(connection, table, types):
    found = set()
    for column in blankable(table, types):
        query = (
            f"select row from typed_{table} where problem is null and {blank(column)}"
        )
        rows = connection.execute(query).fetchall()
        found |= {(table, row, column.name) for (row,) in rows}
    query = f"select row, problem from typed_{table} where problem is not null"
    for row, problem in connection.execute(query).fetchall():
        found.add((table, row, problem.split(": ")[0]))
    return found


def first_refused(request):
    """The fields that are refused over arrays, of each row the first; what a book blanks beside it is not asked."""
    return {
        (table, int(row) + 1, flaw.field)
        for table, rows in request.tables.items()
        for flaw in rows.flaws
        for row in flaw.rows
    }


def plain(columns):
    """Clean rows as tuples, as a query gives them."""
    lists = [
        [None if value != value else value for value in np.asarray(values).tolist()]
        for values in columns.values()
    ]
    return list(zip(*lists, strict=True))


def require_the_same(in_sql, tables):
    """Demands the same refusals of both forms, or the same clean rows and unknown names."""
    refused, kept, unknown = in_sql.cleaned(tables)
    request = request_of_rows(tables, FACTS)
    mine = first_refused(request)
    assert {row[:2] for row in mine} == {row[:2] for row in refused}
    assert refused <= mine
    if mine:
        return
    clean = request.clean(FACTS)
    for table, rows in clean.items():
        assert sorted(plain(rows), key=repr) == sorted(kept[table], key=repr), table
    assert [n.facts() for n in unknown_names_of(clean, VOCABULARIES)] == [
        n.facts() for n in unknown
    ]


def bounds(table, name):
    return next((c.low, c.high) for c in TABLES[table].columns if c.name == name)


def numbers(table, name):
    """Numbers around the bounds of a column, none and no numbers among them."""
    low, high = bounds(table, name)
    edges = [low, high, 0.0, -0.0, 5e-324, 1.0, math.nan, math.inf, -math.inf]
    edges += [math.nextafter(low, -math.inf), math.nextafter(high, math.inf)]
    return st.none() | st.sampled_from(edges) | st.floats(low, high)


NEW_YEARS = [1899, 1900, 1969, 1970, 1971, 2024, 2100, 2101]
MOMENTS = [
    datetime(year, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros)
    for year in NEW_YEARS
    for micros in (-1, 0, 1)
]
ZONES = [UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=9, minutes=30))]
NOON = datetime(2024, 2, 1, 12, tzinfo=UTC)
TIMES = (
    st.sampled_from([NOON, datetime(2024, 2, 1, tzinfo=UTC)])
    | st.sampled_from(MOMENTS)
    | st.integers(0, 4 * 366 * 24).map(lambda hours: NOON + timedelta(hours=hours))
    | st.sampled_from(ZONES).map(NOON.astimezone)
)
TEXTS = st.none() | st.sampled_from(
    [
        "a",
        " a ",
        "a\t",
        "\u00a0a\n",
        "",
        "  ",
        "\r",
        "é",
        "e\u0301",
        "😀",
        "\x00",
        "'",
        '"',
        "\u202e",
        "A",
    ]
)
ACCOUNTS = st.sampled_from(["a", "a", "b", "b", "c", "", None])
REQUIRED_NOON = st.just(NOON) | TIMES | st.none()


def rows(required, **optional):
    """Rows of a table, few enough values of each field that some rows are the same."""
    row = st.fixed_dictionaries(required, optional=optional)
    return st.lists(row, max_size=6).flatmap(
        lambda some: (
            st.lists(st.sampled_from(some), max_size=4).map(some.__add__)
            if some
            else st.just(some)
        )
    )


TABLES_OF_REQUESTS = st.fixed_dictionaries(
    {
        "accounts": st.just(
            [
                {"account_id": "b", "opened_at": NOON, "employees": 7.0},
                {"account_id": "a", "opened_at": NOON, "market": " north "},
            ]
        ),
        "interactions": rows(
            {
                "account_id": ACCOUNTS,
                "occurred_at": REQUIRED_NOON,
                "kind": st.sampled_from(
                    ["purchase", "purchase", "cancellation", "delivery", "Visit", "x"]
                )
                | st.sampled_from(sorted(KINDS))
                | TEXTS,
            },
            known_at=TIMES | st.none(),
            interaction_id=TEXTS,
            rep_id=TEXTS,
            channel=TEXTS,
            matter_id=TEXTS,
            value=numbers("interactions", "value"),
            minutes=numbers("interactions", "minutes"),
            sentiment=numbers("interactions", "sentiment"),
            items=numbers("interactions", "items"),
        ),
        "surveys": rows(
            {
                "account_id": ACCOUNTS,
                "occurred_at": REQUIRED_NOON,
                "item": st.sampled_from([*ITEMS, "nps", "parking"]) | TEXTS,
                "score": st.sampled_from([0.0, 1.0, 5.0, 7.0, 10.0])
                | numbers("surveys", "score"),
            },
            known_at=TIMES | st.none(),
            survey_id=TEXTS,
            response_id=TEXTS,
            scale_min=st.sampled_from([0.0, 1.0, -1.0])
            | numbers("surveys", "scale_min"),
            scale_max=st.sampled_from([10.0, 5.0, 7.0])
            | numbers("surveys", "scale_max"),
            higher_is_better=st.none() | st.booleans(),
            source=TEXTS,
            rep_id=TEXTS,
            weight=numbers("surveys", "weight"),
        ),
        "contracts": rows(
            {"account_id": ACCOUNTS, "starts_at": REQUIRED_NOON},
            ends_at=TIMES | st.none(),
            known_at=TIMES | st.none(),
            contract_id=TEXTS,
            value=numbers("contracts", "value"),
            plan=TEXTS,
            seats=numbers("contracts", "seats"),
            auto_renews=st.none() | st.booleans(),
        ),
        "scheduled": rows(
            {
                "account_id": ACCOUNTS,
                "scheduled_at": REQUIRED_NOON,
                "known_at": REQUIRED_NOON,
            },
            scheduled_id=TEXTS,
            kind=TEXTS,
            cancelled=st.none() | st.booleans(),
        ),
        "reps": st.just([{"rep_id": "a", "hired_at": NOON, "style": "Pounder"}]),
        "markets": rows(
            {
                "market": st.sampled_from(["north", "South", None]),
                "occurred_at": REQUIRED_NOON,
                "kind": st.sampled_from(["competitor_entered", "competitor", " "]),
            }
        ),
    }
)


@settings(max_examples=30, deadline=None, phases=NO_SHRINKING)
@given(TABLES_OF_REQUESTS)
def test_whatever_rows_there_are_both_forms_refuse_or_keep_the_same(in_sql, tables):
    require_the_same(in_sql, tables)


def without_refused(tables):
    """The tables without the rows that are refused, so that what is kept is compared as well."""
    bad = {row[:2] for row in first_refused(request_of_rows(tables, FACTS))}
    return {
        table: [
            row for place, row in enumerate(some, start=1) if (table, place) not in bad
        ]
        for table, some in tables.items()
    }


@settings(max_examples=20, deadline=None, phases=NO_SHRINKING)
@given(TABLES_OF_REQUESTS.map(without_refused))
def test_of_good_rows_both_forms_keep_the_same_and_tell_the_same_names(in_sql, tables):
    require_the_same(in_sql, tables)


def in_utc(row):
    """A row as a file holds it: its times in one zone."""
    return {
        name: value.astimezone(UTC) if isinstance(value, datetime) else value
        for name, value in row.items()
    }


@pytest.mark.slow
@settings(max_examples=60, deadline=None, phases=NO_SHRINKING)
@given(TABLES_OF_REQUESTS.map(without_refused), st.sampled_from([*MOMENTS, NOON]))
def test_of_random_histories_a_book_and_a_request_have_the_same_features(
    tmp_path_factory, tables, moment
):
    assume(tables["interactions"])
    written = {
        table: [in_utc(row) for row in some] for table, some in tables.items() if some
    }
    folder = write_book(tmp_path_factory.mktemp("book"), **written)
    book = open_book(folder, max_bad_share=1.0)
    as_of = instant(moment)
    pairs = pd.DataFrame({"account_id": ["a", "b"], "as_of_us": as_of})
    of_book = snapshot_of_pairs(book, pairs)
    of_request = LiveBook(book.facts).snapshot(as_of, tables)
    names = list(FEATURES)
    differing = [name for name in names if not of_book[name].equals(of_request[name])]
    assert differing == []
    assert vector_hashes(of_book, names) == vector_hashes(of_request, names)
