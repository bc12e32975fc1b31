"""Where the tables of a book come from: its folder, its files and its ``book.toml``."""
