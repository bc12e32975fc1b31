"""Objects of a request: whether they are objects, and hold only fields that are known."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from features.vocabulary.names import near_name
from serving.endpoint.faults import Faults, Order
from serving.endpoint.json_text import kind_of


def note_no_object(
    faults: Faults, found: object, place: str, order: Order = ()
) -> None:
    """Notes that what stands at a place is no object."""
    faults.add(
        place,
        found=kind_of(found),
        expected="an object",
        mend="write it as {...}, each key once",
        order=order,
    )


def note_unknown(
    faults: Faults,
    found: Mapping[str, object],
    known: Collection[str],
    place: str,
    order: Order = (),
) -> None:
    """Notes that an object has fields that are not known; it costs little where the fault is not named."""
    if not faults.names(order):
        faults.count_more(1)
        return
    names = list(found)
    strange = [
        number for number, name in enumerate(names, start=1) if name not in known
    ]
    first = strange[0]
    near = near_name(names[first - 1], known)
    fields = "field" if len(strange) == 1 else "fields"
    faults.add(
        place,
        found=f"{len(strange):,} unknown {fields}, the first being no. {first:,} of the object",
        expected=f"only {', '.join(known)}",
        mend=f"is it {near}? otherwise leave it out" if near else "leave them out",
        order=order,
    )
