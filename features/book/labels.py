"""Labels of accounts: what lists show of them, and no model reads."""

from __future__ import annotations

import pandas as pd

from features.book.book import Book
from features.vocabulary.contract import LABELS


def account_labels(book: Book) -> pd.DataFrame:
    """The labels of every account, for lists.

    Returns:
        A row per account, the index being ``account_id``, with a text column for each of the book's labels, in the
        order of `features.vocabulary.contract.LABELS`; None where an account has nothing there.
    """
    shown = [label for label in LABELS if label in book.labels]
    frame = book.connection.execute(
        f"""select {", ".join(["account_id", *shown])}
        from accounts left join labels using (account_id) order by account_id"""
    ).df()
    return frame.astype(object).where(frame.notna(), None).set_index("account_id")
