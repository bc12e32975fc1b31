"""Pinch beside its peers: what one would use instead, on the same rows, labels and dates.

    pip install 'pinch[peers]'
    PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.peers

writes ``docs/peers.md``: ranking and log losses on two public books and on simulated companies, with intervals of the
difference of each peer from Pinch, by resampling accounts.
"""
