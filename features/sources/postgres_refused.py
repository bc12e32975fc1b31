"""Why PostgreSQL gave nothing, in words of ours: the driver's may hold a part of the password."""

from __future__ import annotations

from features.errors import BookError

_NO_RIGHT = "42501"
_UNREACHED = {
    "password": ("a user or password that it refuses", "correct the setting"),
    "does not exist": ("no such database or user", "correct the setting"),
    "could not translate": ("a host that nobody knows", "correct the setting"),
    "refused": ("no server at its host and port", "start it, or correct the setting"),
    "timeout": ("a server that does not answer", "start it, or correct the setting"),
}
_MALFORMED = (
    "an address that does not lead to a database",
    "correct the setting; in a password, @ is written %40 and / is %2F",
)


def unreached(where: str, message: str) -> BookError:
    """That a database could not be connected to, told from what the driver says and without repeating it."""
    told = [told for sign, told in _UNREACHED.items() if sign in message]
    found, mend = (told or [_MALFORMED])[0]
    expected = "a PostgreSQL database that can be reached"
    return BookError(where=where, found=found, expected=expected, mend=mend)


def not_run(where: str, state: str) -> BookError:
    """That a query was not run, told from the state of SQL that PostgreSQL gives."""
    if state == _NO_RIGHT:
        return BookError(
            where=where,
            found="no right to read it",
            expected="a user who may",
            mend="grant select on the table, and usage on its schema, to the user",
        )
    return BookError(
        where=where,
        found=f"PostgreSQL's error {state}",
        expected="a table or view that can be read",
        mend="the server's log tells more",
    )


def halfway(where: str) -> BookError:
    """That not all rows came."""
    return BookError(
        where=where,
        found="a reading that stopped half-way; what was read is not used",
        expected="a server that answers to the last row, without an error in a view",
        mend="run it again; the server's log tells why it stopped",
    )
