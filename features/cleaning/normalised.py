"""The one form in which good rows are kept: instants as whole microseconds, kinds as codes, scores on 0 to 10."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from features.cleaning.repeats import IDS
from features.cleaning.scaling import HIGHEST, LOWEST, UPWARD
from features.engine import DUCKDB, Dialect, listed
from features.vocabulary.contract import JOINED_FACTS, LABELS
from features.vocabulary.kinds import counted_columns


def normalised_sql(
    table: str,
    typed: str,
    facts: Sequence[str] = (),
    numbered: bool = False,
    dialect: Dialect = DUCKDB,
) -> str:
    """SQL that brings good typed rows into the form that history reads, with ``row`` and ``id`` if ``numbered``."""
    columns = []
    if numbered:
        columns.append("row")
        if table in IDS:
            columns.append(f"{IDS[table]} as id")
    columns += _columns(table, facts, dialect)
    rows = _READ.get(table, "{typed}").format(typed=typed)
    return f"""\
select
    {listed(columns, 4)}
from {rows}
where problem is null"""


def clean_columns(
    table: str, facts: Sequence[str] = (), dialect: Dialect = DUCKDB
) -> list[str]:
    """The names of the columns of a clean table, in quotes where they are facts."""
    columns = _columns(table, facts, dialect)
    return [column.rsplit(" as ", 1)[-1] for column in columns]


def _columns(table: str, facts: Sequence[str], dialect: Dialect) -> list[str]:
    columns = _COLUMNS[table](dialect.micros.format)
    if table != "accounts":
        return columns
    return columns + _facts(facts, dialect)


def _facts(facts: Sequence[str], dialect: Dialect) -> list[str]:
    """The facts of an account, and which share of them is filled in."""
    filled = " + ".join(
        f"case when {dialect.quoted(fact)} is not null then 1e0 else 0e0 end"
        for fact in facts
    )
    share = f"({filled}) / {len(facts)}" if facts else "cast(null as double)"
    kept = dict.fromkeys([*facts, *JOINED_FACTS])
    return [f"{share} as profile_filled", *(dialect.quoted(fact) for fact in kept)]


Micros = Callable[[str], str]
"""A time as whole microseconds since 1970."""


def _dated(micros: Micros) -> list[str]:
    # Nothing is visible before it has happened, even where a system claims to have known it earlier.
    return [
        "account_id",
        f"{micros('occurred_at')} as occurred_us",
        f"{micros('greatest(occurred_at, known_at)')} as known_us",
    ]


def _accounts(micros: Micros) -> list[str]:
    return ["account_id", f"{micros('opened_at')} as opened_us"]


def _interactions(micros: Micros) -> list[str]:
    return [
        *_dated(micros),
        "counted_kind as kind",
        *counted_columns("counted_kind"),
        "rep_id",
        "channel",
        "matter_id",
        "case when kind in ('purchase', 'cancellation') then abs(value) else value end as value",
        "minutes",
        "sentiment",
        "items",
    ]


# The answer on its own scale, for classes that are named by answers: a 9 of 1 to 10 is a 9, and so is a 90 of 1 to 100.
_SCORE = "10 * case when upward then score - lowest else highest - score end / (highest - lowest)"
_ANSWER = "10 * case when upward then score else lowest + highest - score end / highest"


def _surveys(micros: Micros) -> list[str]:
    return [
        *_dated(micros),
        "item",
        f"{_SCORE} as score",
        f"case when lowest in (0e0, 1e0) then {_ANSWER} else {_SCORE} end as answer",
        "source",
        "rep_id",
        "response_id",
        "coalesce(weight, 1e0) as weight",
    ]


def _departures(micros: Micros) -> list[str]:
    return [*_dated(micros), "reason", "overt", "false as lapsed"]


def _versions(micros: Micros, known: str) -> list[str]:
    # What is agreed for later is seen from when it is known on, however far ahead it lies.
    return [
        "account_id",
        f"{micros(known)} as occurred_us",
        f"{micros(known)} as known_us",
    ]


def _contracts(micros: Micros) -> list[str]:
    return [
        *_versions(micros, "coalesce(known_at, starts_at)"),
        "contract_id",
        f"{micros('starts_at')} as starts_us",
        f"{micros('ends_at')} as ends_us",
        "value",
        "plan",
        "seats",
        "auto_renews",
    ]


def _scheduled(micros: Micros) -> list[str]:
    return [
        *_versions(micros, "known_at"),
        "scheduled_id",
        f"{micros('scheduled_at')} as scheduled_us",
        "kind",
        "coalesce(cancelled, false) as cancelled",
    ]


def _outcomes(micros: Micros) -> list[str]:
    return [
        *_dated(micros),
        "outcome",
        "note",
        "said.by as said_by",
        f"{micros('said.list')} as list_us",
        f"{micros('until')} as until_us",
    ]


def _reps(micros: Micros) -> list[str]:
    return [
        "rep_id",
        f"{micros('hired_at')} as hired_us",
        f"{micros('left_at')} as left_us",
        "style",
    ]


def _markets(micros: Micros) -> list[str]:
    occurred = micros("occurred_at")
    return [
        "market",
        f"{occurred} as occurred_us",
        f"{occurred} as known_us",
        "kind",
    ]


def _labels(micros: Micros) -> list[str]:
    return ["account_id", *LABELS]


def _changing_facts(micros: Micros) -> list[str]:
    return ["account_id", "name", "value", f"{micros('known_at')} as known_us"]


def _merges(micros: Micros) -> list[str]:
    return ["from_id", "into_id", f"{micros('known_at')} as known_us"]


_COLUMNS: dict[str, Callable[[Micros], list[str]]] = {
    "accounts": _accounts,
    "interactions": _interactions,
    "surveys": _surveys,
    "departures": _departures,
    "contracts": _contracts,
    "scheduled": _scheduled,
    "outcomes": _outcomes,
    "reps": _reps,
    "markets": _markets,
    "labels": _labels,
    "facts": _changing_facts,
    "merges": _merges,
}

# A purchase below zero is a credit note: it takes back, as a cancellation does, whose amount some write below zero too.
_READ = {
    "interactions": """(
    select
        *,
        case when kind = 'purchase' and value < 0 then 'cancellation' else kind end as counted_kind
    from {typed}
) as counted""",
    "surveys": f"""(
    select
        *,
        {LOWEST} as lowest,
        {HIGHEST} as highest,
        {UPWARD} as upward
    from {{typed}}
) as scaled""",
    "outcomes": "{typed} as said",
}
