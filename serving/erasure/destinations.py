"""Destinations without some accounts: what files and databases hold of them goes, and CRMs are told to blank them."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

import pandas as pd

from features.engine import DUCKDB
from features.errors import PinchError
from serving.delivery.chat import Chat
from serving.delivery.destinations import ByRow, Destination
from serving.delivery.duckdb_file import DuckDBFile
from serving.delivery.edition import Edition
from serving.delivery.ledger import DELIVERED, open_ledger
from serving.delivery.parquet_folder import ParquetFolder
from serving.delivery.postgres_tables import PostgresTables, transaction
from serving.delivery.web import Web
from serving.delivery.write_back import write_back
from serving.erasure.journal import Journal
from serving.erasure.places import Places, erase_from_files, files_below

Ids = Collection[str]

_TELLS = "tells the system that the account is blank: load it, then remove it"
_NAMING = """
select table_name from information_schema.columns
where table_schema = $1 and column_name = 'account_id' order by table_name"""


def erase_from_destinations(
    destinations: Collection[Destination],
    nights: Path,
    edition: Edition | None,
    journal: Journal,
    web: Web,
    places: Places,
) -> None:
    """Removes accounts from all destinations; one that fails keeps none of the others from it, and is told.

    Args:
        destinations: where nights go.
        nights: the folder of nights, whose ledgers are in its folder ``delivered``; the caller has its turn there.
        edition: the night that readers follow, without the accounts; None where there is none.
        journal: of the erasure, which has the ids of the accounts.
        web: sends requests.
        places: takes down what is found.
    """
    for each in destinations:
        try:
            _erase(each, nights, edition, journal, web, places)
        except (PinchError, OSError) as error:
            places.remains[f"destination {each.title}"] = str(error)
    titles = {each.title for each in destinations if isinstance(each, ByRow)}
    others = [
        file
        for file in files_below(nights / DELIVERED)
        if file.suffix != ".parquet" or file.stem not in titles
    ]
    erase_from_files(others, journal.ids, places)


def _erase(
    destination: Destination,
    nights: Path,
    edition: Edition | None,
    journal: Journal,
    web: Web,
    places: Places,
) -> None:
    ids = journal.ids
    if isinstance(destination, ParquetFolder):
        erase_from_files(files_below(Path(destination.folder)), ids, places)
    elif isinstance(destination, DuckDBFile):
        file = Path(destination.file)
        erase_from_files([file] if file.exists() else [], ids, places)
    elif isinstance(destination, PostgresTables):
        places.add(destination.title, _erase_from_postgres(destination, ids))
    elif not isinstance(destination, Chat):
        folder = getattr(destination, "folder", None)
        if folder is not None:
            files = [
                file
                for file in files_below(Path(folder))
                if str(file) not in journal.told
            ]
            erase_from_files(files, ids, places)
        _blank(destination, nights, edition, journal, web, places)
        for told in filter(os.path.exists, journal.told):
            places.remains[told] = _TELLS


def _erase_from_postgres(destination: PostgresTables, ids: Ids) -> dict[str, int]:
    """Removes the rows of accounts from all tables of a schema, in one transaction."""
    values = ", ".join(map(DUCKDB.literal, sorted(ids)))
    schema, found = destination.schema_, {}
    with transaction(destination.held(destination.url), destination.where) as opened:
        with opened.cursor() as cursor:
            cursor.execute(_NAMING, (schema,))
            tables = [str(name) for (name,) in cursor.fetchall()]
            for table in tables:
                of = f'"{schema}"."{table}" where account_id::text in ({values})'
                cursor.execute(f"select count(*) from {of}")
                ((rows,),) = cursor.fetchall()
                if rows:
                    cursor.execute(f"delete from {of}")
                    found[f"{destination.title}: {schema}.{table}"] = int(rows)
        opened.commit()
    return found


def _blank(
    destination: ByRow,
    nights: Path,
    edition: Edition | None,
    journal: Journal,
    web: Web,
    places: Places,
) -> None:
    """Tells a system that accounts are blank; its ledger forgets those that it has taken."""
    title, address = destination.title, destination.address
    ledger, ids = open_ledger(nights, title, address), journal.ids
    told = ledger.rows.index.intersection([*ids])
    if told.empty:
        erase_from_files([ledger.file] if ledger.file.exists() else [], ids, places)
        return
    why = "no night to tell it by"
    if not destination.blanks:
        ledger.settle(pd.Series(dtype="object"), told)
        ledger.save()
    elif edition is not None:
        report = write_back(edition, destination, nights, web)
        why = report.error or report.said or ", ".join(report.reasons)
        journal.note(report.files)
    left = open_ledger(nights, title, address).rows.index.intersection([*ids])
    if len(left):
        places.remains[str(ledger.file)] = (
            f"{title} has not taken that the account is blank ({why}): run pinch forget again"
        )
    if len(left) < len(told):
        places.add(ledger.file.parent, {ledger.file.name: len(told) - len(left)})
