"""What if: what an event that has not happened would do to the accounts of a book."""
