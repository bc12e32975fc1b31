"""Tables: one branch as the tables of a book, in Arrow."""
