"""The log of runs: a line of JSON for each, beside the nights and no part of any."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from serving.publishing.durable import append
from serving.publishing.layout import RUNS
from serving.steps import Taken


def log_run(nights: Path, steps: Iterable[Taken], run: Mapping[str, Any]) -> None:
    """Adds a run to the log of a folder of nights.

    Args:
        nights: the folder.
        steps: what each took.
        run: how it ended; nothing of a customer.
    """
    said = {
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        **run,
        "steps": [asdict(step) for step in steps],
    }
    append(nights / RUNS, json.dumps(said).encode() + b"\n")
