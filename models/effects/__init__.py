"""Effects of events on leaving: what past ones showed, what models expect, and both put together."""
