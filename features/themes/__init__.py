"""The themes: a file for each kind of reason, and the dictionary of all features."""
