"""The world: a simulated company, its tables, and the truth that no table holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

import pandas as pd
import pyarrow as pa

from company import truth
from company.branch import DIRT, Branch, branches
from company.calendar import DAY, END, EPOCH, WEEK, Calendar, calendar
from company.dirt import soil
from company.firm import Company, Forced
from company.knobs import Knobs
from company.oracle import foresee, probability_names
from company.tables.columns import Tables
from company.tables.whole import write_down
from company.week import Week

Event = Literal[
    "rep_leaves",
    "competitor_enters",
    "contacted",
    "settled",
    "handed",
    "answered",
    "promised",
    "kept_in_touch",
]
EVENTS: dict[str, Forced] = {name: Forced(**{name: True}) for name in get_args(Event)}
"""What can be asked of a counterfactual."""

Planted = list[tuple[str, str, int]]
"""What was planted: table, flaw, rows."""


@dataclass(frozen=True)
class World:
    """A simulated company. Only how to live it through is kept; each question lives it through again."""

    branches: tuple[Branch, ...]
    calendar: Calendar
    knobs: Knobs

    def tables(self) -> dict[str, pd.DataFrame]:
        """The book's tables as frames, by name: the same rows that `company.write_sample` writes."""
        parts = [tables for tables, _ in self.chapters()]
        whole = {}
        for name in parts[0]:
            its = [part[name] for part in parts]
            whole[name] = pa.concat_tables(its).to_pandas()
        return whole

    def chapters(
        self, progress: Callable[[int, int], None] | None = None
    ) -> Iterator[tuple[Tables, Planted]]:
        """The book's tables branch by branch, in Arrow, and the dirt planted in them.

        Args:
            progress: told of the weeks done and the weeks in all.
        """
        for branch, company, lived in self._lived(progress):
            tables = write_down(branch, self.calendar, lived, company)
            lived.clear()
            # All branches share the markets, so the first tells of them.
            if branch.number > 0:
                tables["markets"] = tables["markets"].slice(0, 0)
            yield soil(tables, self.knobs, self.calendar.stop, branch.stream(DIRT))

    def truth(self, every_weeks: int = 4) -> dict[str, pd.DataFrame]:
        """What no book holds.

        Args:
            every_weeks: how often the hidden states are told.

        Returns:
            ``departures``: account_id, occurred_at, reason, overt, trigger (what was at work when it turned away).
            ``states``: account_id, moment, the hidden state, mood (staying, or the reason for which it has turned
            away), the true quadrant and the one that surveys show, hazard_<reason> (weekly chance of turning away) and
            hazard_leaving (chance of leaving in the week up to the moment).
        """
        parts = [
            (
                truth.departures(b, self.calendar, lived),
                truth.states(b, self.calendar, lived, every_weeks),
            )
            for b, _, lived in self._lived()
        ]
        left, hidden = zip(*parts, strict=True)
        return {
            "departures": pd.concat(left, ignore_index=True),
            "states": pd.concat(hidden, ignore_index=True),
        }

    def planted(self) -> pd.DataFrame:
        """The dirt in the book: table, flaw, rows."""
        planted = [one for _, dirt in self.chapters() for one in dirt]
        counted = pd.DataFrame(planted, columns=["table", "flaw", "rows"])
        return counted.groupby(["table", "flaw"], as_index=False).sum()

    def oracle(self, as_of: date, horizon_days: int, draws: int = 200) -> pd.DataFrame:
        """The best possible probabilities for every account here at an as-of date.

        Exact, but for the noise of the draws, where the as-of date is whole weeks before the end; on other days the
        hidden state is that of up to six days before.

        Args:
            as_of: midnight (UTC) at the start of this day.
            horizon_days: how far ahead.
            draws: futures lived; the noise falls with their square root.

        Returns:
            account_id; quadrant_now (the true one); p_defected; p_<quadrant> (still here and truly there: with
            p_defected they sum to 1); p_observed_<quadrant or unknown> (the same, as surveys would show it);
            p_overt (left and said so); p_left_<reason>.

        Raises:
            ValueError: a date outside of the records, or no horizon.
        """
        return self._foresee(as_of, horizon_days, draws, Forced())

    def counterfactual(
        self, as_of: date, event: Event, horizon_days: int, draws: int = 200
    ) -> pd.DataFrame:
        """What an event at the as-of date truly changes, account by account.

        Both futures are lived with the same random numbers, so that their difference is the event's doing.

        Args:
            as_of: as for `oracle`.
            event: ``rep_leaves`` (each account's own rep), ``competitor_enters`` (each account's market),
                ``contacted`` (we reach out unasked; the holdout too), or a lever over the horizon, see
                `company.firm.Forced`: ``settled``, ``handed``, ``answered``, ``promised``, ``kept_in_touch``.
            horizon_days: as for `oracle`.
            draws: as for `oracle`.

        Returns:
            account_id, quadrant_now, and the oracle's columns: the probability with the event less that without.
        """
        if event not in EVENTS:
            raise ValueError(
                f"found event {event!r}; expected one of {sorted(EVENTS)}; to mend: ask for one of them"
            )
        without = self._foresee(as_of, horizon_days, draws, Forced())
        difference = self._foresee(as_of, horizon_days, draws, EVENTS[event])
        names = probability_names()
        difference[names] -= without[names]
        return difference

    def _foresee(
        self, as_of: date, horizon_days: int, draws: int, forced: Forced
    ) -> pd.DataFrame:
        week, days_into = divmod((as_of - EPOCH).days * DAY - self.calendar.start, WEEK)
        if not 0 <= week <= self.calendar.weeks or min(horizon_days, draws) < 1:
            found = f"as_of={as_of}, horizon_days={horizon_days}, draws={draws}"
            raise ValueError(
                f"found {found}; expected a date of the records and 1 or more; to mend: ask within them"
            )
        parts = [
            foresee(b, week, days_into // DAY, horizon_days, draws, forced)
            for b in self.branches
        ]
        return pd.concat(parts, ignore_index=True)

    def _lived(
        self, progress: Callable[[int, int], None] | None = None
    ) -> Iterator[tuple[Branch, Company, list[Week]]]:
        total = len(self.branches) * self.calendar.weeks
        for branch in self.branches:
            company, lived = branch.found(), list[Week]()
            for week in branch.live(company, self.calendar.weeks):
                lived.append(week)
                if progress is not None:
                    progress(branch.number * self.calendar.weeks + company.week, total)
            yield branch, company, lived


def simulate(
    accounts: int = 2000,
    months: int = 24,
    seed: int = 1,
    end: date = END,
    knobs: Knobs = Knobs(),
) -> World:
    """A company, not written anywhere.

    Args:
        accounts: how many the company ever has.
        months: how long the records run.
        seed: another seed, another company.
        end: the day the data stops.
        knobs: what else can be set.

    Raises:
        ValueError: accounts or months below 1.
    """
    if accounts < 1 or months < 1:
        raise ValueError(
            f"found accounts={accounts}, months={months}; expected 1 or more; to mend: ask for at least one"
        )
    days = calendar(months, end)
    return World(tuple(branches(accounts, days.weeks, seed, knobs)), days, knobs)
