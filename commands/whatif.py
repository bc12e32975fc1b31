"""``pinch whatif``: what would happen to the accounts of a book if a rep left or a competitor entered."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.opening import champions, losses, open_here
from commands.options import AsJson, BadShare, BookFolder, Memory, NoSync, Store, day
from commands.output import errors, progress, tell
from commands.whatif_told import answer_told, everybody_told

if TYPE_CHECKING:
    from features.book.book import Book
    from serving.scorer import Scorer
    from serving.whatif.known import Known
    from serving.whatif.scene import Scene
    from training.progress import Progress


def whatif(
    book: BookFolder,
    rep_leaves: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="REP", help="This rep leaves; may be given several times."
        ),
    ] = None,
    competitor_enters: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option(
            metavar="MARKET", help="A competitor enters this market; likewise."
        ),
    ] = None,
    price_rises: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            metavar="FACT=VALUE",
            help="The price of these accounts rises; no book tells whom past rises met, and the answer says so.",
        ),
    ] = None,
    all_reps: Annotated[
        bool,
        typer.Option("--all-reps", help="What each rep would take along, a row each."),
    ] = False,
    all_markets: Annotated[
        bool,
        typer.Option(
            "--all-markets", help="What a competitor would take of each market."
        ),
    ] = False,
    on: Annotated[
        Optional[date],  # noqa: UP045
        typer.Option(
            parser=day,
            metavar="DATE",
            help="When it happens; the day after the end of the data where left out.",
        ),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(metavar="FOLDER", help="Write whatif.html here."),
    ] = None,
    store: Store = "mlruns",
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: AsJson = False,
) -> None:
    """Tells what would happen if a rep left or a competitor entered.

    The events are written into the history as they would be recorded, the accounts are measured anew and scored by the
    champions: that is what the models have learned to expect. Beside it stands what followed past events of the kind in
    this very book, with accounts like those that they met. What is told is both, each by how much of it there is, with
    intervals that hold four times of five.
    """
    asked = [*(rep_leaves or ()), *(competitor_enters or ())]
    if not (asked or price_rises or all_reps or all_markets):
        raise typer.BadParameter(
            "expected --rep-leaves, --competitor-enters, --all-reps or --all-markets"
        )
    if asked and (all_reps or all_markets):
        raise typer.BadParameter("ask for some events, or for all reps and markets")
    with (
        errors(as_json),
        _seen(price_rises),
        tempfile.TemporaryDirectory() as fetched,
        progress(as_json, steps=4) as said,
    ):
        said("models")
        scorer = champions(store, Path(fetched))
        said("book")
        with open_here(
            book, max_bad_share, memory_limit, scorer.trained, no_sync
        ) as opened:
            scene = scene_on(opened, scorer, on)
            if asked:
                told = _answered(scene, rep_leaves or (), competitor_enters or (), said)
            else:
                told = _everybody(scene, all_reps, all_markets, said)
            facts = {**told, **losses(opened), "files": _written(told, out)}
    tell(facts, as_json, lambda: (answer_told if asked else everybody_told)(facts))


@contextmanager
def _seen(price_rises: str | None) -> Iterator[None]:
    """Refuses what no book has seen."""
    from features.errors import EvidenceError

    if price_rises is not None:
        raise EvidenceError(
            found="no price rise: a term tells a new price only where it was accepted",
            expected="a kind of event of which a book tells all accounts that it met, those who left among them",
            mend="ask for a rep that leaves or a competitor that enters",
        )
    yield


def scene_on(book: Book, scorer: Scorer, on: date | None) -> Scene:
    """The scene on a day; on the one after the end of the data where none is given."""
    from features.engine import instant
    from serving.whatif.scene import scene_of

    return scene_of(book, scorer, book.end if on is None else instant(on))


def _answered(
    scene: Scene, reps: Sequence[str], markets: Sequence[str], said: Progress
) -> dict[str, Any]:
    from features.edits.kinds import COMPETITOR_ENTERS, REP_LEAVES
    from serving.whatif.answer import answer
    from serving.whatif.question import Question

    questions = [
        *(Question(REP_LEAVES, rep) for rep in reps),
        *(Question(COMPETITOR_ENTERS, market) for market in markets),
    ]
    for question in questions:
        question.accounts(scene)
    said("past events")
    known = _known(scene, {question.kind.name for question in questions})
    said("what would be")
    return answer(scene, questions, known)


def _everybody(
    scene: Scene, all_reps: bool, all_markets: bool, said: Progress
) -> dict[str, Any]:
    from features.edits.kinds import COMPETITOR_ENTERS, REP_LEAVES
    from features.engine import day_of
    from serving.whatif.answer import evidence_told
    from serving.whatif.everybody import everybody

    asked = {REP_LEAVES.name: all_reps, COMPETITOR_ENTERS.name: all_markets}
    said("past events")
    known = _known(scene, {name for name, wanted in asked.items() if wanted})
    said("what would be")
    return {
        "as_of": str(day_of(scene.as_of)),
        "evidence": [evidence_told(each) for each in known.values()],
        "everybody": {name: everybody(scene, each) for name, each in known.items()},
    }


def _known(scene: Scene, kinds: set[str]) -> dict[str, Known]:
    from features.edits.kinds import KINDS
    from serving.whatif.known import known_of
    from training.effects.study import evidence_of
    from training.past.observed import observe

    observed = observe(scene.book, min(scene.as_of, scene.book.watermark))
    found = {}
    for name in sorted(kinds, reverse=True):
        kind = KINDS[name]
        found[name] = known_of(scene, kind, evidence_of(observed, kind))
    return found


def _written(told: dict[str, Any], out: Path | None) -> list[str]:
    if out is None:
        return []
    from pages.whatif.page import page

    out.mkdir(parents=True, exist_ok=True)
    file = out / "whatif.html"
    file.write_text(page(told), "utf-8")
    return [str(file)]
