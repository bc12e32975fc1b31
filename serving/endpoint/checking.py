"""A folder of models, looked at in a process of its own before it serves: a damaged one can end the whole process.

``python -m serving.endpoint.checking`` reads the path of a folder a line and tells a line of JSON of each. It has its
libraries read in before, and looks at each folder in a copy of itself, within bounds of memory and time: the files are
those that were sealed, and the answers those that were kept when the models were saved.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from features.errors import ModelError

SECONDS = 60
"""That a look may take, by the clock and of CPU."""
MEMORY = 8 * 1024**3
"""Bytes of addresses."""
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A process with threads cannot be copied safely."""

_MEND = "fetch the models again by pinch fetch, or train again"


class Checker:
    """Looks at folders of models in another process, which is there from the first look until the end."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None

    def require_sound(self, folder: Path) -> str:
        """Sees that the models of a folder can be served, and gives their version.

        Raises:
            ModelError: they cannot.
        """
        told = self._asked(folder)
        if "version" in told:
            return str(told["version"])
        raise ModelError(**told)

    def close(self) -> None:
        """Ends the process; the next look starts another one."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _asked(self, folder: Path) -> dict[str, Any]:
        process = self._process = self._process or _started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(f"{folder}\n")
            process.stdin.flush()
            told: dict[str, Any] = json.loads(process.stdout.readline())
        except (OSError, ValueError):
            self.close()
            return _unreadable(folder, "could not be looked at")
        return told


def _started() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **ONE_THREAD},
    )


def look(folder: Path) -> dict[str, str | None]:
    """What is told of a folder: the version of its models, or the parts of the error."""
    from models.fitted import artefact
    from serving.endpoint.predictor import Predictor
    from serving.scorer import load_models

    try:
        artefact.require_sealed(folder)
        scorer = load_models(folder)
        scorer.require_known_answers(folder)
        Predictor(scorer)
    except ModelError as error:
        return vars(error)
    except Exception as error:  # noqa: BLE001  whatever a forged file leads to
        return _unreadable(folder, f"cannot be read ({type(error).__name__})")
    return {"version": scorer.version}


def _unreadable(folder: Path, found: str) -> dict[str, str | None]:
    return {
        "where": str(folder),
        "found": f"models that {found}",
        "expected": "models as they were saved",
        "mend": _MEND,
    }


def _look_aside(folder: Path) -> dict[str, str | None]:
    """What a copy of this process tells of a folder, or how that ended."""
    heard, said = os.pipe()
    copy = os.fork()
    if not copy:
        _limit()
        os.write(said, json.dumps(look(folder)).encode())
        os._exit(0)
    os.close(said)
    with os.fdopen(heard) as pipe:
        told = pipe.read()
    _, status = os.waitpid(copy, 0)
    if status:
        code = os.waitstatus_to_exitcode(status)
        return _unreadable(folder, f"end the process that reads them (code {code})")
    found: dict[str, str | None] = json.loads(told)
    return found


def _limit() -> None:
    signal.alarm(SECONDS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Looks at each folder whose path stands on a line of standard input."""
    from serving.endpoint import predictor  # noqa: F401  before the first path is known

    for line in sys.stdin:
        print(json.dumps(_look_aside(Path(line.rstrip("\n")))), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
