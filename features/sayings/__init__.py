"""Sayings: what a colleague would say of the features of each theme, where it takes more than a text."""
