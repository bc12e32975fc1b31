"""Contacts from lists among the clean interactions of a book, see `features.cleaning.list_contacts`."""

from __future__ import annotations

import duckdb

from features.cleaning.enumerations import IN_ORDER, numbered_sql
from features.cleaning.list_contacts import REACHED, list_contacts_sql
from features.cleaning.normalised import clean_columns
from features.engine import single

_WITH = """
    create or replace table interactions as
    select * from (
        select * from interactions
        union all by name
        select * from ({contacts})
    ) as r
    order by r.account, {order}"""


def add_list_contacts(connection: duckdb.DuckDBPyConnection) -> None:
    """Adds the contacts of the clean ``outcomes`` to the clean ``interactions``."""
    any_contact = f"select count(*) from outcomes where {REACHED}"
    if not single(connection, any_contact):
        return
    columns = clean_columns("interactions")
    contacts = numbered_sql("interactions", list_contacts_sql(), columns)
    order = IN_ORDER["interactions"]
    connection.execute(_WITH.format(contacts=contacts, order=order))
