"""``pinch promote``, ``rollback`` and ``models``, with their tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from commands.figures import SHORT
from commands.options import AsJson, Store
from commands.output import Parts, errors, table, tell

if TYPE_CHECKING:
    from models.registry.versions import Entry, Version

_SHOWN = ("auc", "log_loss", "calibration_error")


def promote(
    anyway: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            metavar="REASON",
            help="Promote in spite of failed rules, save leakage; the reason is kept.",
        ),
    ] = None,
    store: Store = "mlruns",
    as_json: AsJson = False,
) -> None:
    """Makes the challengers the champions, which score and serve, if the gate let them pass.

    The gate: no leakage, calibration within bounds, and no evidence that a baseline or the present champion is better.
    """
    with errors(as_json):
        from models.registry.registry import Registry

        versions = Registry(store).promote(anyway=anyway)
        _tell_champions(versions, "is champion", as_json)


def rollback(store: Store = "mlruns", as_json: AsJson = False) -> None:
    """Makes those models champions again that were before the present ones."""
    with errors(as_json):
        from models.registry.registry import Registry

        versions = Registry(store).rollback()
        _tell_champions(versions, "is champion again", as_json)


def models(store: Store = "mlruns", as_json: AsJson = False) -> None:
    """Lists the versions of the models: which is champion, their figures, and what the gate said of them."""
    with errors(as_json):
        from models.registry.registry import Registry

        found = [_facts(entry) for entry in Registry(store).entries()]
        tell({"models": found}, as_json, lambda: _tables(found))


def _tell_champions(versions: Sequence[Version], said: str, as_json: bool) -> None:
    facts = {"champions": {version.name: version.number for version in versions}}
    sentences = [f"{each.name} version {each.number} {said}." for each in versions]
    tell(facts, as_json, lambda: sentences)


def _facts(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.version.name,
        "version": entry.version.number,
        "aliases": list(entry.aliases),
        "trained_until": entry.trained_until,
        "horizon": entry.horizon,
        "figures": dict(entry.figures),
        "verdicts": {verdict.name: verdict.text for verdict in entry.verdicts},
        "failed": [verdict.name for verdict in entry.failed],
        **entry.tags,
    }


def _tables(found: list[dict[str, Any]]) -> Parts:
    if not found:
        return ["No models yet; run pinch train BOOK."]
    short = [SHORT[name] for name in _SHOWN]
    columns = ["version", "alias", "trained until", *short, "gate"]
    rows = [_row(model) for model in found]
    return [table(columns, rows), *_verdicts(found), *_overridden(found)]


def _row(model: dict[str, Any]) -> list[str]:
    version = f"{model['name'].removeprefix('pinch-')} {model['version']}"
    known = [model["figures"].get(name) for name in _SHOWN]
    figures = ["" if figure is None else f"{figure:.3f}" for figure in known]
    aliases, until = "\n".join(model["aliases"]), model["trained_until"] or ""
    return [version, aliases, until, *figures, _gate(model)]


def _gate(model: dict[str, Any]) -> str:
    if model["failed"]:
        return f"failed: {', '.join(model['failed'])}"
    return "passed" if model["verdicts"] else "not judged"


def _verdicts(found: list[dict[str, Any]]) -> list[str]:
    """The verdicts on versions in use, once: both models of a training have the same."""
    said = []
    for model in found:
        if model["aliases"] and model["name"] == found[0]["name"]:
            version = f"{model['name']} version {model['version']}"
            for rule, text in model["verdicts"].items():
                said.append(f"{version}, {rule}: {text}.")
    return said


def _overridden(found: list[dict[str, Any]]) -> list[str]:
    """The versions that became champions in spite of a rule, and why."""
    return [
        f"{model['name']} version {model['version']} was promoted anyway: {model['promoted_anyway']}"
        for model in found
        if "promoted_anyway" in model
    ]
