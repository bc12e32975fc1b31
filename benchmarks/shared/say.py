"""What a benchmark says of its progress."""

import sys


def say(said: str) -> None:
    """Says on standard error what is being done."""
    print(said, file=sys.stderr, flush=True)
