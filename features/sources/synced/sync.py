"""``sync``: reads the sources of a book, and keeps their rows beside it, of which only changed months are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from features import engine
from features.errors import BookError
from features.memory import memory_of
from features.sources.book_toml import read_settings
from features.sources.erased import leave_out
from features.sources.settings import Settings
from features.sources.synced.fingerprints import (
    code,
    declarations,
    files_of_queries,
    files_of_tables,
)
from features.sources.synced.keeping import Keeper
from features.sources.synced.manifest import FILE as MANIFEST
from features.sources.synced.manifest import (
    PLACE,
    Manifest,
    read_manifest,
    write_manifest,
)
from features.sources.synced.news import News
from features.sources.tables import at_home, find_sources
from features.sources.tombstones import read_tombstones

_LOCK = "lock"


@dataclass(frozen=True)
class Synced:
    """What a sync did.

    Attributes:
        copy: what the copy holds now.
        before: what it held; None where there was none that could be gone on from.
        read: how many rows were read of each table of PostgreSQL of which new rows alone are, by ``SCHEMA.TABLE``.
    """

    copy: Manifest
    before: Manifest | None
    read: Mapping[str, int] = field(default_factory=dict)

    def rows_before(self, table: str) -> int:
        """How many rows of a table the copy held."""
        kept = None if self.before is None else self.before.tables.get(table)
        return 0 if kept is None else kept.rows

    def changed(self, table: str) -> list[str]:
        """The months of a table that are new, have changed or are gone."""
        kept = None if self.before is None else self.before.tables.get(table)
        before = {} if kept is None else kept.months
        now = self.copy.tables[table].months
        months = sorted(before.keys() | now.keys())
        return [month for month in months if before.get(month) != now.get(month)]


def sync(
    folder: Path | str,
    *,
    whole: bool = False,
    memory_limit: str | None = None,
    then: Callable[[], object] | None = None,
) -> Synced:
    """Brings the copy of a book's sources to what they are now.

    Args:
        folder: the book's folder.
        whole: whether all rows of a database are read, those too that nothing tells to be new.
        memory_limit: such as ``"2GiB"``, of which queries have their share.
        then: what is done with the new copy before another sync may begin.

    Raises:
        BookError: the sources cannot be read, or another sync of the book is at work; the copy stays what it was.
    """
    folder = Path(folder).resolve()
    settings = read_settings(folder)
    place = folder / PLACE
    place.mkdir(parents=True, exist_ok=True)
    (place.parent / ".gitignore").write_text("*\n", encoding="utf-8")
    with _turn(place):
        synced = _sync(folder, settings, whole, memory_limit)
        if then is not None:
            then()
        return synced


def remove_copy(folder: Path) -> int:
    """Removes the copy of a book's sources, with the clean tables beside it; how many files that were.

    Raises:
        BookError: a sync of the book is at work.
    """
    place = folder.resolve() / PLACE
    if not place.exists():
        return 0
    with _turn(place):
        kept = [*place.rglob("*"), *place.with_name("clean").rglob("*")]
        gone = [path for path in kept if path.is_file() and path.name != _LOCK]
        # Without its manifest it is no copy, however far this comes.
        for path in sorted(gone, key=lambda path: path.name != MANIFEST):
            path.unlink()
    return len(gone)


@contextmanager
def _turn(place: Path) -> Iterator[None]:
    lock = FileLock(place / _LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BookError(
            where=str(place),
            found="another sync at work",
            expected="one at a time",
            mend="wait for its end",
        ) from None
    try:
        yield
    finally:
        lock.release()


def _sync(
    folder: Path, settings: Settings, whole: bool, memory_limit: str | None
) -> Synced:
    place, before = folder / PLACE, _gone_on_from(folder, settings)
    memory = None if memory_limit is None else memory_of(memory_limit)
    with closing(engine.connect(memory=memory)) as connection:
        with_news = None if whole else before
        news = News(
            Keeper(connection, place, with_news.databases if with_news else {}),
            _told_by(folder, settings),
        )
        copy = _copied(connection, folder, settings, before, news)
    write_manifest(place, copy)
    _sweep(place, [copy] if before is None else [copy, before])
    return Synced(copy, before, news.read)


def _told_by(folder: Path, settings: Settings) -> Mapping[str, str]:
    """The columns by which new rows of a database are told; none where accounts were erased.

    Of those tables rows are kept as the database has them, with the rows of erased accounts among them.
    """
    return {} if read_tombstones(folder) else settings.sync_by


def _gone_on_from(folder: Path, settings: Settings) -> Manifest | None:
    """The copy that there is, if it was made as one would be now."""
    try:
        before = read_manifest(folder / PLACE)
    except BookError:
        return None
    if before is None or before.made_by != code():
        return None
    return before if before.declared == declarations(settings) else None


def _copied(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    settings: Settings,
    before: Manifest | None,
    news: News,
) -> Manifest:
    """Reads and keeps all tables; the files are looked at first, so that a change meanwhile is seen afterwards."""
    synced_at = datetime.now(UTC)
    named = files_of_queries(connection, folder, settings)
    files = files_of_tables(folder, settings)
    tables = {}
    keeper = Keeper(connection, folder / PLACE, before.tables if before else {})
    with at_home(folder if settings.has_queries else None):
        sources = find_sources(connection, folder, settings, news.load)
        leave_out(connection, folder, sources)
        for table, query in sources.items():
            tables[table] = keeper.keep(table, query, files.get(table, {}))
    news.require_all_read()
    declared = declarations(settings)
    return Manifest(code(), declared, synced_at, named, tables, news.kept)


def _sweep(place: Path, manifests: Iterable[Manifest]) -> None:
    """Removes the files of copies before these, and what a sync that was stopped left behind."""
    named = {place / file for copy in manifests for file in copy.files}
    for file in place.glob("*/*"):
        if file not in named:
            file.unlink()
