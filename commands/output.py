"""What a command says: one JSON document, or tables and sentences for people; errors; progress."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    import pandas as pd

    from features.errors import PinchError

Parts = list[Any]
"""What is printed to people, one below the other: sentences, and tables of rich."""


@contextmanager
def errors(
    as_json: bool, code_of: Callable[[PinchError | OSError], int] = lambda error: 1
) -> Iterator[None]:
    """Turns an error of ours into a message and an exit code, 1 unless another is told."""
    from features.errors import PinchError

    try:
        yield
    except (PinchError, OSError) as error:
        refused, code = error_of(error), code_of(error)
    else:
        return
    if as_json:
        typer.echo(json.dumps(error_facts(refused)))
    typer.echo(error_line(refused), err=True)
    raise typer.Exit(code)


def error_of(error: PinchError | OSError) -> PinchError:
    """An error of ours, or what is said of one of the file system."""
    from features.errors import PinchError

    if isinstance(error, PinchError):
        return error
    return PinchError(
        where=None if error.filename is None else str(error.filename),
        found=error.strerror or str(error),
        expected="a file or folder that can be read and written",
        mend="correct the path",
    )


def error_facts(error: PinchError) -> dict[str, Any]:
    """An error for machines."""
    return {"error": type(error).__name__, **vars(error)}


def error_line(error: PinchError) -> str:
    """An error for people."""
    return f"{type(error).__name__}: {error}"


def tell(facts: Mapping[str, Any], as_json: bool, told: Callable[[], Parts]) -> None:
    """Prints facts as JSON, or what is told of them to people."""
    if as_json:
        typer.echo(json.dumps(facts, default=str, allow_nan=False))
        return
    from rich.console import Console

    console = Console(markup=False, emoji=False)
    for part in [*told(), *_set_aside(facts)]:
        console.print(part, highlight=False)


def _set_aside(facts: Mapping[str, Any]) -> list[str]:
    """How many rows a command did not use, where it does not list them."""
    rows = facts.get("quarantined")
    if rows is None or "quarantine" in facts:
        return []
    hint = "; pinch check says which and why." if rows else "."
    return [f"Set aside: {rows:,} rows{hint}"]


@contextmanager
def progress(as_json: bool, steps: int) -> Iterator[Callable[[str], None]]:
    """A progress bar of steps on standard error; each step says what is being done."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, quiet=as_json), transient=True) as bar:
        task = bar.add_task("reading the book", total=steps)
        yield lambda said: bar.update(task, description=said, advance=1)


@contextmanager
def counting(what: str, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, told how many are done of how many."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True, quiet=as_json)) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON can hold them: what is missing is null."""
    written = frame.to_json(orient="records", double_precision=15)
    return json.loads(written)  # type: ignore[no-any-return]


def with_sentences(found: Iterable[Any]) -> list[dict[str, Any]]:
    """The attributes of things that were found, each with the sentence that tells it."""
    return [{**vars(one), "sentence": one.sentence} for one in found]


def told(facts: Iterable[Mapping[str, Any]]) -> list[str]:
    """The sentences of facts, each with its full stop."""
    return [f"{fact['sentence']}." for fact in facts]


def wrote(files: Sequence[str]) -> list[str]:
    """Which files were written, where any were."""
    return [f"Wrote {', '.join(files)}."] if files else []


def counted(number: int, noun: str) -> str:
    """A number of things.

    Example:
        >>> counted(1, "account"), counted(1200, "account")
        ('1 account', '1,200 accounts')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def numbers(row: Mapping[str, Any], form: str, names: Iterable[str]) -> list[str]:
    """Cells of the named numbers of a row, such as ``.1%``; empty where one is not known."""
    return ["" if row[name] is None else format(row[name], form) for name in names]


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], lines: bool = False
) -> Any:
    """A table of texts for people, of which the last column alone is folded; lines may part the rows."""
    from rich import box
    from rich.table import Table

    drawn = Table(
        *columns[:-1],
        box=box.SIMPLE_HEAD,
        show_lines=lines,
        padding=(0, 1, 0, 0),
        show_edge=False,
        pad_edge=False,
    )
    for column in drawn.columns:
        column.no_wrap = True
    drawn.add_column(columns[-1])
    for row in rows:
        drawn.add_row(*row)
    return drawn
