"""Which theme is worth what: one theme left out at a time, and one kept alone, with recency.

    PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.themes

writes ``docs/themes.md``: what each theme adds to the models on simulated companies and on two public books, with
intervals by resampling accounts, and which features add nothing anywhere.
"""
