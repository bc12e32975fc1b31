"""Exports of a few literal rows, and the books that are made of them."""

from textwrap import dedent

from features.book.book import open_book
from features.sources.connectors.making import make_book


def write(folder, files):
    """Writes each file of an export, a text of lines by name."""
    folder.mkdir(exist_ok=True, parents=True)
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(dedent(text).lstrip())
    return folder


def book_of(folder, vendor, **how):
    """The book that is made of an export in a folder."""
    make_book(folder, {vendor: None}, **how)
    return open_book(folder, max_bad_share=0)


def rows(book, table, *columns):
    """The rows of a table as its query gives them, in order, times in UTC without seconds."""
    read = ", ".join(
        f"strftime({name}, '%Y-%m-%d %H:%M')" if name.endswith("_at") else name
        for name in columns
    )
    return sorted(book.ask_files(f"select {read} from raw_{table}"), key=str)
