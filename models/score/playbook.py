"""Actions: what to do about an account next. A playbook, plainly declared: one table, read from its top.

It hangs on the codes of the reasons, the quadrant and the zone. The first play that fits is the one: what we owe comes
before what we could offer, since a surprise for somebody who waits for an answer makes things worse (docs/adr/0006).
"""

from __future__ import annotations

from features.quadrants import Quadrant
from features.themes.needs import HALF_A_YEAR
from models.score.calling import ends_soon, is_favoured
from models.score.play import Action, Play


def _always(value: float) -> bool:
    return True


def _lately(days: float) -> bool:
    return days < HALF_A_YEAR


def _falls(value: float) -> bool:
    return value < 0


def _fades(ratio: float) -> bool:
    return ratio < 1


_SILENCE = Action(
    "reach_out", "Reach out unasked, in person, with something of use to them."
)
_PINCH = Action(
    "clarify_fix_follow_up",
    "Ask what bothers them before it is a complaint: clarify, fix, follow up.",
)

PLAYS = (
    Play(
        Action(
            "fix_failure",
            "Fix what failed, tell them when it is done, and ask whether it is.",
        ),
        ("S21", "S23"),
        codes=(
            "recovery.failures_not_fixed",
            "recovery.longest_open_failure",
            "zones.to_make_good",
        ),
    ),
    Play(
        Action(
            "keep_promise",
            "Do what was promised, or name a new date before they ask.",
        ),
        ("S14", "S16"),
        codes=("trust.promises_overdue", "trust.longest_overdue"),
    ),
    Play(
        Action(
            "answer_now",
            "Answer what waits for us, and say when it will be settled.",
        ),
        ("S15", "S16", "S24"),
        codes=(
            "responsiveness.matters_open",
            "responsiveness.longest_open_wait",
            "zones.waiting",
        ),
    ),
    Play(
        Action(
            "make_good",
            "Make good what is open with them before anything else.",
        ),
        ("S21", "S23"),
        zones=("recovery",),
    ),
    Play(
        Action(
            "apologise",
            "Apologise for what went wrong, and say what is different now.",
        ),
        ("S16", "S18", "S21"),
        codes=(
            "trust.promises_broken",
            "trust.minutes_late",
            "voice.complaints",
            "recovery.failures",
            "recovery.failures_fixed_late",
        ),
    ),
    Play(
        Action(
            "settle_payment",
            "Help them settle the payment that failed, and blame nobody: they did not mean to leave.",
        ),
        ("S16", "S29"),
        codes=("payments.failed_payment_open",),
    ),
    Play(
        Action(
            "prepare_renewal",
            "Speak about the renewal before it is due: what they got out of it, and what comes next.",
        ),
        ("S9", "S25"),
        codes=("contract.days_to_term_end",),
        calls=ends_soon,
    ),
    Play(
        Action(
            "introduce_successor",
            "Call with the person who serves them now, and show that nothing was lost.",
        ),
        ("S3",),
        codes=(
            "dependence.days_since_main_rep_left",
            "dependence.days_since_rep_left",
            "dependence.days_since_handover",
        ),
        calls=_lately,
    ),
    Play(
        Action(
            "answer_competitor",
            "Call before the competitor does: say what is different about us, and who is there for them.",
        ),
        ("S4",),
        codes=("dependence.days_since_competitor",),
        calls=_lately,
    ),
    Play(
        Action(
            "offer_options",
            "Say what can be done, and offer options in place of a refusal.",
        ),
        ("S20",),
        codes=(
            "trust.declined",
            "trust.unmet_requests",
            "trust.days_since_unmet_request",
        ),
    ),
    Play(
        _PINCH,
        ("S19",),
        codes=(
            "voice.pinch_signs",
            "voice.longest_exchange",
            "responsiveness.reopens",
        ),
    ),
    Play(
        _PINCH,
        ("S19",),
        codes=(
            "voice.tone",
            "voice.tone_change",
            "axis_scores.product_change",
            "axis_scores.people_change",
        ),
        calls=_falls,
    ),
    Play(
        _SILENCE,
        ("S25", "S32"),
        codes=(
            "indifference.days_silent",
            "indifference.silence_over_rhythm",
            "indifference.silence_chance",
            "indifference.days_unheard",
            "indifference.signs_of_life",
            "attention.days_since_outreach",
            "value.days_since_purchase",
        ),
        calls=_always,
    ),
    Play(
        _SILENCE,
        ("S25", "S32"),
        codes=(
            "indifference.activity_ratio",
            "indifference.use_ratio",
            "value.spending_ratio",
            "value.spent_ratio",
        ),
        calls=_fades,
    ),
    Play(
        Action(
            "widen_contact",
            "Let a second person of ours get to know them: they are loyal to one.",
        ),
        ("S3",),
        codes=(
            "dependence.main_rep_share",
            "dependence.people_over_product",
        ),
        quadrants=(Quadrant.PEOPLE_CARRIED,),
    ),
    Play(
        Action(
            "ask_what_went_wrong",
            "Ask what went wrong, and agree on the first thing to mend.",
        ),
        ("S17", "S19"),
        quadrants=(Quadrant.POOR,),
    ),
    Play(
        Action(
            "mend_product",
            "Ask where the product falls short, and put their words before those who make it.",
        ),
        ("S3", "S17"),
        quadrants=(Quadrant.PEOPLE_CARRIED,),
    ),
    Play(
        Action(
            "give_them_a_person",
            "Give them somebody they know by name: the product alone holds them.",
        ),
        ("S4", "S25"),
        quadrants=(Quadrant.PRODUCT_CARRIED,),
    ),
    Play(
        Action(
            "wow",
            "Do something for them that they will talk about: they are an account to favour.",
        ),
        ("S25", "S33"),
        codes=("value.account_tier",),
        calls=is_favoured,
        zones=("surprises",),
    ),
    Play(
        Action("surprise", "Surprise them with something small; change nothing else."),
        ("S33",),
        zones=("surprises",),
    ),
)
"""The playbook, what comes first standing first."""

STEADY = Action("deliver_as_agreed", "Deliver as agreed, and reach out now and then.")
"""Where no play fits (S25, S33)."""

ACTIONS = {play.action.code: play.action for play in PLAYS} | {STEADY.code: STEADY}
"""Every action by its code."""
