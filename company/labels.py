"""Labels: what the company calls its accounts, and who looks after each; no part of how they fare."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from company.arrays import Ints
from company.branch import LABEL, Branch
from company.firm import Company
from company.traits import INDUSTRIES

PLACES = (
    *("Alder", "Ashford", "Birch", "Bridge", "Brook", "Castle", "Cedar", "Copper"),
    *("Corner", "East", "Elm", "Falcon", "Garden", "Granite", "Harbour", "Heron"),
    *("Hill", "Lake", "Linden", "Maple", "Meadow", "Mill", "North", "Oak", "Orchard"),
    *("Park", "Quay", "River", "Rowan", "Silver", "South", "Spring", "Station"),
    *("Stone", "Sunny", "Tower", "Valley", "West", "Willow", "Windmill"),
)
TRADES = {
    "retail": ("Stores", "Outfitters", "Books", "Market", "Supplies"),
    "craft": ("Joinery", "Pottery", "Metalworks", "Bakery", "Workshop"),
    "health": ("Clinic", "Dental", "Pharmacy", "Physio", "Opticians"),
    "hospitality": ("Hotel", "Kitchen", "Café", "Inn", "Catering"),
    "logistics": ("Freight", "Couriers", "Storage", "Haulage", "Shipping"),
    "education": ("School", "Academy", "Tutors", "Nursery", "Language School"),
}
"""What follows in the name of an account, by its industry."""

GIVEN = (
    *("Ada", "Ahmed", "Ana", "Ben", "Carla", "David", "Elif", "Emma", "Farid", "Grace"),
    *("Hugo", "Ines", "Ivan", "Jonas", "Julia", "Kofi", "Lena", "Luca", "Maria", "Mei"),
    *("Nadia", "Noah", "Olga", "Omar", "Paul", "Priya", "Rosa", "Sam", "Tara", "Yusuf"),
)
FAMILY = (
    *("Adams", "Albrecht", "Bauer", "Bianchi", "Brown", "Chen", "Costa", "Demir"),
    *("Dubois", "Evans", "Fischer", "Garcia", "Haddad", "Ito", "Jensen", "Khan"),
    *("Kowalski", "Lopez", "Mensah", "Moreau", "Nowak", "Okafor", "Patel", "Rossi"),
    *("Schmidt", "Silva", "Smith", "Tanaka", "Weber", "Young"),
)

CRM = "https://crm.example.com/accounts/"
"""Where an account's page would be: a name that is kept free for examples (RFC 2606)."""


def labels_table(branch: Branch, company: Company, ids: pa.Array) -> pa.Table:
    """The labels of a branch's accounts, as they are at the end of the records.

    Args:
        branch: whose stream of random numbers gives the names, and nothing else.
        company: the branch as it has been lived through.
        ids: of its accounts.

    Returns:
        A row per account: ``account_id``; ``name``; ``owner``, the rep at its desk; ``contact``, whom to call there;
        ``link``, its page in a CRM.
    """
    traits, rng = company.traits, branch.stream(LABEL)
    reps = company.desks.generation * branch.desks + np.arange(branch.desks)
    people = _people(branch.stream(LABEL, 1), int(reps.max()) + 1)
    return pa.table(
        {
            "account_id": ids,
            "name": pa.array(_firms(rng, traits.industry)),
            "owner": pa.array([people[rep] for rep in reps[traits.desk]]),
            "contact": pa.array(_people(rng, len(ids))),
            "link": pa.array([CRM + account for account in ids.to_pylist()]),
        }
    )


def _firms(rng: np.random.Generator, industries: Ints) -> list[str]:
    places = rng.integers(0, (len(PLACES), 5), (len(industries), 2))
    trades = [TRADES[INDUSTRIES[industry]] for industry in industries]
    drawn = zip(places, trades, strict=True)
    return [f"{PLACES[place]} {trade[kind]}" for (place, kind), trade in drawn]


def _people(rng: np.random.Generator, size: int) -> list[str]:
    places = rng.integers(0, (len(GIVEN), len(FAMILY)), (size, 2))
    return [f"{GIVEN[given]} {FAMILY[family]}" for given, family in places]
