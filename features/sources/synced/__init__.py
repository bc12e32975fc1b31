"""The copy of a book's sources that ``pinch sync`` keeps beside it, in Parquet by month (docs/adr/0037)."""
