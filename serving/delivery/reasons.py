"""Why a system refused an account, by its own code and without its sentence, which may repeat what it was told."""

from __future__ import annotations

import re

_CODE = re.compile(r"[A-Z][A-Za-z_]{2,59}")
OTHER = "refused"


def code_of(said: object) -> str:
    """The code that a text begins with.

    Example:
        >>> code_of("STRING_TOO_LONG:Action: data value too large: Call Ann Lee (max length=255)")
        'STRING_TOO_LONG'
        >>> code_of("OrganizationNotFound"), code_of("no row for ann@example.com"), code_of(None)
        ('OrganizationNotFound', 'refused', 'refused')
    """
    found = _CODE.match(str(said or ""))
    is_whole = found is not None and not str(said)[found.end() :].startswith(" ")
    return found[0] if found is not None and is_whole else OTHER
