"""Whole nights that are killed, or that the disk refuses: readers see last night or tonight, and a rerun is tonight."""

import errno
import os
import random
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.nights.children import begin, end
from benchmarks.nights.faults import refused_at
from benchmarks.nights.harmed import LAST, make_nights
from benchmarks.nights.kills import kill_at, usual_seconds
from commands.exit_code import ExitCode

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    return make_nights(tmp_path_factory.mktemp("harmed"))


def test_killed_at_random_moments_nothing_is_lost_doubled_or_half_visible(nights):
    draws, longest = random.Random(0), usual_seconds(nights)
    for _ in range(2):
        kill_at(nights, draws.uniform(0, longest))


def test_where_files_may_not_grow_last_night_stays(nights):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    code = end(begin(nights.command, nights.tonight(), first=limit))
    assert (code, nights.seen()) == (ExitCode.STORAGE, LAST)
    nights.mend()
    nights.forget_tonight()


def test_where_nothing_can_be_said_the_night_is_published_all_the_same(nights):
    def silence():
        os.dup2(os.open("/dev/full", os.O_WRONLY), 1)
        os.dup2(1, 2)
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__

    assert end(begin(nights.command, nights.tonight(), first=silence)) == ExitCode.DONE
    nights.mend()
    nights.forget_tonight()


def _can_trace():
    asked = ["strace", "-o", "/dev/null", "true"]
    return (
        shutil.which("strace") is not None
        and subprocess.run(asked, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.skipif(not _can_trace(), reason="strace may not trace here")
def test_a_call_that_the_kernel_refuses_ends_the_night_and_last_night_stays(
    nights, tmp_path
):
    log = tmp_path / "strace"
    assert refused_at(nights, 20, errno.ENOSPC, log) == f"exit 5, {LAST}"
    assert refused_at(nights, 60, errno.EROFS, log) == f"exit 5, {LAST}"


_MOUNT = ["unshare", "--map-root-user", "--mount"]


def _can_mount():
    return (
        shutil.which("unshare") is not None
        and subprocess.run(
            [*_MOUNT, "true"], capture_output=True, check=False
        ).returncode
        == 0
    )


@pytest.mark.skipif(not _can_mount(), reason="no file system may be mounted here")
def test_on_a_disk_that_is_full_or_read_only_last_night_stays(tmp_path):
    subprocess.run([*_MOUNT, sys.executable, __file__, tmp_path], cwd=ROOT, check=True)


def _on_a_small_disk(place):
    """Runs where a file system may be mounted: a disk is full after so many KiB, and then read-only."""

    def mount(*more):
        subprocess.run(["mount", *more, place], check=True)

    mount("-t", "tmpfs", "-o", "size=16m", "none")
    nights = make_nights(place / "disk")
    filler = place / "filler"
    for free in (4, 60):
        left = shutil.disk_usage(place).free - free * 1024
        filler.write_bytes(bytes(left))
        code = end(begin(nights.command, nights.tonight()))
        assert (code, nights.seen()) == (ExitCode.STORAGE, LAST), (free, code)
        filler.unlink()
        nights.mend()
        nights.forget_tonight()
    mount("-o", "remount,ro")
    code = end(begin(nights.command, nights.tonight()))
    assert (code, nights.seen()) == (ExitCode.STORAGE, LAST), code
    mount("-o", "remount,rw")
    nights.mend()


if __name__ == "__main__":
    _on_a_small_disk(Path(sys.argv[1]))
