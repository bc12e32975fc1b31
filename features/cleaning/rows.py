"""What makes a row bad, and the one form in which good rows are kept: as SQL, for a book and a request alike.

A table goes through two statements. `typed_sql` reads the raw columns as the contract's types, blanks optional values
that cannot be read, and names the first problem of each row; `normalised_sql` brings the rows without one into the form
that `features.past.sources` reads: instants as whole microseconds, kinds as codes, scores on 0 to 10.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from features.cleaning.repeats import IDS
from features.engine import DUCKDB, Dialect
from features.vocabulary.contract import JOINED_FACTS, TABLES, Column
from features.vocabulary.items import ITEMS
from features.vocabulary.kinds import KINDS, counted_sql

EARLIEST_YEAR, LATEST_YEAR = 1900, 2100
EXPECTED = {
    "text": "a text",
    "time": f"a time between {EARLIEST_YEAR} and {LATEST_YEAR}, and not in 1970",
    "number": "a finite number",
    "flag": "true or false",
}


def typed_sql(
    table: str,
    raw: str,
    present: Mapping[str, str],
    facts: Mapping[str, str] = {},
    dialect: Dialect = DUCKDB,
) -> str:
    """SQL giving a raw table's rows in the contract's types, each with its ``row`` number and its first ``problem``.

    Args:
        table: a name of the contract.
        raw: the relation to read.
        present: the columns that it has, each with its SQL type; the contract's others are null.
        facts: columns of accounts to keep, each ``"number"`` or ``"text"``.
        dialect: of the engine.

    Returns:
        A select with ``row`` (from 1), the typed columns, the facts and ``problem``: null for a good row, otherwise
        ``field: expected``; for the columns that are `blankable` ``has_{column}``, whether there was a value, and
        ``mistyped_{column}``, whether it was one in another notation.
    """
    columns = TABLES[table].columns
    typed = [
        f"{_typed(column, present, dialect)} as {column.name}" for column in columns
    ]
    kept = [_fact(fact, type_, present, dialect) for fact, type_ in facts.items()]
    names = [dialect.quoted(fact) for fact in facts]
    if table == "accounts":
        kept += [
            f"cast(null as {dialect.text}) as {fact}"
            for fact in JOINED_FACTS
            if fact not in facts
        ]
        names += [fact for fact in JOINED_FACTS if fact not in facts]
    optional = [
        column for column in columns if not column.required and column.name in present
    ]
    has = [
        f"{_given(column, present, dialect)} as has_{column.name}"
        for column in optional
    ]
    lost = blankable(table, present)
    has += [
        f"{_digits(column, present, dialect)} as digits_{column.name}"
        for column in lost
    ]
    read = [
        f"{_bounded(column, dialect)} as {column.name}"
        if column in lost
        else column.name
        for column in columns
    ]
    mistyped = [
        f"{_mistyped(column, dialect)} as mistyped_{column.name}" for column in lost
    ]
    return f"""
        select *, {_problem(table, columns, present, dialect)} as problem
        from (
            select {", ".join(["row", *read, *names, *(f"has_{column.name}" for column in optional), *mistyped])}
            from (
                select {", ".join([f"{dialect.row} as row", *typed, *kept, *has])}
                from {raw} as raw
            ) as typed
        ) as read"""


def normalised_sql(
    table: str,
    typed: str,
    facts: Sequence[str] = (),
    numbered: bool = False,
    dialect: Dialect = DUCKDB,
) -> str:
    """SQL that brings good typed rows into the form that history reads, with ``row`` and ``id`` if ``numbered``."""
    select = _normalised(table, dialect.micros.format)
    if numbered:
        select = f"row, {f'{IDS[table]} as id, ' if table in IDS else ''}{select}"
    if table == "accounts":
        filled = " + ".join(
            f"case when {dialect.quoted(fact)} is not null then 1e0 else 0e0 end"
            for fact in facts
        )
        kept = dict.fromkeys([*facts, *JOINED_FACTS])
        select += f", {f'({filled}) / {len(facts)}' if facts else 'cast(null as double)'} as profile_filled"
        select += "".join(f", {dialect.quoted(fact)}" for fact in kept)
    return f"select {select} from {typed} where problem is null"


def text_sql(expression: str, dialect: Dialect = DUCKDB) -> str:
    """SQL for a value as a text without blanks around it; a blank one is missing."""
    return f"nullif(trim(cast({expression} as {dialect.text})), '')"


def _fact(fact: str, type_: str, present: Mapping[str, str], dialect: Dialect) -> str:
    """A fact of a type; a column that is not there is unknown for everybody."""
    name = dialect.quoted(fact)
    if fact not in present:
        return (
            f"cast(null as {dialect.text if type_ == 'text' else 'double'}) as {name}"
        )
    if type_ == "text":
        return f"{_fact_text(f'raw.{name}', present[fact], dialect)} as {name}"
    # An undated number that is no number is as good as unknown; it spoils no other column of its row.
    number = dialect.number(f"raw.{name}", present[fact])
    return f"case when {dialect.finite.format(number)} then {number} end as {name}"


def _fact_text(raw: str, type_: str, dialect: Dialect) -> str:
    """A fact as a text; a whole number that came as a double, as data frames have it beside gaps, is whole again."""
    if type_.lower() not in ("double", "float"):
        return text_sql(raw, dialect)
    whole = f"cast(cast({raw} as bigint) as {dialect.text})"
    is_whole = f"abs({raw}) < 1e15 and {raw} = floor({raw})"
    return f"case when {is_whole} then {whole} when {dialect.finite.format(raw)} then {text_sql(raw, dialect)} end"


_LASTING = ", ".join(
    f"'{kind.name}'" for kind in KINDS.values() if not kind.may_be_early
)
"""Kinds whose minutes are how long something took, which is no less than nothing."""


def blankable(table: str, present: Iterable[str]) -> list[Column]:
    """The columns of a table, of those that are there, whose values are blanked where they cannot be read."""
    there = set(present)
    optional = [
        column
        for column in TABLES[table].columns
        if column.name in there and not column.required
    ]
    return [column for column in optional if column.type != "text" and not column.vital]


def given(column: Column) -> str:
    """SQL telling whether a typed row had a value in an optional column."""
    return f"has_{column.name}"


def blank(column: Column) -> str:
    """SQL telling whether a typed row had a value in an optional column that could not be read."""
    return f"has_{column.name} and {column.name} is null"


def mistyped(column: Column) -> str:
    """SQL telling whether a typed row had a value in another notation, such as 12,50, in an optional column."""
    return f"mistyped_{column.name}"


def _between(column: Column) -> str:
    return f"from {column.low:,.15g} to {column.high:,.15g}"


def _mistyped(column: Column, dialect: Dialect) -> str:
    """A text without a digit, such as n/a, says that there is no value: it is no number in another notation."""
    return f"{blank(column)} and digits_{column.name}"


def _digits(column: Column, present: Mapping[str, str], dialect: Dialect) -> str:
    """Whether a value that could not be read has a digit, or is no text."""
    raw = f"raw.{column.name}"
    if present[column.name].lower() != dialect.text:
        return "true"
    return f"case when {_typed(column, present, dialect)} is null then translate({raw}, '0123456789', '') <> {raw} end"


def expected_of(column: Column) -> str:
    """What a value of a column should be, in words."""
    if column.type == "number":
        return f"{EXPECTED['number']} {_between(column)}"
    return EXPECTED[column.type]


def _bounded(column: Column, dialect: Dialect) -> str:
    """A typed value within the bounds of its column, and null outside."""
    sane = (
        f" and (minutes >= 0 or kind not in ({_LASTING}))"
        if column.name == "minutes"
        else ""
    )
    within = {
        "number": f"{column.name} between {column.low} and {column.high}{sane}",
        "time": f"not ({_outside(column.name, dialect)})",
        "flag": "true",
        "text": "true",
    }[column.type]
    return f"case when {within} then {column.name} end"


def _outside(time: str, dialect: Dialect) -> str:
    """Whether a time is none that a book can hold."""
    year = f"year({time})"
    return f"not {dialect.dated.format(time)} or {year} not between {EARLIEST_YEAR} and {LATEST_YEAR} or {year} = 1970"


def _given(column: Column, present: Mapping[str, str], dialect: Dialect) -> str:
    """Whether there is a value; a text of blanks is none."""
    raw = f"raw.{column.name}"
    is_text = present[column.name].lower() == dialect.text
    return f"{text_sql(raw, dialect) if is_text else raw} is not null"


def _present(column: Column, present: Mapping[str, str]) -> str:
    return f"raw.{column.name}" if column.name in present else "null"


def _typed(column: Column, present: Mapping[str, str], dialect: Dialect) -> str:
    raw = _present(column, present)
    return {
        "text": text_sql(raw, dialect),
        "time": dialect.utc(raw, present.get(column.name, "null")),
        "number": dialect.number(raw, present.get(column.name, "null")),
        "flag": f"try_cast({raw} as boolean)",
    }[column.type]


def _problem(
    table: str, columns: Sequence[Column], present: Mapping[str, str], dialect: Dialect
) -> str:
    checks = [
        check
        for column in columns
        for check in _column_checks(column, present, dialect)
    ] + _table_checks(table, dialect)
    whens = " ".join(
        f"when {bad} then '{field}: {expected}'" for bad, field, expected in checks
    )
    return f"case {whens} end" if checks else f"cast(null as {dialect.text})"


def _column_checks(
    column: Column, present: Mapping[str, str], dialect: Dialect
) -> list[tuple[str, str, str]]:
    name, expected = column.name, EXPECTED[column.type]
    if column.name not in present or not (column.required or column.vital):
        return []
    checks = [(f"{name} is null" if column.required else blank(column), name, expected)]
    if column.type == "time":
        checks.append((_outside(name, dialect), name, expected))
    if column.type == "number":
        checks.append((f"not {dialect.finite.format(name)}", name, expected))
        checks.append(
            (
                f"{name} not between {column.low} and {column.high}",
                name,
                f"a number {_between(column)}",
            )
        )
    return checks


def _table_checks(table: str, dialect: Dialect) -> list[tuple[str, str, str]]:
    checks = []
    if table in ("interactions", "surveys", "departures"):
        checks.append(
            (f"not ({dialect.known})", "account_id", "the id of an account in accounts")
        )
    if table == "surveys":
        checks.append(
            (
                f"not ({_LOW} < {_HIGH})",
                "scale_min",
                "a scale whose lowest score is below its highest",
            )
        )
        checks.append(
            (
                f"score not between {_LOW} and {_HIGH}",
                "score",
                "a score within its scale",
            )
        )
    return checks


def _of_item(column: str, known: dict[str, str], otherwise: str) -> str:
    cases = " ".join(f"when '{item}' then {value}" for item, value in known.items())
    return f"coalesce({column}, case item {cases} else {otherwise} end)"


_LOW = _of_item("scale_min", {i.name: f"{i.scale[0]}e0" for i in ITEMS.values()}, "0e0")
_HIGH = _of_item(
    "scale_max", {i.name: f"{i.scale[1]}e0" for i in ITEMS.values()}, "10e0"
)
_UPWARD = _of_item(
    "higher_is_better",
    {i.name: str(i.higher_is_better).lower() for i in ITEMS.values()},
    "true",
)
_SCORE = f"10 * case when {_UPWARD} then score - {_LOW} else {_HIGH} - score end / ({_HIGH} - {_LOW})"
# The answer on its own scale, for classes that are named by answers: a 9 of 1 to 10 is a 9, and so is a 90 of 1 to 100.
_ANSWER = f"""case when {_LOW} in (0e0, 1e0)
    then 10 * case when {_UPWARD} then score else {_LOW} + {_HIGH} - score end / {_HIGH} else {_SCORE} end"""
# A purchase below zero is a credit note: it takes back, as a cancellation does, whose amount some write below zero too.
_KIND = "case when kind = 'purchase' and value < 0 then 'cancellation' else kind end"
_VALUE = "case when kind in ('purchase', 'cancellation') then abs(value) else value end"


def _normalised(table: str, micros: Callable[[str], str]) -> str:
    # Nothing is visible before it has happened, even where a system claims to have known it earlier.
    dated = f"{micros('occurred_at')} as occurred_us, {micros('greatest(occurred_at, known_at)')} as known_us"
    return {
        "accounts": f"account_id, {micros('opened_at')} as opened_us",
        "interactions": f"account_id, {dated}, {_KIND} as kind, {counted_sql(_KIND)}, "
        f"rep_id, channel, matter_id, {_VALUE} as value, minutes, sentiment, items",
        "surveys": f"account_id, {dated}, item, {_SCORE} as score, {_ANSWER} as answer, source, rep_id, response_id, "
        "coalesce(weight, 1e0) as weight",
        "departures": f"account_id, {dated}, reason, overt",
        "reps": f"rep_id, {micros('hired_at')} as hired_us, {micros('left_at')} as left_us, style",
        "markets": f"market, {micros('occurred_at')} as occurred_us, {micros('occurred_at')} as known_us, kind",
    }[table]
