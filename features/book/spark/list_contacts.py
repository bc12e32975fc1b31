"""Contacts from lists among the clean interactions, on Spark, see `features.cleaning.list_contacts`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.cleaning.list_contacts import list_contacts_sql
from features.engine import SPARK

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def add_list_contacts(session: SparkSession) -> None:
    """Adds the contacts of the clean ``outcomes`` to the clean ``interactions``."""
    contacts = session.sql(list_contacts_sql(SPARK))
    own = session.table("interactions")
    own.unionByName(contacts).createOrReplaceTempView("interactions")
