"""Feeds: how the rows of a book usually come, of each kind, channel and survey item, and what they hold."""
