"""The accounts of a request: which can be answered, and what is wrong with the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from features.cleaning.arrays.flaws import Flaw
from features.cleaning.arrays.own_words import spoken
from features.cleaning.arrays.request import OF_ACCOUNTS, Request, repeated
from features.cleaning.arrays.typed import Typed, columns_of, typed
from features.cleaning.arrays.values import missing
from features.timeline.rows import Flags
from features.vocabulary.names import NAMED, UnknownNames, near_name
from features.vocabulary.own import NONE, OwnWords
from features.vocabulary.vocabularies import Vocabulary
from serving.endpoint.faults import Faults, joined
from serving.endpoint.flawed import note_flaws, note_repeated
from serving.endpoint.gathering import Gathered
from serving.endpoint.invalid import told
from serving.endpoint.objects import note_no_object, note_unknown
from serving.endpoint.tables import gather

FACTS_READ = Vocabulary("accounts", "facts", "are read by no model")

FIELDS = ("account_id", "opened_at", "facts", *OF_ACCOUNTS)


class SentAccounts:
    """The accounts of a request, as they were sent.

    Args:
        sent: the accounts, of which each may be anything.
        facts: the facts that the models read, each ``"number"`` or ``"text"``.
        words: kinds and items of one's own that the models know.
    """

    def __init__(
        self,
        sent: Sequence[object],
        facts: Mapping[str, str],
        words: OwnWords = NONE,
    ) -> None:
        self._sent = sent
        self._words = words
        self._facts = facts
        self._faults = Faults()
        self._bad = np.zeros(len(sent), dtype=bool)
        self._strange: Counter[str] = Counter()
        self._given_facts = 0

    def read(self, as_of: int, shared: Mapping[str, Typed]) -> tuple[Request, Faults]:
        """The accounts without faults, in order, and the faults of the others.

        Args:
            as_of: in microseconds since 1970; an account opened later is refused.
            shared: the tables that accounts share.
        """
        whole = [self._object(place) for place in range(len(self._sent))]
        rows = self._own(whole, as_of)
        tables, account = {"accounts": rows, **shared}, {}
        for part, table in enumerate(OF_ACCOUNTS, start=1):
            gathered = self._gathered(table, whole, part)
            values = spoken(table, gathered.values, self._words)
            tables[table] = typed(table, values, len(gathered))
            note_flaws(self._faults, gathered, tables[table].flaws, part)
            account[table] = gathered.account
            self._mark(tables[table].flaws, gathered)
        request = Request(tables, account).part(~self._bad)
        return request, self._faults

    def unknown_facts(self) -> tuple[UnknownNames, ...]:
        """The facts that are not read; a name may be anything, half a character too."""
        if not self._strange:
            return ()
        named = {
            name.encode(errors="replace").decode(): rows
            for name, rows in self._strange.most_common(NAMED)
        }
        near = {name: like for name in named if (like := near_name(name, self._facts))}
        rows, all_rows = self._strange.total(), self._given_facts
        more = len(self._strange) - len(named)
        return (UnknownNames(FACTS_READ, rows, all_rows, named, more, near),)

    def _object(self, place: int) -> Mapping[str, object]:
        """An account; an empty one in place of what is none."""
        found, where = self._sent[place], f"accounts[{place}]"
        if not isinstance(found, dict):
            self._bad[place] = True
            note_no_object(self._faults, found, where, (place,))
            return {}
        if found.keys() - set(FIELDS):
            self._bad[place] = True
            note_unknown(self._faults, found, FIELDS, where, (place,))
        return found

    def _own(self, accounts: Sequence[Mapping[str, object]], as_of: int) -> Typed:
        """The accounts themselves, with their facts."""
        facts = [self._facts_of(found, place) for place, found in enumerate(accounts)]
        values = {
            name: [found.get(name) for found in accounts]
            for name in ("account_id", "opened_at")
        }
        values |= {name: [given.get(name) for given in facts] for name in self._facts}
        rows = typed("accounts", values, len(accounts), self._facts)
        for flaw in rows.flaws:
            self._note_own(flaw, values[flaw.field])
        for place in repeated(rows.columns["account_id"]):
            self._bad[place] = True
            where = f"accounts[{place}].account_id"
            note_repeated(self._faults, where, (place, 0))
        self._note_unopened(rows.columns["opened_at"] > as_of)
        return rows

    def _facts_of(
        self, account: Mapping[str, object], place: int
    ) -> Mapping[str, object]:
        """The facts of an account."""
        found = account.get("facts")
        if missing(found):
            return {}
        if not isinstance(found, dict):
            self._bad[place] = True
            note_no_object(self._faults, found, f"accounts[{place}].facts", (place, 0))
            return {}
        self._given_facts += len(found)
        self._strange.update(found.keys() - self._facts.keys())
        return found

    def _note_own(self, flaw: Flaw, values: Sequence[object]) -> None:
        """Notes a flaw of accounts themselves, but for those that are none."""
        (column,) = (
            c for c in columns_of("accounts", self._facts) if c.name == flaw.field
        )
        fact = flaw.field in self._facts
        for place in flaw.rows.tolist():
            if not isinstance(self._sent[place], dict):
                continue
            self._bad[place] = True
            where = f"accounts[{place}]" + (".facts" if fact else "")
            said = told(column, values[place], flaw.expected)
            where = joined(where, flaw.field)
            self._faults.add(where, **said, order=(place, 0))

    def _note_unopened(self, later: Flags) -> None:
        """Notes accounts that were not open yet, which are not scored in a night either."""
        for place in np.flatnonzero(later).tolist():
            self._bad[place] = True
            self._faults.add(
                f"accounts[{place}].opened_at",
                found="a time after the as-of date",
                expected="an account that was open by then",
                mend="correct one of the two, or leave the account out",
                order=(place, 0),
            )

    def _gathered(
        self, table: str, accounts: Sequence[Mapping[str, object]], part: int
    ) -> Gathered:
        """The rows of a table of all accounts."""
        gathered = Gathered(table)
        for place, account in enumerate(accounts):
            found, where = account.get(table), f"accounts[{place}].{table}"
            if missing(found):
                continue
            if not gather(gathered, found, where, self._faults, place, (place, part)):
                self._bad[place] = True
        return gathered

    def _mark(self, flaws: Sequence[Flaw], gathered: Gathered) -> None:
        """Marks the accounts whose rows have flaws, or are broken."""
        account = gathered.account
        self._bad[account[sorted(gathered.broken)]] = True
        for flaw in flaws:
            self._bad[account[flaw.rows]] = True
