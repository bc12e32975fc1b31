"""The calendar of a book: who is a customer when, what is recorded from when to when, and how fresh it is."""
