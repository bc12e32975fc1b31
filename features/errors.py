"""The errors a user may meet. Each says what was found, what was expected, where, and how to mend it.

    PinchError
    ├── BookError          a book, a table or a setting of it cannot be read
    │   ├── QuarantineError    more bad rows than the set share
    │   └── RowError           a row of a request breaks the contract
    ├── EvidenceError      too little is known for what was asked
    │   └── StaleError         the data end too long before the as-of date
    ├── ModelError         a fitted model is missing, damaged, or does not fit the book
    ├── NightError         a night's folder does not hold a whole night
    ├── BusyError          another process has its turn
    ├── LimitError         a book is further from that of the night before than limits allow
    ├── DeliveryError      a destination of a night cannot be reached, or does not do what was asked
    └── SettingError       a setting of the endpoint, or its file of keys, cannot be taken

No message carries a customer's data: a row is named by its table, number and field.
"""

from __future__ import annotations

from collections.abc import Sequence

BY_RULES = (
    "work by rules, which need no departures: pinch score BOOK --out FOLDER --rules"
)
"""What can be done where too little is known for models."""


class PinchError(Exception):
    """Root of all errors raised on purpose.

    Example:
        >>> raise PinchError(found="no table accounts", expected="accounts.parquet or accounts.csv", mend="add it")
        Traceback (most recent call last):
        features.errors.PinchError: found no table accounts; expected accounts.parquet or accounts.csv; to mend: add it
    """

    def __init__(
        self, *, found: str, expected: str, mend: str, where: str | None = None
    ) -> None:
        self.found, self.expected, self.mend, self.where = found, expected, mend, where
        place = f"{where}: " if where else ""
        super().__init__(f"{place}found {found}; expected {expected}; to mend: {mend}")


class BookError(PinchError):
    """A book, a table or a setting of it cannot be read."""


class QuarantineError(BookError):
    """A table has more bad rows than the set share."""


class RowError(BookError):
    """A row of a request breaks the contract.

    Attributes:
        table, row, field: where, rows from 1.
    """

    def __init__(self, table: str, row: int, field: str, *, expected: str) -> None:
        self.table, self.row, self.field = table, row, field
        where = f"table {table}, row {row}, field {field}"
        super().__init__(
            where=where,
            found="another value",
            expected=expected,
            mend="correct the request",
        )


class EvidenceError(PinchError):
    """Too little is known for what was asked."""


class StaleError(EvidenceError):
    """The data end too long before the as-of date.

    Attributes:
        ages: the figures of each table.
    """

    def __init__(
        self,
        *,
        found: str,
        expected: str,
        mend: str,
        where: str,
        ages: Sequence[object],
    ) -> None:
        super().__init__(found=found, expected=expected, mend=mend, where=where)
        self.ages = list(ages)


class ModelError(PinchError):
    """A fitted model is missing, damaged, or does not fit the book."""


class SettingError(PinchError):
    """A setting of the endpoint, or its file of keys, cannot be taken."""


class NightError(PinchError):
    """A night's folder does not hold a whole night."""


class BusyError(PinchError):
    """Another process has its turn."""


class LimitError(PinchError):
    """A book is further from that of the night before than limits allow."""


class DeliveryError(PinchError):
    """A destination of a night cannot be reached, or does not do what was asked."""
