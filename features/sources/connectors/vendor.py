"""Vendors: what is known of the exports of each, read from its file in ``vendors/``.

title = "Zendesk"
assumes = ["..."]                      # sentences for the user
missing = ["?"]                        # texts that stand for no value

[sources.ticket]                       # a table of the export, in the book the view zendesk_ticket
files = ["ticket", "tickets"]          # what its file may be called
required = true
without = "..."                        # what an export that lacks it cannot say
columns.id = { text = ["id"], required = true }
columns.public = { flag = ["public"], otherwise = "true" }

[[views]]                              # what several tables read, a view of the book; of one name they are united
name = "zendesk_case"
about = "..."
sql = "..."

[[interactions]]                       # a part of a table of the book; all of its parts are put together
about = "..."
needs = ["comment"]                    # sources without which it is left out
lacks = []                             # sources with which it is left out
sql = "..."

[[told]]                               # what is left out, told where the query counts any
about = "deleted tickets are left out"
sql = "select count(*) from zendesk_ticket where deleted"

[kinds.mail_opened]                    # a word of its own, as in a book.toml
actor = "account"
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from features.errors import BookError
from features.vocabulary.contract import TABLES

Type = Literal["text", "time", "date", "number", "flag", "json"]
TYPES: tuple[Type, ...] = get_args(Type)
Words = Mapping[str, Mapping[str, object]]
_FOLDER = Path(__file__).parent / "vendors"


@dataclass(frozen=True)
class Field:
    """A column of a source.

    Attributes:
        name: in the view.
        type: what its values are read as; a flag that is missing is false.
        names: those it may go by, in the form of `features.sources.connectors.names`, the first that is there counts.
        required: whether the source is of no use without it.
        otherwise: SQL that stands for it where the file lacks it; nothing is known of it where None.
        spare: whether nothing is amiss without it, as other columns or files usually say the same.
    """

    name: str
    type: Type
    names: tuple[str, ...]
    required: bool = False
    otherwise: str | None = None
    spare: bool = False


@dataclass(frozen=True)
class Source:
    """A table of an export.

    Attributes:
        name: of its view, behind the vendor's.
        files: names that its file may have, in the form of `features.sources.connectors.names`.
        fields: its columns, those alone that are read.
        required: whether an export must have it.
        without: what an export that lacks it cannot say, as a sentence.
        instead: sources that say the same; where one is there, nothing is amiss.
    """

    name: str
    files: tuple[str, ...]
    fields: tuple[Field, ...]
    required: bool = False
    without: str = ""
    instead: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A query: a view, or one of those that a table of the book is made of.

    Attributes:
        name: of the view or the table.
        about: what its rows are.
        needs: sources without which it is left out, or their fields, such as ``ticket.companies``; ``"a or b"`` is
            served by either.
        lacks: sources with which it is left out.
    """

    name: str
    about: str
    sql: str
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()

    def stands(self, there: Iterable[str]) -> bool:
        """Whether it is of use to an export that has these sources."""
        there = set(there)
        served = [not there.isdisjoint(need.split(" or ")) for need in self.needs]
        return all(served) and there.isdisjoint(self.lacks)


@dataclass(frozen=True)
class Vendor:
    """What is known of a vendor's exports.

    Attributes:
        name: as in ``pinch init --from``.
        title: as people write it.
        assumes: what is taken for granted, each as a sentence.
        missing: texts that stand for no value.
        sources: the tables of an export.
        views: what several tables of the book read, each after those that it reads.
        tables: the parts of the tables of the book, by table.
        quiet_days: who is quiet for longer has left, where no export tells of departures; told by the book where None.
        told: queries that count what is left out, and what each counts.
        words: kinds and items that its tables speak of and Pinch does not know, as ``book.toml`` declares them.
    """

    name: str
    title: str
    assumes: tuple[str, ...]
    missing: tuple[str, ...]
    sources: tuple[Source, ...]
    views: tuple[Part, ...]
    tables: Mapping[str, tuple[Part, ...]]
    told: tuple[Part, ...]
    quiet_days: int | None = None
    words: Mapping[str, Words] = field(default_factory=dict)


def vendors() -> list[str]:
    """The names of those that are known."""
    return sorted(file.stem for file in _FOLDER.glob("*.toml"))


def read_vendor(name: str) -> Vendor:
    """What is known of a vendor.

    Raises:
        BookError: nothing is.
    """
    if name not in vendors():
        raise BookError(
            found=f"the source {name}",
            expected=f"one of {', '.join(vendors())}",
            mend="name one of these, or write a book.toml, see docs/your-data.md",
        )
    text = (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    said = tomllib.loads(text)
    tables = {table: _parts(said[table], table) for table in TABLES if table in said}
    return Vendor(
        name=name,
        title=said["title"],
        assumes=tuple(said.get("assumes", ())),
        missing=tuple(said.get("missing", ())),
        sources=tuple(_source(*named) for named in said["sources"].items()),
        views=_parts(said.get("views", []), ""),
        tables=tables,
        told=_parts(said.get("told", []), "told"),
        quiet_days=said.get("quiet_days"),
        words={sort: said.get(sort, {}) for sort in ("kinds", "items")},
    )


def _parts(said: Iterable[Mapping[str, Any]], table: str) -> tuple[Part, ...]:
    parts = []
    for part in said:
        needs, lacks = tuple(part.get("needs", ())), tuple(part.get("lacks", ()))
        name = part.get("name", table)
        parts.append(Part(name, part["about"], part["sql"].strip(), needs, lacks))
    return tuple(parts)


def _source(name: str, said: Mapping[str, Any]) -> Source:
    return Source(
        name=name,
        files=tuple(said["files"]),
        fields=tuple(_field(*named) for named in said["columns"].items()),
        required=said.get("required", False),
        without=said.get("without", ""),
        instead=tuple(said.get("instead", ())),
    )


def _field(name: str, said: Mapping[str, Any]) -> Field:
    (type_,) = [type_ for type_ in TYPES if type_ in said]
    return Field(
        name=name,
        type=type_,
        names=tuple(said[type_]),
        required=said.get("required", False),
        otherwise=said.get("otherwise"),
        spare=said.get("spare", False),
    )
