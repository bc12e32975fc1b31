"""The machine: Python, packages against what they are pinned to, LightGBM's own library, the clock and its zone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution, version
from platform import python_version
from zoneinfo import ZoneInfo

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from serving.doctor.check import Check, failed, warned

DISTRIBUTION = "pinch"
NEEDED = "train"
"""The extra that the command line needs; packages of others are looked at where they are installed."""
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""No clock that is set is before it."""
_LOAD = "import models.fitted.boosting"
_SECONDS = 60


def machine(environ: Mapping[str, str] = os.environ) -> Iterator[Check]:
    """What is found of the machine."""
    yield from installed(DISTRIBUTION)
    yield lightgbm()
    yield clock(datetime.now(UTC))
    yield zone(environ.get("TZ", ""))


def installed(name: str) -> Iterator[Check]:
    """Whether a distribution has the Python and the packages that it wants."""
    try:
        wanted = distribution(name)
    except PackageNotFoundError:
        mend = "make setup, or pip install with its extra train"
        yield failed(f"package {name}", "not installed", mend)
        return
    yield python(wanted.metadata["Requires-Python"], python_version())
    yield from packages(wanted.requires or [])


def python(wanted: str, found: str) -> Check:
    """Whether the version of Python is one that is wanted.

    Example:
        >>> python(">=3.11", "3.9.2").status
        <Status.FAIL: 'fail'>
    """
    if found in SpecifierSet(wanted):
        return Check("Python", found)
    mend = "make the environment again with such a Python: rm -r .venv; make setup"
    return failed("Python", f"{found}, where {wanted} is needed", mend)


def packages(requirements: list[str]) -> Iterator[Check]:
    """Whether packages are there, in the versions that are wanted."""
    needed = [Requirement(text) for text in requirements]
    bad = [check for one in needed if (check := _package(one)) is not None]
    yield from bad
    if not bad:
        yield Check(
            "packages", f"{len(needed)} as pinned, or of extras that are not installed"
        )


def _package(wanted: Requirement) -> Check | None:
    """What is wrong with a package; None where nothing is."""
    mend = "pip install --require-hashes -r requirements.lock"
    try:
        found = version(wanted.name)
    except PackageNotFoundError:
        required = wanted.marker is None or wanted.marker.evaluate({"extra": NEEDED})
        if not required:
            return None
        return failed(f"package {wanted.name}", "not installed", mend)
    if wanted.specifier.contains(found, prereleases=True):
        return None
    said = f"{found}, where {wanted.specifier} is pinned"
    return failed(f"package {wanted.name}", said, mend)


def lightgbm(load: str = _LOAD) -> Check:
    """Whether LightGBM loads, tried in another process, which it may take down."""
    command = [sys.executable, "-c", load]
    try:
        tried = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS
        )
    except subprocess.TimeoutExpired:
        mend = "see whether the machine is overloaded, and try again"
        return failed("LightGBM", f"did not load within {_SECONDS} seconds", mend)
    if not tried.returncode:
        return Check("LightGBM", "loads")
    said = (tried.stderr.strip().splitlines() or [f"exit code {tried.returncode}"])[-1]
    if "libgomp" in tried.stderr:
        return failed("LightGBM", said, "apt-get install libgomp1")
    return failed("LightGBM", said, "install lightgbm again, as it is pinned")


def clock(now: datetime) -> Check:
    """Whether the clock is set.

    Example:
        >>> clock(datetime(1970, 1, 1, tzinfo=UTC)).status
        <Status.FAIL: 'fail'>
    """
    said = now.astimezone(UTC).isoformat(timespec="seconds")
    if now < EARLIEST:
        return failed("clock", said, "set it: timedatectl set-ntp true")
    return Check("clock", said)


def zone(name: str) -> Check:
    """Whether the zone of the environment is one; nights look from UTC, whatever it is."""
    try:
        ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        mend = (
            "set TZ to a name such as Europe/Berlin, or leave it out; timers go by it"
        )
        return warned(
            "time zone", f"TZ is {name}, which is no zone that is known", mend
        )
    return Check("time zone", name or "that of the system; nights look from UTC")
