"""The vocabulary: the tables, columns, kinds and items that a book may hold."""
