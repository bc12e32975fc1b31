"""The engine of the features: rows sorted once by account and time, windows as differences between two places.

An as-of date T and a window of w days are two *edges*, T and T - w. One counting of the rows by (history, segment
between edges) tells where each edge falls among the rows of a condition. A count is the difference of two such places,
a sum the difference of a prefix sum there, the last value the row before the place. What depends on no date is computed
once and shared by all as-of dates (docs/adr/0021).

- `expression`: conditions and formulas, as small Python values
- `rows`: rows in order, and what of them depends on no date
- `edges`: where dates and windows fall among the rows
- `measures`: what is measured between edges
- `things`: what is known of each matter, rep or channel at a date
- `histories`: which rows a pair of account and as-of date may see
"""
