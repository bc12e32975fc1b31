"""What a ``book.toml`` says of a book: where its tables come from, what its facts are, and what lists show.

    quiet_days = 90
    return_grace_days = 60            # signs of life later than so long after a departure are a return
    renewal_grace_days = 30           # a term of a contract that no other follows by then has ended
    last_day = 2026-11-20             # of the data, where what the rows tell is not right, see
    `features.calendar.end_of_data`

    [source]
    postgres = "$DATABASE_URL"        # tables as pg.SCHEMA.TABLE, see `features.sources.postgres`
    sync_by."public.sales" = "updated_at"  # ``pinch sync`` reads new rows alone, see `features.sources.synced.news`

    [views]                           # SQL by name, which tables and later views read
    sales = \"\"\"from '$PINCH_DATA/sales.parquet' where not cancelled\"\"\"

    [tables]                          # SQL by table, see `features.sources.tables`
    accounts = \"\"\"select id as account_id, min(day) as opened_at from sales group by id\"\"\"

    [facts.plan]
    type = "text"                     # or "number"; told from the values where it is not given
    vouched = true                    # it was known before anybody left, however well it tells who did

    [facts.satisfaction]
    ignore = true                     # no model reads it

    [labels]                          # columns of accounts that lists show, and no model reads
    name = "company_name"
    link = "crm_page"
    owner = "account_manager"

    [kinds.demo_held]                 # a kind of interaction of one's own
    actor = "us"                      # or "account"
    sign_of_life = false
    effect = "answers"                # what it does to its matter, where it does

    [items.ease]                      # an item of surveys of one's own
    axis = "product"                  # or "people"
    scale = [1, 5]
    higher_is_better = true

    [features]
    file = "my_features.py"           # declares features of one's own, see `features.book.own_features`

``vouched = ["plan"]`` at the top vouches for several facts at once, and ``holdout`` there says who may not be
contacted, see `features.cleaning.holdout`; ``holdout_share`` draws some at random, see
`features.cleaning.random_holdout`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from features.calendar.presence import RETURN_GRACE_DAYS
from features.calendar.renewals import RENEWAL_GRACE_DAYS
from features.errors import BookError
from features.sources.connections import IDS, Connection
from features.sources.holdout_settings import (
    holdout_setting,
    random_holdout_setting,
)
from features.sources.own_declarations import features_file, own_words
from features.sources.postgres_setting import postgres_setting, sync_by
from features.sources.settings import Settings
from features.sources.toml_values import is_table_of, mistake, require_names
from features.vocabulary.contract import JOINED_FACTS, LABELS, TABLES

MOST_GRACE_DAYS = 36_500
FACT_TYPES = ("number", "text")
_OF_A_FACT = ("type", "ignore", "vouched")
_OF_A_VIEW = re.compile(r"(?!raw_|typed_)[a-z_][a-z0-9_]*")
_NAMED = (
    "quiet_days",
    "return_grace_days",
    "renewal_grace_days",
    "last_day",
    "vouched",
    "holdout",
    "holdout_share",
    "holdout_salt",
    "source",
    "views",
    "tables",
    "facts",
    "labels",
    "features",
    "kinds",
    "items",
    "connections",
)


def read_settings(folder: Path) -> Settings:
    """Reads the ``book.toml`` of a folder, where there is one.

    Raises:
        BookError: it is no TOML, or says something else than it may.
    """
    file = folder / "book.toml"
    if not file.exists():
        return Settings()
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BookError(
            where=str(file), found=str(error), expected="TOML", mend="correct the file"
        ) from None
    require_names(file, said, _NAMED)
    facts = _facts(file, said.get("facts", {}))
    ticked = [fact for fact, told in facts.items() if told.get("vouched")]
    return Settings(
        quiet_days=_quiet_days(file, said.get("quiet_days")),
        grace_days=_grace_days(file, said, "return_grace_days", RETURN_GRACE_DAYS),
        renewal_grace_days=_grace_days(
            file, said, "renewal_grace_days", RENEWAL_GRACE_DAYS
        ),
        queries=_queries(file, said.get("tables", {})),
        connections=_connections(file, said.get("connections", {})),
        views=_views(file, said.get("views", {})),
        postgres=postgres_setting(file, said.get("source")),
        sync_by=sync_by(file, said.get("source")),
        types={fact: told["type"] for fact, told in facts.items() if "type" in told},
        ignored=tuple(fact for fact, told in facts.items() if told.get("ignore")),
        vouched=tuple(
            dict.fromkeys([*_vouched(file, said.get("vouched", [])), *ticked])
        ),
        labels=_labels(file, said.get("labels", {})),
        last_day=_last_day(file, said.get("last_day")),
        features_file=features_file(file, said.get("features")),
        words=own_words(file, said.get("kinds", {}), said.get("items", {})),
        holdout=holdout_setting(file, said.get("holdout")),
        random_holdout=random_holdout_setting(file, said),
    )


def _quiet_days(file: Path, said: object) -> int | None:
    if said is None or (
        isinstance(said, int) and not isinstance(said, bool) and said > 0
    ):
        return said
    raise mistake(file, "quiet_days", "a whole number of days above 0")


def _grace_days(file: Path, said: Mapping[str, object], name: str, usual: int) -> int:
    days = said.get(name, usual)
    if (
        isinstance(days, int)
        and not isinstance(days, bool)
        and 0 <= days <= MOST_GRACE_DAYS
    ):
        return days
    raise mistake(file, name, f"a whole number of days from 0 to {MOST_GRACE_DAYS}")


def _last_day(file: Path, said: object) -> date | None:
    if said is None or (isinstance(said, date) and not isinstance(said, datetime)):
        return said
    raise mistake(file, "last_day", "a date without quotes, such as 2026-11-20")


def _queries(file: Path, said: object) -> dict[str, str]:
    if not is_table_of(said, str):
        raise mistake(file, "tables", "a query in quotes for each table")
    require_names(f"{file}, tables", said, TABLES)
    return said


def _connections(file: Path, said: object) -> tuple[Connection, ...]:
    if not is_table_of(said, dict):
        raise mistake(
            file, "connections", "a table for each, such as [connections.crm]"
        )
    found = []
    for name, told in said.items():
        place = f"connections.{name}"
        require_names(f"{file}, {place}", told, ["prefix", "shared", "tables"])
        prefix, shared = told.get("prefix", ""), told.get("shared", [])
        if not _OF_A_VIEW.fullmatch(name):
            raise mistake(file, place, "a name of small letters, digits and _")
        if not isinstance(prefix, str):
            raise mistake(file, f"{place}.prefix", 'a text, such as "zd:"')
        if not isinstance(shared, list) or not set(shared) <= set(IDS):
            raise mistake(file, f"{place}.shared", f"a list of any of {', '.join(IDS)}")
        queries = _queries(file, told.get("tables", {}))
        found.append(Connection(name, prefix, tuple(shared), queries))
    return tuple(found)


def _views(file: Path, said: object) -> dict[str, str]:
    if not is_table_of(said, str):
        raise mistake(file, "views", "a query in quotes for each view")
    for name in said:
        if name in TABLES or not _OF_A_VIEW.fullmatch(name):
            raise BookError(
                where=f"{file}, views",
                found=f"the name {name}",
                expected="letters, digits and _, and no name of a table of a book",
                mend="give it another name",
            )
    return said


def _vouched(file: Path, said: object) -> list[str]:
    if isinstance(said, list) and all(isinstance(fact, str) for fact in said):
        return said
    raise mistake(file, "vouched", 'names of facts, such as ["plan"]')


def _facts(file: Path, said: object) -> dict[str, dict[str, Any]]:
    if not is_table_of(said, dict):
        raise mistake(file, "facts", "a table for each fact, such as [facts.plan]")
    for fact, told in said.items():
        place = f"facts.{fact}"
        require_names(f"{file}, {place}", told, _OF_A_FACT)
        if told.get("type", "text") not in FACT_TYPES:
            raise mistake(file, f"{place}.type", '"number" or "text"')
        if told.get("type") == "number" and fact in JOINED_FACTS:
            raise mistake(file, f"{place}.type", '"text", as features read it as one')
        for flag in ("ignore", "vouched"):
            if not isinstance(told.get(flag, False), bool):
                raise mistake(file, f"{place}.{flag}", "true or false")
    return said


_FORMER_LABELS = {"url": "link"}


def _labels(file: Path, said: object) -> dict[str, str]:
    if not is_table_of(said, str):
        raise mistake(
            file,
            "labels",
            'a column of accounts in quotes for each, such as name = "company_name"',
        )
    require_names(f"{file}, labels", said, [*LABELS, *_FORMER_LABELS])
    return {_FORMER_LABELS.get(label, label): column for label, column in said.items()}
