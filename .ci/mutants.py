"""How many small faults, planted one at a time in the core, its tests notice: ``make mutants``.

A parent imports what does not change; for each fault a forked child imports the faulty module in the place of the right
one and runs the tests of the module until the first that fails. A child that takes five times as long as without one
has noticed it, too.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import sys
import tempfile
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType
from typing import Any

import hypothesis
import planting
import pytest

ROOT = Path(__file__).parent.parent
CORE = {
    "training/past/labels.py": "training/test_when_left.py training/test_labels.py features/test_next_answer.py",
    "training/past/label_statements.py": "training/test_when_left.py training/test_labels.py",
    "training/past/leaving.py": "training/test_labels.py",
    "training/past/when_left.py": "training/test_when_left.py training/test_labels.py",
    "training/past/as_of_dates.py": "training/test_dates.py training/test_walk_forward.py",
    "training/past/panel.py": "training/test_panel.py training/test_window.py",
    "training/leakage.py": "training/test_leakage.py",
    "training/evaluation/comparison.py": "training/test_evidence.py training/test_comparison.py training/test_gate.py",
    "training/fitting/calibration.py": "models/test_calibration.py",
    "models/fitted/calibration.py": "models/test_calibration.py",
    "features/quadrants.py": "features/test_quadrants.py",
    "features/cleaning/repeats.py": "features/test_repeats.py",
}
"""The modules whose faults would go unseen longest, and the tests of each."""


class Faulty(SourceFileLoader, MetaPathFinder):
    """Finds one module, with a fault in it."""

    def __init__(self, path: str, wanted: int) -> None:
        super().__init__(path.removesuffix(".py").replace("/", "."), str(ROOT / path))
        tree = planting.plant((ROOT / path).read_text(), wanted)
        self.code = compile(tree, path, "exec")

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:  # noqa: D102
        return spec_from_loader(name, self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:  # noqa: D102
        return self.code


def run(tests: list[str], faulty: Faulty | None = None, most: int = 600) -> int:
    """Whether the tests fail with a fault: 0 where they pass, else how the child ended."""
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))
        signal.alarm(20 * most)
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        sys.meta_path[:0] = [faulty] if faulty else []
        os._exit(
            pytest.main(["-x", "-p", "no:cacheprovider", "-p", "no:xdist", *tests])
        )
    return os.waitpid(child, 0)[1]


def forget_ours() -> None:
    """Forgets all modules of the project and of its tests, so that a child imports its own."""
    kept = {"__main__", planting.__name__}
    for name, module in [*sys.modules.items()]:
        path = Path(getattr(module, "__file__", None) or os.devnull)
        ours = path.is_relative_to(ROOT) and ".venv" not in path.parts
        if ours and name not in kept:
            del sys.modules[name]


def tests_of(path: str) -> list[str]:
    """The files of tests of a module."""
    return [str(ROOT / "tests" / name) for name in CORE[path].split()]


def survivors_of(path: str, most: int, seed: int) -> tuple[int, int, list[str]]:
    """How many faults were planted in a module, of how many there could be, and those that no test noticed."""
    faults = planting.faults_of((ROOT / path).read_text())
    drawn = random.Random(seed).sample(range(len(faults)), min(most, len(faults)))
    tests = tests_of(path)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    if run(tests):
        sys.exit(f"{tests[0]} fails without any fault")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    limit = 5 * (1 + int(after.ru_utime - before.ru_utime))
    survivors = [
        faults[wanted]
        for wanted in sorted(drawn)
        if run(tests, Faulty(path, wanted), limit) == 0
    ]
    return len(drawn), len(faults), survivors


def main() -> None:
    """Prints the share of faults that was noticed, by module, and each that was not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", default=[*CORE])
    parser.add_argument("--most", type=int, default=1000, help="faults of a module")
    parser.add_argument("--seed", type=int, default=0, help="which, if there are more")
    chosen = parser.parse_args()
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = tempfile.mkdtemp()
    hypothesis.settings.register_profile(
        "mutants", database=None, phases=[hypothesis.Phase.generate], derandomize=True
    )
    hypothesis.settings.load_profile("mutants")
    tests = [test for path in chosen.modules for test in tests_of(path)]
    if pytest.main(
        ["--collect-only", "-qqq", "-p", "no:xdist", "-W", "ignore", *tests]
    ):
        sys.exit("the tests of the core cannot be read")
    forget_ours()
    total, killed = 0, 0
    for path in chosen.modules:
        planted, possible, survivors = survivors_of(path, chosen.most, chosen.seed)
        total, killed = total + planted, killed + planted - len(survivors)
        share = 1 - len(survivors) / planted
        print(
            f"{path}: {share:.0%} of {planted} noticed ({possible} possible)",
            flush=True,
        )
        for survivor in survivors:
            print(f"    {survivor}", flush=True)
    print(f"all: {killed / total:.1%} of {total} noticed")


if __name__ == "__main__":
    main()
