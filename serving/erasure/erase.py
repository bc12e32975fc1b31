"""Erasing accounts from all that Pinch keeps and hands on, step by step; killed anywhere, the next run finishes it.

First a journal names them, then tombstones keep every opening of the book from reading them, then places are swept one
after the other, each whole or not at all. Sweeping what is swept finds nothing, so a run can begin again from the top.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from features.errors import BookError, NightError
from features.sources.files import form_of
from features.sources.synced.manifest import FILE, PLACE
from features.sources.synced.sync import remove_copy, sync
from features.sources.tables import files_of
from features.sources.tombstones import tombstones_to_add_to, write_tombstones
from serving.delivery.destinations import Destination
from serving.delivery.edition import Edition, read_edition
from serving.delivery.ledger import DELIVERED
from serving.delivery.web import Web
from serving.erasure.destinations import erase_from_destinations
from serving.erasure.journal import Journal, read_journal
from serving.erasure.models import trained_on
from serving.erasure.nights import erase_from_night, folders_of_nights
from serving.erasure.places import Places, erase_from_files, files_below
from serving.erasure.receipt import Receipt, write_receipt
from serving.erasure.search import still_holding
from serving.erasure.source import Held, held_by
from serving.outcomes_file import TABLE, turn_to_write
from serving.publishing.nights import current
from serving.publishing.staging import sweep
from serving.publishing.turn import turn

Ids = Collection[str]
Models = Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True)
class Reach:
    """Where accounts are erased.

    Attributes:
        book: the folder of the book.
        nights: folders of nights, or of ``pinch score``.
        destinations: where nights go.
        store: of the models; None where none is asked.
        web: sends requests.
    """

    book: Path
    nights: Collection[Path]
    destinations: Collection[Destination] = ()
    store: str | None = None
    web: Web = field(default_factory=Web)


def erase(reach: Reach, asked: Ids, wait: float = 0.0) -> tuple[Receipt, Path]:
    """Erases accounts; finishes an earlier erasure that was stopped.

    Args:
        reach: where.
        asked: ids of accounts; those that were merged with them go as well.
        wait: for so many seconds for a run that writes nights to end.

    Returns:
        The receipt, and its file.

    Raises:
        BookError: the book cannot be read, or there is nothing to do.
        ModelError: there is no store.
        BusyError: another run writes nights or delivers.
        OSError: a file cannot be written; then the journal stays, and the next run goes on.
    """
    journal = read_journal(reach.book)
    wanted = frozenset(asked) | frozenset(journal.ids)
    if not wanted:
        raise BookError(
            where=str(reach.book),
            found="no account to erase, and no erasure that was stopped",
            expected="the id of an account",
            mend="pinch forget ACCOUNT_ID --book BOOK",
        )
    with ExitStack() as turns:
        for nights in reach.nights:
            turns.enter_context(turn(nights, wait))
            turns.enter_context(turn(nights / DELIVERED, wait))
        held = held_by(reach.book, wanted)
        models = None if reach.store is None else trained_on(reach.store, held.opened)
        return _erased(reach, held, models, journal)


def _erased(
    reach: Reach, held: Held, models: Models, journal: Journal
) -> tuple[Receipt, Path]:
    book, ids, places = reach.book, held.ids, Places()
    tombstones = tombstones_to_add_to(book)
    journal.ids = ids
    journal.write()
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    write_tombstones(book, tombstones.with_erased(ids, now))
    ours = _erase_outcomes(book, ids, places)
    _erase_copy(book, places)
    for nights in reach.nights:
        _erase_nights(nights, reach, journal, places)
    files = _files(reach)
    in_sources = {
        name: many for name, many in held.rows.items() if not (ours and name == TABLE)
    }
    receipt = Receipt(
        erased_at=now,
        hashes=sorted(map(tombstones.hash_of, ids)),
        removed=places.found,
        remains=places.remains,
        in_sources=in_sources,
        searched=len(files),
        found=[
            str(file)
            for file in still_holding(files, ids)
            if str(file) not in places.remains
        ],
        models=models,
    )
    written = write_receipt(book, receipt)
    if receipt.complete:
        journal.remove()
    return receipt, written


def _erase_outcomes(book: Path, ids: Ids, places: Places) -> bool:
    """Erases accounts from what teams recorded beside the book; whether that is in a form that Pinch writes."""
    files = files_of(book, TABLE)
    if not files or any(form_of(file) != ".csv" for file in files):
        return False
    with turn_to_write(book):
        erase_from_files(files, ids, places)
    return True


def _erase_copy(book: Path, places: Places) -> None:
    """Makes the copy of the sources anew, without the accounts, where there is one."""
    is_there = (book / PLACE / FILE).exists()
    gone = remove_copy(book)
    if not is_there:
        return
    places.add(str(book), {f"{book / PLACE} (made anew, files)": gone})
    try:
        sync(book)
    except BookError as error:
        places.remains[str(book / PLACE)] = f"removed, and not made anew: {error}"


def _erase_nights(nights: Path, reach: Reach, journal: Journal, places: Places) -> None:
    sweep(nights)
    ids = journal.ids
    folders = folders_of_nights(nights)
    for night in folders:
        places.add(night, erase_from_night(night, ids))
    edition = _edition(nights)
    erase_from_destinations(
        reach.destinations, nights, edition, journal, reach.web, places
    )
    if nights.resolve() != reach.book.resolve():
        beside = [path for path in nights.iterdir() if path.is_file()]
        own = {path for night in folders for path in files_below(night)}
        erase_from_files([path for path in beside if path not in own], ids, places)


def _edition(nights: Path) -> Edition | None:
    """The night that readers follow; None where there is none that can be read."""
    try:
        followed = current(nights)
        return read_edition(nights if followed is None else followed.folder)
    except NightError:
        return None


def _files(reach: Reach) -> list[Path]:
    """All files that are searched: nights and what is delivered to files, the copy, and outcomes."""
    folders = [*reach.nights, reach.book / PLACE.parent]
    found = {file for folder in folders for file in files_below(folder)}
    for each in reach.destinations:
        for name in ("folder", "file"):
            place = getattr(each, name, None)
            if place is not None:
                path = Path(place)
                found |= {path} if path.is_file() else {*files_below(path)}
    outcomes = files_of(reach.book, TABLE)
    return sorted(found | {file for file in outcomes if form_of(file) == ".csv"})
