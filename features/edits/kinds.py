"""Kinds of events that befall what holds accounts: a rep, a market. When they happened, and whom they met."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features.book.book import Book
from features.edits.carried import carried
from features.edits.events import CompetitorEnters, Edit, RepLeaves
from features.engine import DUCKDB
from features.snapshot.cohort import choose_cohort
from features.timeline.rows import Floats
from features.vocabulary.vocabularies import COMPETITOR_ENTERED


@dataclass(frozen=True)
class Kind:
    """A kind of event.

    Attributes:
        name: what it is called.
        happened: by a book, all such events: ``holder`` and ``at_us``, by moment.
        ever_held: by a book, what may ever hold each account: ``account_id`` and ``holder``.
        held_of_chosen: by a book, what holds each account of the pairs that are looked at (see
            `features.snapshot.cohort`): ``account_id``, ``as_of_us``, ``holder`` and ``share``, how much of it.
        edit: by a holder, a moment and the accounts it holds, the event as it would be recorded.
        carried_by: 1 where the people's side is struck, -1 where the product's is.
    """

    name: str
    happened: Callable[[Book], pd.DataFrame]
    ever_held: Callable[[Book], pd.DataFrame]
    held_of_chosen: Callable[[Book], pd.DataFrame]
    edit: Callable[[str, int, tuple[str, ...]], Edit]
    carried_by: int

    def held(self, book: Book, as_ofs: Iterable[int]) -> pd.DataFrame:
        """As ``held_of_chosen``, of the cohort at some dates, in microseconds since 1970."""
        choose_cohort(book, as_ofs)
        return self.held_of_chosen(book)

    def dependence(self, share: Floats, people_over_product: Floats) -> Floats:
        """How much of each account hangs on what is struck, 0 to 1 (S3, S4).

        The share that it holds, times the side that carries the account: a half where both carry alike or nothing is
        known, by the logistic function of the points between them.

        Example:
            >>> round(float(REP_LEAVES.dependence(np.array([0.8]), np.array([np.nan]))[0]), 2)
            0.4
            >>> REP_LEAVES.dependence(np.ones(2), np.array([2.0, -2.0])).round(2).tolist()
            [0.88, 0.12]
        """
        points = self.carried_by * np.nan_to_num(people_over_product)
        return np.asarray(share / (1.0 + np.exp(-points)))


def _departures(book: Book) -> pd.DataFrame:
    return _asked(book, _DEPARTURES)


def _entries(book: Book) -> pd.DataFrame:
    return _asked(book, _ENTRIES)


def _served(book: Book) -> pd.DataFrame:
    return _asked(book, _SERVED)


def _reps(book: Book) -> pd.DataFrame:
    """A rep holds of an account its share of contacts, times how long of the last year they have known each other."""
    found = carried(book).rename(columns={"rep_id": "holder"})
    return found.assign(share=found["share"] * found["known"]).drop(columns="known")


def _of_markets(book: Book) -> pd.DataFrame:
    return _asked(book, _OF_MARKETS)


def _markets(book: Book) -> pd.DataFrame:
    return _asked(book, _IN_MARKETS)


def _asked(book: Book, query: str) -> pd.DataFrame:
    found: pd.DataFrame = book.connection.sql(query).df()
    return found


_DEPARTURES = """
    select rep_id as holder, left_us as at_us
    from reps
    where left_us is not null
    order by left_us, rep_id"""

_ENTRIES = f"""
    select distinct market as holder, occurred_us as at_us
    from markets
    where kind = {DUCKDB.literal(COMPETITOR_ENTERED)}
    order by at_us, holder"""

_SERVED = """
    select distinct cast(account_id as varchar) as account_id, cast(rep_id as varchar) as holder
    from interactions
    where rep_id is not null"""

_OF_MARKETS = """
    select account_id, market as holder
    from accounts
    where market is not null"""

_IN_MARKETS = """
    select c.account_id, c.as_of_us, a.market as holder, 1e0 as share
    from chosen as c
    join accounts as a on a.account_id = c.account_id
    where a.market is not null
    order by c.as_of_us, c.account_id"""


def _enters(market: str, at: int, account_ids: tuple[str, ...]) -> Edit:
    return CompetitorEnters(market, at)


REP_LEAVES = Kind("rep_leaves", _departures, _served, _reps, RepLeaves, carried_by=1)
COMPETITOR_ENTERS = Kind(
    "competitor_enters", _entries, _of_markets, _markets, _enters, carried_by=-1
)
KINDS = {kind.name: kind for kind in (REP_LEAVES, COMPETITOR_ENTERS)}
