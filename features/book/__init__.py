"""The book: a company's tables, opened, checked and cleaned, in this process or on Spark."""

from features.book.book import Book, open_book

__all__ = ["Book", "open_book"]
