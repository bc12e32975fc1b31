"""Nights that the disk refuses at the Nth call: full, an I/O error, read-only.

    .venv/bin/python -m benchmarks.nights.faults --every 5

``strace`` has the kernel answer the Nth call that writes, of any thread of a night by rules of a tiny book, with an
error. The night must then end with another code than 0 while readers see last night; or, where it could do without that
call, with 0 and tonight as it would have been. After each a second run must give tonight to the byte.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from benchmarks.nights.children import begin, end
from benchmarks.nights.harmed import LAST, TONIGHT, Nights, make_nights

CALLS = "write,writev,pwrite64,fsync,ftruncate,rename,symlink,mkdir"
ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS)


def refused_at(nights: Nights, place: int, error: int, log: Path) -> str | None:
    """Makes tonight with its Nth call refused, and makes it good; how it ended, or None where it has fewer calls.

    Raises:
        AssertionError: anything was not as it must be.
    """
    child = begin(nights.command, nights.tonight(), first=_stop)
    os.waitpid(child, os.WUNTRACED)
    tracer = _traced(child, place, error, log)
    os.kill(child, signal.SIGCONT)
    code = end(child)
    tracer.wait()
    injected = "(INJECTED)" in log.read_text(errors="replace")
    expected = TONIGHT if code == 0 else LAST
    assert nights.seen() == expected, (place, code)
    nights.mend()
    nights.forget_tonight()
    return f"exit {code}, {expected}" if injected else None


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _traced(child: int, place: int, error: int, log: Path) -> subprocess.Popen[bytes]:
    """Has strace hold a stopped child; returns once it does."""
    inject = f"inject={CALLS}:error={errno.errorcode[error]}:when={place}"
    asked = ["strace", "-f", "-qq", "-p", str(child), "-o", str(log)]
    tracer = subprocess.Popen([*asked, "-e", f"trace={CALLS}", "-e", inject])
    while "TracerPid:\t0\n" in Path(f"/proc/{child}/status").read_text():
        time.sleep(0.01)
    return tracer


def main(
    first: Annotated[int, typer.Option(min=1, help="The first call.")] = 1,
    every: Annotated[int, typer.Option(min=1, help="Which ones after it.")] = 1,
) -> None:
    """Refuses the calls of nights."""
    ended: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as workplace:
        nights, log = make_nights(Path(workplace)), Path(workplace, "strace")
        place = first
        while found := refused_at(nights, place, ERRORS[place % 3], log):
            ended[found] += 1
            place += every
    for what, times in ended.most_common():
        typer.echo(f"{times:>5}  {what}")
    typer.echo(
        f"{ended.total()} calls refused, the last of them number {place - every}"
    )


if __name__ == "__main__":
    typer.run(main)
