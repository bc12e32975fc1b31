"""Settings: what a book says of itself, beside its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from features.calendar.presence import RETURN_GRACE_DAYS
from features.calendar.renewals import RENEWAL_GRACE_DAYS
from features.cleaning.holdout import Holdout
from features.cleaning.random_holdout import RandomHoldout
from features.sources.connections import Connection
from features.vocabulary.own import NONE, OwnWords


@dataclass(frozen=True)
class Settings:
    """What a ``book.toml`` says.

    Attributes:
        quiet_days: the quiet period; None where it is not given.
        grace_days: signs of life later than so long after a departure are a return, see `features.calendar.presence`.
        renewal_grace_days: for so long after its end a term may be renewed, see `features.calendar.renewals`.
        last_day: of the data; None where the rows tell it.
        queries: SQL by table.
        connections: systems that tables are put together of, see `features.sources.connections`.
        views: SQL by name, which queries and later views read.
        postgres: the setting of the environment that has the address of a PostgreSQL database; None without one.
        sync_by: of tables of it, as ``SCHEMA.TABLE``, the column that tells when a row was last written.
        types: ``"number"`` or ``"text"`` by fact, of the facts whose type is declared.
        ignored: columns of accounts that are no facts.
        vouched: facts that were known before anybody left, however well they tell who did.
        labels: columns of accounts by what lists show them as, one of
            `features.vocabulary.contract.LABELS`; they are no facts either.
        features_file: the Python file beside it that declares features of one's own; None where there is none.
        words: kinds and items of one's own.
        holdout: what says who may not be contacted, no fact either; None where nothing does.
        random_holdout: how others are drawn that no list names.
    """

    quiet_days: int | None = None
    grace_days: int = RETURN_GRACE_DAYS
    renewal_grace_days: int = RENEWAL_GRACE_DAYS
    queries: Mapping[str, str] = field(default_factory=dict)
    connections: tuple[Connection, ...] = ()
    views: Mapping[str, str] = field(default_factory=dict)
    postgres: str | None = None
    sync_by: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    vouched: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    last_day: date | None = None
    features_file: str | None = None
    words: OwnWords = NONE
    holdout: Holdout | None = None
    random_holdout: RandomHoldout = RandomHoldout()

    @property
    def has_queries(self) -> bool:
        """Whether any table is made by a query."""
        return bool(self.queries or self.connections)

    def made_by_query(self, table: str) -> bool:
        """Whether a table is made by a query, and not of files of its name."""
        return table in self.queries or bool(self.connected(table))

    def connected(self, table: str) -> list[Connection]:
        """The connections that have a table."""
        return [each for each in self.connections if table in each.queries]

    @property
    def unread(self) -> frozenset[str]:
        """The columns of accounts that are no facts."""
        held = [] if self.holdout is None else [self.holdout.column]
        return frozenset([*self.ignored, *self.labels.values(), *held])

    @property
    def statements(self) -> dict[str, str]:
        """All SQL that it gives, by its place in the file."""
        views = {f"views.{name}": query for name, query in self.views.items()}
        tables = {f"tables.{name}": query for name, query in self.queries.items()}
        return views | tables
