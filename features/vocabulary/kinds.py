"""The vocabulary of interactions: one row per kind, saying who acts and what the kind counts as.

A kind that is not listed here is welcome in a book: it is counted as *other* and reported, never dropped.

Example:
    >>> KINDS["purchase"].actor
    'account'
    >>> code("purchase") != code("teleportation") == OTHER
    True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import get_args

from features.vocabulary.kind import Effect, Kind

OTHER = 0
"""Code of every kind that is not in the vocabulary."""

_ALL = (
    # What the account does in the ordinary course of business.
    Kind(
        "purchase",
        1,
        "account",
        "Bought something; value is the amount.",
        sign_of_life=True,
    ),
    Kind(
        "visit", 2, "account", "Came by, in person or on our site.", sign_of_life=True
    ),
    Kind(
        "use",
        3,
        "account",
        "Used the product; channel is the part used, minutes how long.",
        sign_of_life=True,
    ),
    Kind(
        "cancellation",
        4,
        "account",
        "Took back a purchase or sent goods back; value is the amount.",
    ),
    Kind("return", 5, "account", "Came back after having left.", sign_of_life=True),
    # What the account says.
    Kind(
        "question", 10, "account", "Asked something.", sign_of_life=True, effect="opens"
    ),
    Kind(
        "request",
        11,
        "account",
        "Asked for something to be done.",
        sign_of_life=True,
        effect="opens",
    ),
    Kind(
        "complaint",
        12,
        "account",
        "Said that something is wrong.",
        sign_of_life=True,
        effect="opens",
    ),
    Kind(
        "compliment",
        13,
        "account",
        "Said that something is good, unasked.",
        sign_of_life=True,
    ),
    Kind("referral", 14, "account", "Sent somebody to us.", sign_of_life=True),
    Kind("reply", 15, "account", "Answered an outreach of ours.", sign_of_life=True),
    Kind(
        "reopen",
        16,
        "account",
        "Came back on a matter that we held for settled.",
        sign_of_life=True,
        effect="reopens",
    ),
    Kind(
        "unmet_request",
        17,
        "account",
        "Asked for an item or feature that we do not have.",
        sign_of_life=True,
    ),
    # What we do about a matter.
    Kind("answer", 20, "us", "Said something about an open matter.", effect="answers"),
    Kind("resolution", 21, "us", "Settled a matter.", effect="settles"),
    Kind("hold", 22, "us", "Let the account wait; minutes is how long."),
    Kind(
        "transfer", 23, "us", "Passed a matter to another rep; rep_id is the new one."
    ),
    Kind("request_declined", 24, "us", "Refused a request.", effect="answers"),
    Kind(
        "option_offered",
        25,
        "us",
        "Offered another way to what was asked for.",
        effect="answers",
    ),
    Kind("apology", 26, "us", "Apologised.", effect="answers"),
    Kind(
        "note",
        27,
        "us",
        "Wrote something down for ourselves, which the account does not see.",
    ),
    # What we deliver.
    Kind(
        "failure",
        30,
        "us",
        "Our product or service failed the account.",
        effect="fails",
    ),
    Kind("delay_notice", 31, "us", "Told the account of a delay before it found out."),
    Kind(
        "promise_made",
        32,
        "us",
        "Promised something; matter_id names the promise, minutes the time until it is due.",
        effect="promises",
    ),
    Kind(
        "promise_kept",
        33,
        "us",
        "Did what was promised; matter_id names the promise.",
        effect="keeps",
    ),
    Kind(
        "promise_broken",
        34,
        "us",
        "Did not do what was promised in time; matter_id names the promise.",
        effect="breaks",
    ),
    Kind(
        "delivery",
        35,
        "us",
        "Delivered as agreed; minutes is how late it came, less than 0: early.",
        may_be_early=True,
    ),
    # What we do unasked.
    Kind("outreach", 40, "us", "Called, wrote or came by when nothing was wrong."),
    Kind("surprise", 41, "us", "Gave something small and unexpected."),
    Kind(
        "handover", 42, "us", "Gave the account to another rep; rep_id is the new one."
    ),
    Kind("survey_sent", 43, "us", "Asked the account to fill in a survey."),
    Kind(
        "list_contact",
        44,
        "us",
        "Reached from a list: an outcome reached or saved, see `features.cleaning.list_contacts`.",
    ),
    # What is owed. Most is paid by itself, so a payment is no sign of life.
    Kind(
        "invoice_sent",
        50,
        "us",
        "Sent an invoice; matter_id names it, value is the amount, minutes the time until it is due.",
    ),
    Kind(
        "payment",
        51,
        "account",
        "Paid; matter_id names the invoice, value is the amount.",
    ),
    Kind(
        "payment_failed",
        52,
        "account",
        "A payment failed; matter_id names the invoice.",
    ),
    Kind(
        "payment_late",
        53,
        "account",
        "Has not paid in time; matter_id names the invoice, minutes is how late it is so far.",
    ),
)

OF_PAYMENTS = ("invoice_sent", "payment", "payment_failed", "payment_late")
"""What is owed and paid: no word between people, and no matter."""

FLAGS = ("sign_of_life",)
"""What a kind may count as; each is a column of the clean interactions."""

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
"""Every kind by its name."""


OWN = "own:"
"""How the names begin that are kept free for kinds and items of a book's own."""
SLOTS_OF_A_SORT = 8
_FIRST_SLOT = 100

KIND_SLOTS: dict[tuple[Effect | None, bool], tuple[str, ...]] = {}
"""Names kept free for kinds of a book's own, by effect and by whether they are signs of life."""


def _slots() -> Iterator[Kind]:
    """Kinds kept free; the name says the code, and whether it is a sign of life."""
    code = _FIRST_SLOT
    for effect in (None, *get_args(Effect)):
        for life in (False, True):
            names = []
            for _ in range(SLOTS_OF_A_SORT):
                name = f"own:{code}:{'life' if life else 'none'}"
                yield Kind(name, code, "account", "One of a book's own.", life, effect)
                names.append(name)
                code += 1
            KIND_SLOTS[effect, life] = tuple(names)


ALL_KINDS: Mapping[str, Kind] = {**KINDS, **{kind.name: kind for kind in _slots()}}
"""Every kind by its name, those kept free for a book's own among them, see `features.vocabulary.own`."""


def doing(*effects: Effect) -> tuple[str, ...]:
    """The names of the kinds that do one of these to their matter or promise."""
    return tuple(kind.name for kind in ALL_KINDS.values() if kind.effect in effects)


def kinds_sql(*names: str) -> str:
    """SQL condition: the clean interaction is of one of these kinds."""
    return f"kind_code in ({', '.join(str(code(name)) for name in names)})"


def counted_columns(kind: str) -> list[str]:
    """What a kind counts as, as SQL columns on its name: ``kind_code`` and `FLAGS`."""
    codes = "".join(f"\n        when {kind} = '{k.name}' then {k.code}" for k in _ALL)
    own = f"\n        when {kind} like 'own:%' then coalesce(try_cast(substr({kind}, 5, 3) as integer), {OTHER})"
    code = f"case{codes}{own}\n        else {OTHER}\n    end"
    columns = [f"cast(\n    {code} as integer\n) as kind_code"]
    for flag in FLAGS:
        counting = ", ".join(f"'{k.name}'" for k in _ALL if getattr(k, flag))
        columns.append(
            f"({kind} in ({counting}) or {kind} like 'own:%:life') as {flag}"
        )
    return columns


def code(name: str) -> int:
    """The integer code of a kind, `OTHER` where the vocabulary does not have it."""
    kind = ALL_KINDS.get(name)
    return OTHER if kind is None else kind.code
