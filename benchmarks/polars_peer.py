"""Some sixty of the features as one would write them by hand in polars: filtered aggregates over one lazy frame."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from features.engine import MICROS_PER_DAY
from features.vocabulary.kinds import code

WORDS = (
    "question",
    "request",
    "complaint",
    "compliment",
    "reopen",
    "unmet_request",
    "reply",
)


def _of(kinds: Sequence[str]) -> pl.Expr:
    return pl.col("kind_code").is_in([code(kind) for kind in kinds])


def _within(condition: pl.Expr, days: int) -> pl.Expr:
    return condition & (pl.col("age") < days)


def _counts(
    name: str, kinds: Sequence[str], windows: Sequence[int]
) -> dict[str, pl.Expr]:
    return {f"{name}_{days}d": _within(_of(kinds), days).sum() for days in windows}


def _since(name: str, kinds: Sequence[str]) -> dict[str, pl.Expr]:
    return {name: pl.col("age").filter(_of(kinds)).min()}


_USE, _SIGN = _of(["use"]), pl.col("sign_of_life")

AGGREGATES: dict[str, pl.Expr] = {
    **_counts("purchases", ["purchase"], (30, 90, 180, 365)),
    **_counts("visits", ["visit"], (90, 365)),
    **_counts("complaints", ["complaint"], (90, 365)),
    **_counts("compliments", ["compliment"], (365,)),
    **_counts("referrals", ["referral"], (365,)),
    **_counts("asked", ["question", "request"], (30, 90)),
    **_counts("heard", WORDS, (90, 365)),
    **_counts("outreaches", ["outreach"], (60, 180, 365)),
    **_counts("replies", ["reply"], (180, 365)),
    **_counts("surveys_sent", ["survey_sent"], (365,)),
    **_counts("surprises", ["surprise"], (365,)),
    **_counts("failures", ["failure"], (90, 365)),
    **_counts("delay_notices", ["delay_notice"], (365,)),
    **_counts("apologies", ["apology"], (365,)),
    **_counts("declined", ["request_declined"], (180,)),
    **_counts("options_offered", ["option_offered"], (180,)),
    **_counts("unmet_requests", ["unmet_request"], (365,)),
    **_counts("handovers", ["handover"], (180,)),
    **_counts("cancellations", ["cancellation"], (90, 365)),
    **_since("days_since_purchase", ["purchase"]),
    **_since("days_since_complaint", ["complaint"]),
    **_since("days_since_outreach", ["outreach"]),
    **_since("days_since_surprise", ["surprise"]),
    **_since("days_since_failure", ["failure"]),
    **_since("days_since_handover", ["handover"]),
    **_since("days_since_unmet_request", ["unmet_request"]),
    **_since("days_unheard", WORDS),
    **{
        f"signs_of_life_{days}d": _within(_SIGN, days).sum()
        for days in (7, 14, 30, 60, 90, 180, 365)
    },
    **{
        f"minutes_used_{days}d": pl.col("minutes").filter(_within(_USE, days)).sum()
        for days in (30, 180)
    },
    **{
        f"minutes_per_use_{days}d": pl.col("minutes").filter(_within(_USE, days)).mean()
        for days in (30, 180)
    },
    **{
        f"tone_{days}d": pl.col("sentiment").filter(pl.col("age") < days).mean()
        for days in (60, 365)
    },
    "purchases_ever": _of(["purchase"]).sum(),
    "mean_purchase": pl.col("value").filter(_of(["purchase"])).mean(),
    "days_silent": pl.col("age").filter(_SIGN).min(),
    "days_on_record": pl.col("age").max(),
    "own_share_365d": _within(_SIGN, 365).sum() / (pl.col("age") < 365).sum(),
}

OF_DAYS = (
    "active_days",
    "usual_gap",
    "longest_gap",
    "days_active_7d",
    "days_active_30d",
    "days_active_90d",
)
OF_CHANNELS = ("channels_30d", "channels_180d")
NAMES = (*AGGREGATES, *OF_DAYS, *OF_CHANNELS)
"""The features that are computed."""


def measure(interactions: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """The features of every account at an as-of date, by the streaming engine."""
    seen = interactions.lazy().filter(pl.col("known_us") <= as_of)
    seen = seen.with_columns(age=(as_of - pl.col("occurred_us")) / MICROS_PER_DAY)
    signs = seen.filter(_SIGN)
    days = (
        signs.with_columns(day=pl.col("occurred_us") // MICROS_PER_DAY)
        .group_by("account_id", "day")
        .agg(age=pl.col("age").min())
        .sort("account_id", "day")
        .with_columns(gap=pl.col("day") - pl.col("day").shift(1).over("account_id"))
        .group_by("account_id")
        .agg(
            active_days=pl.len(),
            usual_gap=pl.col("gap").mean(),
            longest_gap=pl.col("gap").max(),
            **{
                f"days_active_{window}d": (pl.col("age") < window).sum()
                for window in (7, 30, 90)
            },
        )
    )
    channels = (
        signs.filter(pl.col("channel").is_not_null())
        .group_by("account_id")
        .agg(
            **{
                f"channels_{window}d": pl.col("channel")
                .filter(pl.col("age") < window)
                .n_unique()
                for window in (30, 180)
            }
        )
    )
    plain = seen.group_by("account_id").agg(**AGGREGATES)
    joined = plain.join(days, on="account_id", how="left").join(
        channels, on="account_id", how="left"
    )
    return joined.collect(engine="streaming")
