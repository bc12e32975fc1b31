"""What tonight's page tells, made up by hand: a few accounts, of which each line and card can be foreseen."""


def account(id_, **more):
    """An account of which little is known."""
    return {
        "id": id_,
        "name": None,
        "owner": None,
        "contact": None,
        "link": None,
        "risk": 0.3,
        "band": "high",
        "silent": None,
        "left": None,
        "change_1d": None,
        "why_1d": [],
        "change_30d": None,
        "why_30d": [],
        "quadrant": "unknown",
        "heading": "unknown",
        "zone": "unknown",
        "value": None,
        "gain": None,
        "tier": None,
        "style": None,
        "speak": None,
        "touch": None,
        "renewal": None,
        "lights": ["unknown"] * 4,
        "owed": None,
        "reasons": [],
        "action": "Deliver as agreed.",
        "action_code": "deliver_as_agreed",
        "source": "S25, S33",
        "last": None,
        "rows": None,
        "answers": None,
        "weeks": [0] * 26,
        "path": [[0, 0.3, None, None]],
        **more,
    }


def told(accounts, listed, **more):
    """What a page of accounts tells."""
    return {
        "as_of": "2026-11-21",
        "horizon": 90,
        "accounts_in_all": len(accounts),
        "held_out": 0,
        "listed": listed,
        "not_shown": 0,
        "accounts": accounts,
        "movers": [],
        "win_back": [],
        **more,
    }
