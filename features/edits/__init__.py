"""Edits: what is on record of some accounts, changed row by row, and measured as any book is."""
