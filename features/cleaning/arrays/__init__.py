"""The rules of ``features/cleaning`` over arrays: rows of a request, for which no query engine is started.

What the rules say stands in the contract and beside their SQL; tests hold both forms to the same rows and refusals.
"""
