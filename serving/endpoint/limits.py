"""Limits of a request: how large its body may be, and how much it may hold."""

MOST_BYTES = 10 * 1024 * 1024
"""Of a body."""
MOST_ACCOUNTS = 1_000
MOST_ROWS = 5_000
"""Of a kind, of one account."""
MOST_ROWS_IN_ALL = 100_000
"""Of all kinds and accounts: what the features of a request can be measured from in a few seconds."""
