"""Lineage: a feature that is made of a fact is known to be, also one that nobody has thought of yet."""

from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest

from features.past.declaration import Formula, Theme
from features.past.measure import count, largest
from features.past.row_sources import ACCOUNT, INTERACTION, PROFILE
from features.snapshot.frame import KEYS, snapshot
from features.themes.dictionary import FEATURES, made_of
from features.timeline.expression import of
from features.timeline.histories import Source
from features.timeline.things import Things
from features.vocabulary.contract import JOINED_FACTS


@pytest.mark.parametrize("fact", JOINED_FACTS)
def test_without_a_fact_those_features_change_that_are_made_of_it_and_no_others(
    sample_book, fact
):
    with_fact = snapshot(sample_book, [sample_book.watermark])
    with closing(sample_book.connection.cursor()) as connection:
        blank = f"select * replace (cast(null as varchar) as {fact}) from memory.main.accounts"
        connection.execute(f"create temp view accounts as {blank}")
        without = snapshot(
            replace(sample_book, connection=connection), [sample_book.watermark]
        )
    changed = {name for name in FEATURES if not with_fact[name].equals(without[name])}
    assert with_fact[list(KEYS)].equals(without[list(KEYS)])
    assert changed == made_of([fact]) - {
        "profile_filled"
    }  # counted when the book was opened


def reading(column, name="reads"):
    """A source that reads a column of the accounts."""
    return Source(
        name, lambda past: one_each(past, past.ledger.accounts[column][past.account])
    )


def one_each(past, values):
    return Things(np.arange(len(past.account)), {"age": values}, len(past.account))


def by_another(past):
    """A source that is made of another one."""
    return one_each(past, past.of(reading("market")).columns["age"])


def of_reps(past):
    return one_each(past, np.full(len(past.account), len(past.ledger.reps["style"])))


planted = Theme(
    "planted", title="Planted", about="What a new theme may read.", seeds=("S1",)
)


def plant(name, how):
    def declared():
        """Planted."""
        return how

    declared.__name__ = name
    planted.feature(unit="rows", says="planted")(declared)


plant("of_the_account", largest(reading("style"), of.age))
plant("of_a_source_of_a_source", largest(Source("by_another", by_another), of.age))
plant("of_a_tier", count(reading("is_key")))
plant("of_a_feature_that_is", Formula(of.of_the_account + 1))
plant("of_a_feature_of_a_feature", Formula(of.of_a_feature_that_is.otherwise(0)))
plant("of_all", largest(PROFILE, of.filled))
plant("of_the_age", largest(ACCOUNT, of.age))
plant("of_the_style_of_a_rep", count(Source("of_reps", of_reps)))
plant("of_what_happened", count(INTERACTION))
PLANTED = {feature.name: feature for feature in planted.features}


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (
            "style",
            {
                "of_the_account",
                "of_a_feature_that_is",
                "of_a_feature_of_a_feature",
                "of_all",
            },
        ),
        ("market", {"of_a_source_of_a_source", "of_all"}),
        ("tier", {"of_a_tier", "of_all"}),
        ("colour", {"of_all"}),
    ],
)
def test_a_new_feature_that_reads_a_fact_is_caught(fact, expected):
    assert made_of([fact], PLANTED) == expected
    assert made_of([], PLANTED) == set()
