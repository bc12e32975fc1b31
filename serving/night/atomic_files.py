"""The files of a night, each whole or not at all (`features.whole_files`), and tables as spreadsheets open them."""

from __future__ import annotations

import pandas as pd

from features.whole_files import PART as PART
from features.whole_files import Writer as Writer
from features.whole_files import write_whole as write_whole
from pages.spreadsheet import ENCODING, as_csv


def spreadsheet(frame: pd.DataFrame) -> Writer:
    """Writes a table as CSV that a spreadsheet opens safely, see `pages.spreadsheet`."""
    return lambda file: file.write_text(as_csv(frame), encoding=ENCODING, newline="")
