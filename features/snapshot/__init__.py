"""The snapshot: the features of a cohort at as-of dates, from a book, on Spark or of a request."""

from features.snapshot.frame import snapshot, snapshot_of_pairs

__all__ = ["snapshot", "snapshot_of_pairs"]
