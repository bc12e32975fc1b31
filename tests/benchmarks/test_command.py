"""The command that a page of a benchmark names is the one that writes it again."""

from argparse import Namespace

from benchmarks.shared.command import as_asked


def test_a_page_names_the_command_that_writes_it():
    asked = Namespace(draws=9, seeds=[1, 2], examples=["cdnow"])
    assert as_asked("peers", asked, ["draws"]) == (
        "PINCH_DATA=/where/the/data/is .venv/bin/python -m benchmarks.peers "
        "--draws 9 --seeds 1 2 --examples cdnow"
    )
