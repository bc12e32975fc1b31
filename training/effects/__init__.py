"""Effects: what happened after past events of a book, beside accounts that no event met."""
