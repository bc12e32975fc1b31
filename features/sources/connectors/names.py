"""Names of files and columns in one form: small letters, digits and ``_``, whoever wrote the export."""

from __future__ import annotations

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MARKS = re.compile(r"[^a-z0-9]+")
_OF_COLUMNS = re.compile(r"^propert(y|ies)_|_utc$")
_OF_FILES = re.compile(r"^(stg|raw|src|sf)_+|_(data|export)$")


def column_name(written: str) -> str:
    """The name of a column.

    Example:
        >>> [column_name(name) for name in ("CreatedDate", "Ticket ID", "property_hs_value", "_fivetran_deleted")]
        ['created_date', 'ticket_id', 'hs_value', 'fivetran_deleted']
    """
    marked = _HUMP.sub("_", written.strip()).lower()
    return _OF_COLUMNS.sub("", _MARKS.sub("_", marked).strip("_"))


def bare(name: str) -> str:
    """A name of which neither case nor marks tell: what is written in capitals alone has lost where its words end.

    Example:
        >>> {bare(column_name(name)) for name in ("CreatedDate", "CREATEDDATE", "created_date", "Created date (UTC)")}
        {'createddate'}
    """
    return name.replace("_", "")


def file_name(stem: str, vendor: str) -> str:
    """The name of a file without its ending, and without the vendor's.

    Example:
        >>> [file_name(stem, "zendesk") for stem in ("zendesk_ticket_data", "TicketComments", "sf_account_data")]
        ['ticket', 'ticket_comments', 'account']
    """
    plain = column_name(stem).removeprefix(f"{vendor}_")
    return _OF_FILES.sub("", plain).removesuffix("_data")
