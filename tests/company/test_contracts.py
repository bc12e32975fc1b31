"""Contracts of the sample company: terms bind, renewals are when some leave, and payments fail."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

import company
from company import Knobs, hazards, terms
from company.calendar import END
from company.index import QUADRANTS
from features.book.book import open_book

CLEAN = Knobs(bad=0.0, duplicates=0.0, late=0.0, contracts=0.6)
AS_OF = END - timedelta(days=182)
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def world():
    return company.simulate(1500, 24, seed=11, knobs=CLEAN)


@pytest.fixture(scope="module")
def tables(world):
    return world.tables()


@pytest.fixture(scope="module")
def departures(world):
    return world.truth(26)["departures"]


@pytest.fixture(scope="module")
def agreed(tables):
    """The last word on each term, in order of time, without those that were annulled."""
    contracts = tables["contracts"].sort_values("known_at", kind="stable")
    last = contracts.drop_duplicates(["contract_id", "starts_at"], keep="last")
    run = last[last.ends_at > last.starts_at]
    return run.sort_values(["contract_id", "starts_at"])


@pytest.fixture(scope="module")
def invoices(tables):
    """A row per invoice: when it was sent, paid, failed and noted as late."""
    rows = tables["interactions"]
    money = rows[rows.kind.str.contains("invoice|payment")]
    by_kind = money.pivot_table("occurred_at", "matter_id", "kind", aggfunc="min")
    return by_kind.join(money.drop_duplicates("matter_id").set_index("matter_id"))


@pytest.fixture(scope="module")
def told(world, agreed, departures):
    """The oracle's answers for the bound, with what happened and when their terms end."""
    told = world.oracle(AS_OF, 91, draws=60)
    begin, end = pd.Timestamp(AS_OF), pd.Timestamp(AS_OF) + 91 * DAY
    within = departures[departures.occurred_at.between(begin, end)]
    running = agreed[(agreed.starts_at < begin) & (agreed.ends_at >= begin)]
    told["left"] = told.account_id.isin(within.account_id)
    return told.merge(running[["account_id", "starts_at", "ends_at"]])


class TestTerms:
    def test_one_term_follows_the_other(self, agreed):
        before = agreed.groupby("contract_id").ends_at.shift()
        follows = before.notna()
        assert follows.sum() > 500
        assert (agreed.starts_at == before)[follows].all()

    def test_terms_are_of_a_month_a_year_or_two(self, agreed, departures):
        whole = agreed[~agreed.ends_at.isin(departures.occurred_at)]
        days = (whole.ends_at - whole.starts_at) / DAY
        assert set(days) == {28.0, 364.0, 728.0}

    def test_some_sign_late_but_within_the_grace(self, tables):
        contracts = tables["contracts"].sort_values("known_at", kind="stable")
        signed = contracts.drop_duplicates(["contract_id", "starts_at"])
        late = (signed.known_at - signed.starts_at) / DAY
        assert late.max() < 30
        assert 0.03 < (late > 0).mean() < 0.2

    def test_who_does_more_renews_for_more(self, agreed):
        change = agreed.value / agreed.groupby("contract_id").value.shift()
        assert 0.95 < change.median() < 1.1
        assert (change > 1.05).mean() > 0.1
        assert (change < 0.95).mean() > 0.05

    def test_notice_is_known_before_the_end_and_nearly_all_who_gave_it_leave(
        self, tables, departures
    ):
        contracts = tables["contracts"].sort_values("known_at", kind="stable")
        again = contracts.duplicated(["contract_id", "starts_at"])
        same_end = contracts.duplicated(["contract_id", "starts_at", "ends_at"])
        notice = contracts[again & same_end & ~contracts.auto_renews.astype(bool)]
        ahead = notice[notice.known_at < notice.ends_at]
        over = ahead[ahead.ends_at < pd.Timestamp(END)]
        left = over.merge(departures, left_on=["account_id"], right_on=["account_id"])
        assert len(over) > 15
        assert (left.occurred_at <= left.ends_at).sum() == len(over)


class TestLeaving:
    def test_most_of_the_bound_leave_at_the_end_of_a_term(self, agreed, departures):
        bound = departures[departures.account_id.isin(agreed.account_id)]
        first = agreed[(agreed.ends_at - agreed.starts_at) / DAY % 28 == 0]
        ends = set(zip(first.account_id, first.ends_at, strict=True))
        at_end = [
            pair in ends
            for pair in zip(bound.account_id, bound.occurred_at, strict=True)
        ]
        assert len(bound) > 100
        assert 0.7 < np.mean(at_end) < 0.97

    def test_every_lapse_of_the_book_is_a_departure_on_record(self, tmp_path):
        company.write_sample(tmp_path, 400, months=18, seed=3, knobs=CLEAN)
        truth = company.simulate(400, 18, seed=3, knobs=CLEAN).truth(26)
        with open_book(tmp_path) as book:
            asked = "select account_id, occurred_us, lapsed from departures"
            known = pd.DataFrame(
                book.ask(asked), columns=["account_id", "at", "lapsed"]
            )
        known["occurred_at"] = pd.to_datetime(known["at"], unit="us")
        true = known.merge(truth["departures"], on=["account_id", "occurred_at"])
        assert known.lapsed.sum() > 10
        assert len(true) == len(known)

    def test_contracts_shift_nothing_of_those_that_hold_none(self, world, departures):
        alone = company.simulate(1500, 24, seed=11, knobs=Knobs(contracts=0))
        held = world.branches[0].found().traits.held
        free = {f"A{number:06d}" for number in np.flatnonzero(~held)}

        def of_the_free(left):
            return left[left.account_id.isin(free)].reset_index(drop=True)

        pd.testing.assert_frame_equal(
            of_the_free(departures), of_the_free(alone.truth(26)["departures"])
        )

    def test_without_contracts_there_are_no_tables_of_them(self):
        tables = company.simulate(40, 4, seed=1, knobs=Knobs(contracts=0)).tables()
        assert not {"contracts", "scheduled"} & set(tables)
        assert not tables["interactions"].kind.isin(["invoice_sent", "payment"]).any()

    def test_the_chance_of_leaving_waits_for_the_end_of_the_term(self):
        branch = company.simulate(5, 4, seed=1, knobs=Knobs(contracts=1)).branches[0]
        firm = branch.found()
        states = firm.states
        # Faded to nothing out of indifference: 0.003 + 0.13 a week if it were free.
        states.present[:], states.pulse[:], states.voiced[:] = True, 0.0, False
        states.intent[:] = [6, 6, 6, 6, 1]
        states.will[:] = 0.7
        states.term_end[:] = [20, 0, 0, 0, 20]
        states.signed[:] = [False, False, True, False, False]
        states.going[:] = [False, False, False, True, False]
        early = terms.EARLY * 0.133
        expected = [early, 0.7, early, 1.0, 0.6]
        np.testing.assert_allclose(hazards.leaving(states)[:4], 0.133)
        np.testing.assert_allclose(terms.leaving(firm), expected)

    def test_shares_that_cannot_be(self):
        with pytest.raises(ValueError, match="expected a share from 0 to 1"):
            Knobs(contracts=1.1)


class TestPayments:
    def test_invoices_are_paid_once_and_after_they_were_sent(self, invoices, tables):
        payments = tables["interactions"].query("kind == 'payment'")
        assert payments.matter_id.is_unique
        assert (invoices.payment >= invoices.invoice_sent)[
            invoices.payment.notna()
        ].all()
        assert invoices.invoice_sent.notna().all()

    def test_late_is_what_is_noted_as_late(self, invoices):
        days = (invoices.payment - invoices.invoice_sent) / DAY
        noted = invoices.payment_late.notna()
        paid = invoices.payment.notna()
        assert (days[noted & paid] > 14).all()
        assert 0.02 < noted.mean() < 0.15

    def test_who_fades_pays_later(self, invoices, departures):
        gone = departures[departures.reason == "indifference"]
        gone = gone[~gone.overt].drop_duplicates("account_id").set_index("account_id")
        before = (gone.occurred_at.reindex(invoices.account_id).to_numpy()) - (
            invoices.invoice_sent.to_numpy()
        )
        last_months = (before > 0 * DAY) & (before < 120 * DAY)
        late = invoices.payment_late.notna()
        assert last_months.sum() > 50
        assert late[last_months].mean() > 2 * late[~last_months].mean()

    def test_a_few_leave_because_a_payment_failed(self, invoices, departures):
        cut_off = departures[departures.reason == "payment"]
        assert 0 < len(cut_off) < 0.12 * len(departures)
        assert set(cut_off.trigger) == {"payment_failed"}
        assert not cut_off.overt.any()
        failed = invoices[invoices.payment_failed.notna() & invoices.payment.isna()]
        told = cut_off.merge(failed, on="account_id")
        weeks = (told.occurred_at_x - told.payment_failed) / DAY / 7
        assert weeks.between(3, 6).sum() >= 0.9 * len(cut_off)


class TestPlanned:
    def test_what_is_planned_lies_ahead_and_may_be_called_off(self, tables):
        scheduled = tables["scheduled"]
        assert (scheduled.scheduled_at > scheduled.known_at).all()
        assert (scheduled.scheduled_at > pd.Timestamp(END)).any()
        assert set(scheduled.kind) == {"renewal_call", "meeting"}
        assert 0.03 < scheduled.cancelled.mean() < 0.2
        planned = scheduled[~scheduled.cancelled]
        assert planned.scheduled_id.is_unique
        assert set(scheduled.scheduled_id) == set(planned.scheduled_id)

    def test_the_holdout_is_left_alone(self, tables):
        alone = tables["accounts"].query("holdout == 'yes'").account_id
        assert not tables["scheduled"].account_id.isin(alone).any()


class TestOracle:
    def test_its_probabilities_are_what_happens(self, told):
        bands = pd.cut(told.p_defected, [0, 0.02, 0.2, 0.9, 1.01])
        seen = told.groupby(bands, observed=True).agg(
            told=("p_defected", "mean"), left=("left", "mean"), rows=("left", "size")
        )
        noise = np.sqrt(seen.told * (1 - seen.told) / seen.rows)
        assert len(told) > 400
        assert ((seen.told - seen.left).abs() < 3 * noise + 0.01).all()

    def test_it_knows_when_terms_end(self, told):
        end = pd.Timestamp(AS_OF) + 91 * DAY
        due = told[told.ends_at <= end].p_defected
        later = told[told.ends_at > end].p_defected
        assert due.mean() > 3 * later.mean()

    def test_all_ways_of_leaving_add_up(self, told):
        causes = told.filter(like="p_left_")
        np.testing.assert_allclose(causes.sum(axis=1), told.p_defected)
        assert 0 < causes["p_left_payment"].mean() < 0.01
        standing = [f"p_{name}" for name in QUADRANTS]
        np.testing.assert_allclose(told[["p_defected", *standing]].sum(axis=1), 1)

    def test_contact_keeps_some_of_the_bound_too(self):
        bound = company.simulate(300, 12, seed=8, knobs=Knobs(contracts=1))
        change = bound.counterfactual(END - timedelta(days=91), "contacted", 91, 60)
        assert change.p_defected.mean() < -0.001
