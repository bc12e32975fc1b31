"""Money: the one definition of net spending, for features, report, profit and lists (S9).

Net spending is the amounts of purchases less those of cancellations, each on its own date. A credit note, which many
systems book as a purchase below zero, is a cancellation of that amount from cleaning on (docs/adr/0015). An amount that
is not on record is left out; where purchases are on record and none of them with an amount, spending is not known.
"""

from collections.abc import Callable, Iterable

from features.past.measure import Measure, amount, kind
from features.timeline.expression import ALL, Expression, of
from features.timeline.functions import case
from features.timeline.histories import Source
from features.vocabulary.kinds import kinds_sql

PURCHASE, CANCELLATION = kind("purchase"), kind("cancellation")
_NET = case(CANCELLATION, 0 - of.value, of.value)


def net_spending(
    source: Source, where: Expression = ALL, window: int | None = None
) -> Measure:
    """Net spending over the interactions for which a condition holds; 0 where there were no purchases."""
    return amount(source, _NET, where & (PURCHASE | CANCELLATION), window)


def of_spending(part: Expression, whole: Expression) -> Expression:
    """What one spending is of another; missing where the other is nothing or below."""
    return part / case(whole > 0, whole)


def more_taken_back(
    ask: Callable[[str], Iterable[tuple[int | None, int | None]]],
) -> list[str]:
    """A warning, as a sentence, where more purchases were taken back than made: their amounts may have a wrong sign.

    Args:
        ask: gives the rows of a query on the clean tables.
    """
    kinds = (
        f"sum(case when {kinds_sql(name)} then 1 else 0 end)"
        for name in ("purchase", "cancellation")
    )
    ((bought, taken_back),) = ask(f"select {', '.join(kinds)} from interactions")
    if (taken_back or 0) <= (bought or 0):
        return []
    return [
        f"{taken_back:,} cancellations and credit notes stand beside {bought:,} purchases: where the amounts of "
        "purchases are below zero, write them above it"
    ]
