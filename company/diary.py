"""The diary: what a real company's systems would record of the weeks lived, as rows of interactions."""

from __future__ import annotations

import numpy as np

from company.arrays import Flags, Floats, Ints, select
from company.calendar import DAY, Calendar
from company.rows import KIND_NUMBER, NONE, Rows, join, rows
from company.traits import Traits
from company.week import Week

STAND_IN = 0.12
"""Share of contacts that another rep than the account's own takes."""

MATTER_KINDS = ("question", "request", "complaint", "failure", "promise_made")


class Diary:
    """Writes down the weeks of one branch."""

    def __init__(
        self,
        weeks: Week,
        traits: Traits,
        calendar: Calendar,
        first_account: int,
        rng: np.random.Generator,
    ) -> None:
        """Takes the stacked weeks (first axis: week) of the accounts with the given traits."""
        self.weeks, self.traits, self.calendar, self.rng = weeks, traits, calendar, rng
        self.first_account = first_account

    def write(self) -> Rows:
        """All interactions, in order of time, without those after a departure or after the data stops."""
        parts = [
            *self.routine(),
            *self.contact(),
            *self.matters(),
            *self.promises(),
            *self.surveys(),
            *self.returns(),
        ]
        written = join(parts)
        written = select(written, np.flatnonzero(self.happened(written)))
        self.name_reps(written)
        return select(written, np.argsort(written.time, kind="stable"))

    # -- one method for each part of the business --

    def routine(self) -> list[Rows]:
        """Purchases, visits and uses; the fading use fewer channels, for less time, and buy less (S32)."""
        week, account = np.nonzero(self.weeks.routine)
        times = self.weeks.routine[week, account]
        week, account = np.repeat(week, times), np.repeat(account, times)
        pulse, draw = self.weeks.pulse[week, account], self.rng.random((3, len(week)))
        shopper = self.traits.shopper[account]
        bought, used = draw[0] < shopper, draw[0] > shopper + 0.3 * (1 - shopper)
        narrow = np.where(
            draw[1] < 0.35 + 0.5 * pulse, (draw[2] * 3).astype(np.int64), 0
        )
        time = self.at(week, self._business_days(len(week)))
        amount = np.round(
            self.traits.amount[account]
            * (0.6 + 0.4 * pulse)
            * np.exp(0.5 * self._normal(week)),
            2,
        )
        minutes = np.round(25 * pulse * np.exp(0.4 * self._normal(week)), 1)
        visited = ~bought & ~used
        home = account % 3
        parts = [
            _some(
                rows(
                    "purchase",
                    week,
                    account,
                    time,
                    channel=(home + narrow) % 3,
                    value=amount,
                ),
                bought,
            ),
            _some(
                rows("visit", week, account, time, channel=(home + narrow) % 2), visited
            ),
            _some(
                rows(
                    "use",
                    week,
                    account,
                    time,
                    channel=4 + (home + narrow) % 5,
                    minutes=minutes,
                ),
                used,
            ),
        ]
        return parts + self.deliveries(parts[0])

    def deliveries(self, bought: Rows) -> list[Rows]:
        """What follows some purchases: delivery on time or late, notice of a delay, goods sent back."""
        product = self.weeks.product[bought.week, bought.account]
        draw = self.rng.random((3, len(bought.week)))
        sent = draw[0] < 0.2
        late_days = np.where(
            draw[1] < 0.28 - 0.03 * product, self.rng.exponential(3, len(product)), 0
        )
        arrived = bought.time + ((2 + late_days) * DAY).astype(np.int64)
        minutes = np.asarray(np.round(late_days * 1440))
        delivery = rows(
            "delivery", bought.week, bought.account, arrived, minutes=minutes
        )
        warned = sent & (late_days > 1) & (draw[2] < 0.5)
        notice = rows("delay_notice", bought.week, bought.account, bought.time + DAY)
        back = draw[2] > 0.985 - 0.03 * np.clip(5.5 - product, 0, 3)
        returned = rows(
            "cancellation",
            bought.week,
            bought.account,
            bought.time + 5 * DAY,
            value=bought.value,
        )
        return [_some(delivery, sent), _some(notice, warned), _some(returned, back)]

    def contact(self) -> list[Rows]:
        """What both sides say unasked."""
        w = self.weeks
        week, account = np.nonzero(w.outreach)
        sent = self.at(week, self._business_days(len(week)))
        outreach = rows(
            "outreach",
            week,
            account,
            sent,
            channel=self._choose((2, 3), week),
            minutes=self._minutes(week, 8),
        )
        replied = w.reply[week, account]
        hours = np.exp(2.5 - 0.5 * w.warmth[week, account] + 0.8 * self._normal(week))
        reply = rows(
            "reply",
            week,
            account,
            self._later(sent, hours / 24),
            channel=outreach.channel,
            sentiment=self._tone(week, account),
        )
        parts = [outreach, _some(reply, replied)]
        for kind, happened in (
            ("surprise", w.surprise),
            ("compliment", w.compliment),
            ("referral", w.referral),
            ("unmet_request", w.unmet),
        ):
            week, account, time = self._when(happened)
            parts.append(
                rows(kind, week, account, time, channel=self._choose((1, 2, 3), week))
            )
        parts[3].sentiment[:] = np.clip(
            0.5 + 0.4 * self._tone(parts[3].week, parts[3].account), -1, 1
        )
        week, account, time = self._when(w.handover)
        return [*parts, rows("handover", week, account, time)]

    def matters(self) -> list[Rows]:
        """Questions, requests, complaints and failures, each with what was done about it."""
        parts: list[Rows] = []
        for kind in MATTER_KINDS[:4]:
            week, account, opened = self._when(getattr(self.weeks, kind))
            matter = self._matter(kind, week, account)
            said = self._tone(week, account) - (0.5 if kind == "complaint" else 0.0)
            sentiment = (
                np.full(len(week), np.nan)
                if kind == "failure"
                else np.clip(said, -1, 1)
            )
            opening = rows(
                kind,
                week,
                account,
                opened,
                channel=self._choose((1, 2, 3), week),
                matter=matter,
                sentiment=sentiment,
            )
            parts += [opening, *self.handling(kind, opening)]
        return parts

    def handling(self, kind: str, opening: Rows) -> list[Rows]:
        """What is done about matters: answers, holds, transfers, apologies, resolutions, and what is reopened."""
        week = opening.week
        account = opening.account
        matter = opening.matter
        opened = opening.time
        w, draw = self.weeks, self.rng.random((6, len(week)))
        days = w.resolution_days[week, account]
        answered = self._later(
            opened, np.minimum(w.answer_hours[week, account] / 24, 0.9 * days)
        )
        resolved = self._later(opened, days)
        between = self._later(opened, days * (0.3 + 0.6 * draw[0]))
        solved = w.solved[week, account]
        declined = (kind == "request") & (draw[1] < 0.15)
        again = solved & (draw[2] < 0.07)
        reopened = self._later(resolved, 1 + 9 * draw[3])

        def row(name: str, time: Ints, happened: Flags, **columns: Floats) -> Rows:
            return _some(
                rows(
                    name,
                    week,
                    account,
                    time,
                    channel=opening.channel,
                    matter=matter,
                    **columns,
                ),
                happened,
            )

        return [
            row("answer", answered, (days > 0.5) & (draw[5] < 0.8)),
            row(
                "hold",
                opened,
                (opening.channel == 2) & (draw[4] < 0.5),
                minutes=self._minutes(week, 6),
            ),
            row("transfer", between, (days > 2) & (draw[4] > 0.8)),
            row(
                "apology",
                between,
                w.apology[week, account] & (kind in ("complaint", "failure")),
            ),
            row("request_declined", answered, declined),
            row("option_offered", between, declined & (draw[5] < 0.5)),
            row("resolution", resolved, solved),
            row("reopen", reopened, again, sentiment=self._tone(week, account)),
            row("resolution", self._later(reopened, days), again & (draw[5] < 0.85)),
        ]

    def promises(self) -> list[Rows]:
        """The ledger of promises; some that were broken are never written down as broken and stay open."""
        w = self.weeks
        week, account, time = self._when(w.promise_made)
        matter = self._matter("promise_made", week, account)
        due = np.asarray((w.promise_weeks[week, account] + 1) * 7 * 1440.0)
        made = rows("promise_made", week, account, time, matter=matter, minutes=due)
        return [
            made,
            self.outcome("promise_kept", w.promise_kept, 0.95, 0),
            self.outcome("promise_broken", w.promise_broken, 0.6, 14),
        ]

    def outcome(self, kind: str, happened: Flags, noted: float, days_late: int) -> Rows:
        """How promises ended, as far as it was noted down: a broken one only when it was well overdue."""
        week, account, time = self._when(
            happened & (self.rng.random(happened.shape) < noted)
        )
        matter = self._matter(
            "promise_made", self.weeks.promised_in[week, account], account
        )
        return rows(
            kind,
            week,
            account,
            self._later(time, np.full(len(week), float(days_late))),
            matter=matter,
        )

    def surveys(self) -> list[Rows]:
        """Surveys as we sent them; the answers are rows of another table."""
        week, account = np.nonzero(self.weeks.asked | self.weeks.asked_after)
        return [
            rows(
                "survey_sent",
                week,
                account,
                self.at(week, np.full(len(week), 1.4)),
                channel=np.full(len(week), 3),
            )
        ]

    def returns(self) -> list[Rows]:
        """Accounts that came back after having left."""
        week, account, time = self.returned()
        return [
            rows("return", week, account, time, channel=self._choose((0, 1, 2), week))
        ]

    # -- departures, and what they make impossible --

    def returned(self) -> tuple[Ints, Ints, Ints]:
        """Week, account and instant of every return: its first moment, before anything else in that week."""
        week, account = np.nonzero(self.weeks.returns)
        return week, account, self.at(week, np.zeros(len(week)))

    def departed(self) -> tuple[Ints, Ints, Ints]:
        """Week, account and instant of every departure."""
        week, account = np.nonzero(self.weeks.leaves)
        return week, account, self.at(week, self.weeks.leave_day[week, account])

    def happened(self, written: Rows) -> Flags:
        """Which rows took place: before the data stops, and not while the account was gone."""
        away = self.away(written.account, written.time)
        return (written.time < self.calendar.stop) & ~away

    def away(self, account: Ints, time: Ints) -> Flags:
        """Whether accounts were gone at given instants."""
        span = np.int64(1 << 40)
        seconds = time // 1_000_000
        _, left, left_at = self.departed()
        _, back, back_at = self.returned()
        if not len(left):
            return np.zeros(len(account), dtype=bool)
        goings = np.sort(left * span + left_at // 1_000_000)
        comings = np.sort(back * span + back_at // 1_000_000)
        moment = account * span + seconds
        gone = np.searchsorted(goings, moment, "right") - np.searchsorted(
            goings, account * span, "left"
        )
        came = np.searchsorted(comings, moment, "right") - np.searchsorted(
            comings, account * span, "left"
        )
        return np.asarray(gone > came)

    def name_reps(self, written: Rows) -> None:
        """Fills in who of us took part; sometimes a colleague stands in, and our shop and site have nobody."""
        desks = self.weeks.rep_generation.shape[1]
        own = self.traits.desk[written.account]
        stands_in = self.rng.random(len(own)) < STAND_IN
        desk = np.where(stands_in, self.rng.integers(0, desks, len(own)), own)
        last = len(self.weeks.rep_generation) - 1
        week = np.clip((written.time - self.calendar.start) // (7 * DAY), 0, last)
        written.rep[:] = self.weeks.rep_generation[week, desk] * desks + desk
        handed = written.kind == KIND_NUMBER["handover"]
        written.rep[handed] = (self.weeks.rep_generation[week, own] * desks + own)[
            handed
        ]
        unmanned = (written.channel >= 4) | (written.channel == 1)
        written.rep[unmanned & ~handed] = NONE

    # -- small helps --

    def _when(self, happened: Flags) -> tuple[Ints, Ints, Ints]:
        week, account = np.nonzero(happened)
        return week, account, self.at(week, self._business_days(len(week)))

    def at(self, week: Ints, days: Floats) -> Ints:
        """Instants so many days after the start of the weeks."""
        return self.calendar.instants(week, days)

    def _later(self, time: Ints, days: Floats) -> Ints:
        return np.asarray(time + np.round(days * 86_400).astype(np.int64) * 1_000_000)

    def _business_days(self, size: int) -> Floats:
        draw = self.rng.random((2, size))
        return np.asarray(np.floor(7 * draw[0]) + 0.33 + 0.45 * draw[1])

    def _normal(self, like: Ints) -> Floats:
        return self.rng.standard_normal(len(like))

    def _minutes(self, like: Ints, usual: float) -> Floats:
        return np.round(usual * np.exp(0.6 * self._normal(like)), 1)

    def _choose(self, channels: tuple[int, ...], like: Ints) -> Ints:
        return self.rng.choice(np.array(channels), len(like))

    def _tone(self, week: Ints, account: Ints) -> Floats:
        """Sentiment of what was said, where anybody noted it."""
        noted = self.rng.random(len(week)) < 0.6
        felt = np.clip(self.weeks.tone[week, account] + 0.2 * self._normal(week), -1, 1)
        return np.where(noted, np.round(felt, 2), np.nan)

    def _matter(self, kind: str, week: Ints, account: Ints) -> Ints:
        """Numbers of matters, one per kind, account and week."""
        numbered = (self.first_account + account) * 1000 + week
        return np.asarray(numbered * len(MATTER_KINDS) + MATTER_KINDS.index(kind))


def _some(written: Rows, wanted: Flags) -> Rows:
    return select(written, np.flatnonzero(wanted))
