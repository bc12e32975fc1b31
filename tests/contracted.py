"""A small company under contract, at random: renewals, changes, notices, gaps, terms side by side, planned events."""

import random
from datetime import datetime, timedelta

BEGIN = datetime.fromisoformat("2022-01-01")


def day(number):
    """So many days after the beginning."""
    return (BEGIN + timedelta(days=number)).isoformat()


def company(accounts=30, seed=0):
    """Tables of a book, as rows."""
    draw = random.Random(seed)
    names = [f"a{number:02}" for number in range(accounts)]
    return {
        "accounts": [{"account_id": name, "opened_at": day(0)} for name in names],
        "interactions": [
            {"account_id": name, "occurred_at": day(draw.randrange(1200)), "kind": kind}
            for name in names
            for kind in draw.choices(["use", "visit", "purchase"], k=12)
        ],
        "contracts": [row for name in names for row in _contracts(name, draw)],
        "scheduled": [row for name in names for row in _scheduled(name, draw)],
    }


def _contracts(name, draw):
    rows, start = [], draw.randrange(300)
    while start < 1200:
        ends = start + draw.choice([90, 365])
        known = start + draw.choice([-30, 0, 0, 45])
        id_ = draw.choice([None, f"{name}-main", f"{name}-{start}"])
        rows += [_term(name, id_, start, ends, known, draw)]
        if draw.random() < 0.4:
            changed = draw.choice([ends, ends - 30, ends + 30, start])
            rows += [_term(name, id_, start, changed, known + 20, draw)]
        start = draw.choice([ends, ends, ends - 40, ends + 60, 1200])
    return rows


def _term(name, id_, start, ends, known, draw):
    return {
        "account_id": name,
        "contract_id": id_,
        "starts_at": day(start),
        "ends_at": draw.choice([day(ends)] * 9 + [None]),
        "known_at": draw.choice([day(known), day(known), None]),
        "value": draw.choice([None, 100.0, 250.5, 900.0]),
        "plan": draw.choice([None, "gold", "silver"]),
        "seats": draw.choice([None, 5.0, 8.0]),
        "auto_renews": draw.choice([None, True, False]),
    }


def _scheduled(name, draw):
    return [
        {
            "account_id": name,
            "scheduled_id": draw.choice([None, f"{name}-{draw.randrange(3)}"]),
            "scheduled_at": day(known + draw.randrange(-5, 90)),
            "known_at": day(known),
            "kind": draw.choice([None, "meeting", "renewal_call"]),
            "cancelled": draw.choice([None, False, True]),
        }
        for known in draw.sample(range(1200), 8)
    ]
