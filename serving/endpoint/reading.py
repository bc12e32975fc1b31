"""Reading a request: from the bytes of a body to accounts, row by row, so that each fault has its place.

Lists are counted before their rows are looked at. A field that is null, empty or blank is missing.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from features.vocabulary.names import NAMED, UnknownNames, near_name
from features.vocabulary.vocabularies import Vocabulary
from serving.endpoint.faults import Faults, joined, unfit
from serving.endpoint.invalid import add_invalid
from serving.endpoint.json_text import kind_of, parse
from serving.endpoint.limits import MOST_ROWS_IN_ALL
from serving.endpoint.request_schemas import Number, PredictRequest, Text

_FACTS: Mapping[str, TypeAdapter[Any]] = {
    "number": TypeAdapter(Number),
    "text": TypeAdapter(Text),
}

_Schema = TypeVar("_Schema", bound=BaseModel)


FACTS_READ = Vocabulary("accounts", "facts", "are read by no model")


@dataclass(frozen=True)
class Read:
    """What a body held.

    Attributes:
        request: with the facts that the models read, and no others.
        unknown: the names of the others.
    """

    request: PredictRequest
    unknown: tuple[UnknownNames, ...]


def read_request(body: bytes, facts: Mapping[str, str]) -> Read:
    """The request that a body holds.

    Args:
        body: JSON.
        facts: the facts that the models read, each ``"number"`` or ``"text"``.

    Raises:
        UnfitError: it breaks the schema; its faults have places such as ``accounts[1].surveys[6].score``.
    """
    reading = _Reading(facts)
    return Read(reading.request(parse(body)), reading.unknown_facts())


class _Reading:
    def __init__(self, facts: Mapping[str, str]) -> None:
        self._facts = facts
        self._faults = Faults()
        self._rows = 0
        self._strange: Counter[str] = Counter()
        self._given_facts = 0

    def request(self, found: object) -> PredictRequest:
        request = self._object(PredictRequest, found, "")
        self._faults.settle()
        self._once(
            "accounts",
            "account_id",
            (account.account_id for account in request.accounts),
        )
        self._once("reps", "rep_id", (rep.rep_id for rep in request.reps))
        self._faults.settle()
        return request

    def unknown_facts(self) -> tuple[UnknownNames, ...]:
        """The facts that were not read; a name may be anything, half a character too."""
        if not self._strange:
            return ()
        named = {
            name.encode(errors="replace").decode(): rows
            for name, rows in self._strange.most_common(NAMED)
        }
        near = {name: like for name in named if (like := near_name(name, self._facts))}
        rows, all_rows = self._strange.total(), self._given_facts
        return (
            UnknownNames(
                FACTS_READ, rows, all_rows, named, len(self._strange) - len(named), near
            ),
        )

    def _object(self, schema: type[_Schema], found: object, place: str) -> _Schema:
        """An object of a schema; a blank one where it has faults, which have been noted."""
        if not isinstance(found, dict):
            mend = "write it as {...}, each key once"
            self._faults.add(
                place, found=kind_of(found), expected="an object", mend=mend
            )
            return schema.model_construct()
        self._known_only(found, schema.model_fields, place)
        given = {
            name: found[name]
            for name in schema.model_fields
            if not _missing(found.get(name))
        }
        for name, (row, most) in _lists(schema).items():
            if isinstance(given.get(name), list):
                given[name] = self._list(row, given[name], most, joined(place, name))
        if "facts" in given:
            given["facts"] = self._facts_of(given["facts"], joined(place, "facts"))
        try:
            return schema.model_validate(given)
        except ValidationError as error:
            add_invalid(self._faults, place, error)
            return schema.model_construct()

    def _list(
        self, row: type[_Schema], found: list[object], most: int, place: str
    ) -> list[_Schema]:
        self._rows += len(found)
        if self._rows > MOST_ROWS_IN_ALL:
            expected = f"at most {MOST_ROWS_IN_ALL:,} rows of all kinds in a request"
            unfit(
                place,
                found="more rows",
                expected=expected,
                mend="send fewer accounts a request",
            )
        if len(found) > most:
            mend = "send fewer a request"
            self._faults.add(
                place,
                found=f"{len(found):,} of them",
                expected=f"at most {most:,}",
                mend=mend,
            )
            return [row.model_construct()]
        return [
            self._object(row, item, f"{place}[{number}]")
            for number, item in enumerate(found)
        ]

    def _facts_of(self, found: object, place: str) -> object:
        """The facts that the models read; blank ones are missing."""
        if not isinstance(found, dict):
            return found
        self._given_facts += len(found)
        self._strange.update(found.keys() - self._facts.keys())
        given = {
            name: found[name] for name in self._facts if not _missing(found.get(name))
        }
        return {
            name: self._fact(name, value, joined(place, name))
            for name, value in given.items()
        }

    def _fact(self, name: str, value: object, place: str) -> object:
        try:
            return _FACTS[self._facts[name]].validate_python(value)
        except ValidationError as error:
            add_invalid(self._faults, place, error)
            return None

    def _known_only(
        self, found: Mapping[str, object], known: Iterable[str], place: str
    ) -> None:
        strange = [
            number for number, name in enumerate(found, start=1) if name not in known
        ]
        if not strange:
            return
        first = list(found)[strange[0] - 1]
        near = near_name(first, known)
        mend = f"is it {near}? otherwise leave it out" if near else "leave them out"
        fields = "field" if len(strange) == 1 else "fields"
        said = f"{len(strange):,} unknown {fields}, the first being no. {strange[0]:,} of the object"
        self._faults.add(
            place, found=said, expected=f"only {', '.join(known) or 'none'}", mend=mend
        )

    def _once(self, table: str, key: str, values: Iterable[str]) -> None:
        seen: set[str] = set()
        for number, value in enumerate(values):
            if value in seen:
                where = f"{table}[{number}].{key}"
                mend = "send each once, with all its rows"
                self._faults.add(
                    where,
                    found="one that stands before it too",
                    expected="each of them once",
                    mend=mend,
                )
            seen.add(value)


def _missing(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


@functools.cache
def _lists(schema: type[BaseModel]) -> dict[str, tuple[type[Any], int]]:
    """The fields of a schema that are lists of rows: the row's schema and how many there may be."""
    lists = {}
    for name, field in schema.model_fields.items():
        if get_origin(field.annotation) is list:
            (most,) = (
                bound.max_length
                for bound in field.metadata
                if hasattr(bound, "max_length")
            )
            lists[name] = (get_args(field.annotation)[0], most)
    return lists
