"""Lineage: a feature that is made of a fact is known to be, also one that nobody has thought of yet."""

from contextlib import closing
from dataclasses import replace

import pytest

from features.contract import JOINED_FACTS
from features.dictionary import FEATURES, made_of
from features.history import ACCOUNT, INTERACTION, REP, Source
from features.snapshot import KEYS, snapshot
from features.theme import Formula, Theme, count, largest


@pytest.mark.parametrize("fact", JOINED_FACTS)
def test_without_a_fact_those_features_change_that_are_made_of_it_and_no_others(sample_book, fact):
    with_fact = snapshot(sample_book, [sample_book.watermark])
    with closing(sample_book.connection.cursor()) as connection:
        blank = f"select * replace (cast(null as varchar) as {fact}) from memory.main.accounts"
        connection.execute(f"create temp view accounts as {blank}")
        without = snapshot(replace(sample_book, connection=connection), [sample_book.watermark])
    changed = {name for name in FEATURES if not with_fact[name].equals(without[name])}
    assert with_fact[list(KEYS)].equals(without[list(KEYS)])
    assert changed == made_of([fact]) - {"profile_filled"}  # counted when the book was opened


planted = Theme("planted", title="Planted", about="What a new theme may read.", seeds=("S1",))
_NAMES_IT = Source("names_it", "select pair, market as place from {account}", reads=(ACCOUNT,))
_HANDS_ON = Source("hands_on", "select * from {account}", reads=(ACCOUNT,))
_BY_ITSELF = Source(
    "by_itself", "select c.pair, R.Tier from cohort as c join accounts as R on R.account_id = c.account_id"
)


def plant(name, how):
    def declared():
        """Planted."""
        return how

    declared.__name__ = name
    planted.feature(unit="rows", says="planted")(declared)


plant("of_the_account", largest(ACCOUNT, "case when style = 'calm' then 1 end"))
plant("of_a_source_that_names_it", count(_NAMES_IT, "place = 'north'"))
plant("of_a_source_that_hands_it_on", count(_HANDS_ON, "market = 'north'"))
plant("of_a_source_of_its_own", count(_BY_ITSELF))
plant("of_a_feature_that_is", Formula("of_the_account + 1"))
plant("of_a_feature_of_a_feature", Formula("coalesce(of_a_feature_that_is, 0e0)"))
plant("of_all", largest(ACCOUNT, "profile_filled"))
plant("of_the_age", largest(ACCOUNT, "age"))
plant("of_the_style_of_a_rep", count(REP, "style = 'calm'"))
plant("of_what_happened", count(INTERACTION))
PLANTED = {feature.name: feature for feature in planted.features}


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        ("style", {"of_the_account", "of_a_feature_that_is", "of_a_feature_of_a_feature", "of_all"}),
        ("market", {"of_a_source_that_names_it", "of_a_source_that_hands_it_on", "of_all"}),
        ("tier", {"of_a_source_of_its_own", "of_all"}),
        ("colour", {"of_all"}),
    ],
)
def test_a_new_feature_that_reads_a_fact_is_caught(fact, expected):
    assert made_of([fact], PLANTED) == expected
    assert made_of([], PLANTED) == set()
