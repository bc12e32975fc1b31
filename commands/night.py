"""``pinch night``: the night that nobody watches, checked, scored, published whole, and handed on."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.delivering import require_destinations
from commands.exit_code import ExitCode, code_of_night
from commands.night_run import NightDone, Wanted, run_night
from commands.night_settings import with_settings
from commands.night_told import night_facts, night_told, step_told
from commands.options import (
    CAPACITY,
    USUAL,
    Acceptance,
    Actions,
    BadShare,
    Capacity,
    ContactCost,
    Histories,
    LookedFrom,
    MaxAge,
    Memory,
    NoSync,
    OfferCost,
    OwedWithin,
    Rules,
    StaleOk,
    Store,
    Value,
)
from commands.output import error_facts, error_line, error_of, tell
from commands.scoring import Asked
from features.errors import PinchError
from models.score.campaign import Campaign
from serving.steps import Steps, Taken

if TYPE_CHECKING:
    pass


def night(
    book: Annotated[
        Path,
        typer.Argument(
            metavar="BOOK",
            help="The folder of a book; its night.toml sets flags that are left out.",
            callback=with_settings,
            is_eager=True,
        ),
    ],
    as_of: LookedFrom = None,
    nights: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option(
            metavar="FOLDER",
            help="Where nights are published; the folder nights in the book where left out.",
        ),
    ] = None,
    store: Store = "mlruns",
    rules: Rules = False,
    force: Annotated[
        bool,
        typer.Option("--force", help="Make a night again that is published."),
    ] = False,
    wait: Annotated[
        float,
        typer.Option(
            min=0,
            metavar="SECONDS",
            help="How long to wait for another run to end before leaving with exit code 4.",
        ),
    ] = 0.0,
    limits_ok: Annotated[
        bool,
        typer.Option(
            "--limits-ok",
            help="Score a book that is further from that of the night before than [limits] allow.",
        ),
    ] = False,
    capacity: Capacity = CAPACITY,
    contact_cost: ContactCost = USUAL.contact_cost,
    offer_cost: OfferCost = USUAL.offer_cost,
    acceptance: Acceptance = USUAL.acceptance,
    value: Value = None,
    owed_within: OwedWithin = USUAL.owed_within,
    actions: Actions = None,
    histories: Histories = False,
    max_age: MaxAge = None,
    stale_ok: StaleOk = False,
    max_bad_share: BadShare = 0.05,
    memory_limit: Memory = None,
    no_sync: NoSync = False,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print a line of JSON for each step, and a last."),
    ] = False,
) -> None:
    """Checks, scores and publishes the night, unattended.

    A night lies under its date and models, whole, with a manifest of its files; the link current moves to it last. The
    same night again says so and ends well; --force makes it again, and publishes a revision beside it if anything is
    different. Where the data are stale, too bad or too far from those of the night before, it stops, and the last night
    stays.

    Exit codes: 0 done, 1 refused, 2 called wrongly, 3 the data are not fit, 4 another run has its turn, 5 a file could
    not be read or written, 6 a limit of drift is exceeded, 7 not delivered everywhere.
    """
    from serving.publishing.night_toml import read_night_toml

    asked = Asked(
        book=str(book),
        as_of=as_of,
        capacity=capacity,
        campaign=Campaign(
            contact_cost=contact_cost,
            offer_cost=offer_cost,
            acceptance=acceptance,
            value=value,
            owed_within=owed_within,
        ),
        actions=actions,
        histories=histories,
        max_age=max_age,
        stale_ok=stale_ok,
        max_bad_share=max_bad_share,
        memory_limit=memory_limit,
        no_sync=no_sync,
        as_json=as_json,
    )
    wanted = Wanted(
        asked, None if rules else store, read_night_toml(book), force, limits_ok
    )
    place = nights or book / "nights"
    raise typer.Exit(_run(wanted, place, wait))


def _run(wanted: Wanted, nights: Path, wait: float) -> ExitCode:
    """Runs a night, says what comes of it, and logs it."""
    as_json = wanted.asked.as_json
    steps = _steps(as_json)
    try:
        done = _published(wanted, nights, wait, steps)
    except (PinchError, OSError) as error:
        return _stopped(error, nights, steps, as_json)
    code = next((c.exit_code for c in done.came.values() if c.exit_code), ExitCode.DONE)
    said = {**night_facts(done), "exit_code": int(code)}
    _log(nights, steps, {name: said[name] for name in _LOGGED})
    with _unheard():
        tell({"event": "night", **said}, as_json, lambda: night_told(done))
    return code


def _unheard() -> suppress:
    """Where nothing can be said any more, as on a full disk, the exit code and the log tell what became of a night."""
    return suppress(OSError)


_LOGGED = ("outcome", "as_of", "model_version", "revision", "current", "exit_code")


def _published(wanted: Wanted, nights: Path, wait: float, steps: Steps) -> NightDone:
    from serving.publishing.staging import staging
    from serving.publishing.turn import turn

    require_destinations(wanted.toml, Path(wanted.asked.book))
    with turn(nights, wait), staging(nights) as made:
        return run_night(wanted, made, steps)


def _stopped(
    error: PinchError | OSError, nights: Path, steps: Steps, as_json: bool
) -> ExitCode:
    refused, code = error_of(error), code_of_night(error)
    step = {"step": steps.under_way, "exit_code": int(code)}
    facts = error_facts(refused)
    with _unheard():
        if as_json:
            typer.echo(json.dumps({"event": "error", **facts, **step}, default=str))
        typer.echo(error_line(refused), err=True)
    if code is not ExitCode.BUSY:
        _log(nights, steps, {"outcome": "stopped", "error": facts["error"], **step})
    return code


def _log(nights: Path, steps: Steps, run: Mapping[str, Any]) -> None:
    """Logs a run; where that cannot be done, it is said, and the night is as it is."""
    from serving.publishing.run_log import log_run

    try:
        log_run(nights, steps.taken, run)
    except OSError as error:
        with _unheard():
            typer.echo(f"Not logged: {error_of(error)}", err=True)


def _steps(as_json: bool) -> Steps:
    """Steps that are told as they go: lines of JSON on standard output, or lines for people on standard error."""

    def begun(name: str) -> None:
        if not as_json and sys.stderr.isatty():
            with _unheard():
                typer.echo(f"{name} …\r", err=True, nl=False)

    def ended(taken: Taken) -> None:
        line = {"event": "step", **vars(taken)}
        said = json.dumps(line) if as_json else step_told(taken)
        with _unheard():
            typer.echo(said, err=not as_json)

    return Steps(begun, ended)
