"""How much of the knowable the models know, measured on simulated companies whose truth is known.

    .venv/bin/python -m benchmarks.knowable --seeds 11 12 13

writes ``docs/knowable.md``: how much of the way from the simplest baseline to the oracle the models go, whether their
reasons name what was truly at work, and what they would gain from knowing more.
"""
