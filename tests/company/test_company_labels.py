"""The labels of the sample company: names that people read, apart from all that happens to the accounts."""

import numpy as np
import pytest

import company
from company.labels import labels_table
from company.tables import whole as writing


@pytest.fixture(scope="module")
def world():
    return company.simulate(80, 6, seed=3)


def test_every_account_has_a_name_an_owner_somebody_to_call_and_a_page(world):
    labels = world.tables()["labels"]
    assert (
        labels["account_id"].tolist()
        == world.tables()["accounts"]["account_id"].tolist()
    )
    assert labels.notna().all(axis=None)
    assert labels["link"][7] == "https://crm.example.com/accounts/A000007"


def test_the_owner_is_whoever_sits_at_the_desk_of_the_account(world):
    (branch,) = world.branches
    lived = branch.at(branch.weeks)
    ids = writing.account_ids(branch)
    owners = np.array(labels_table(branch, lived, ids)["owner"].to_pylist())
    desk = lived.traits.desk
    of_desk = [set(owners[desk == place]) for place in range(branch.desks)]
    assert [len(names) for names in of_desk] == [1] * branch.desks
    lived.desks.generation[0] += 1
    later = np.array(labels_table(branch, lived, ids)["owner"].to_pylist())
    assert (later != owners).tolist() == (desk == 0).tolist()


def test_labels_shift_nothing_else_of_the_company(world, monkeypatch):
    def none(branch, lived, ids):
        return labels_table(branch, lived, ids).slice(0, 0)

    with_labels = world.tables()
    monkeypatch.setattr(writing, "labels_table", none)
    without = company.simulate(80, 6, seed=3).tables()
    assert without.pop("labels").empty
    assert with_labels.pop("labels").shape == (80, 5)
    for name, table in without.items():
        assert table.equals(with_labels[name]), name
