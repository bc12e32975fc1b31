"""A real PostgreSQL server for tests, of Debian's package: made in a folder of its own, removed at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import adbc_driver_postgresql.dbapi as driver

PASSWORD = "open-sesame"
_PACKAGES = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of the newest server's programs; None where there is none."""
    found = sorted(_PACKAGES.glob("*/bin/initdb"), key=lambda it: int(it.parts[-3]))
    return found[-1].parent if found else None


@dataclass(frozen=True)
class Server:
    """A running server, whose user ``pinch`` may do all."""

    port: int

    def address(
        self, database: str = "postgres", user: str = "pinch", password: str = PASSWORD
    ) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Runs statements, each a transaction of its own."""
        with driver.connect(self.address(database), autocommit=True) as session:
            for statement in statements:
                with session.cursor() as cursor:
                    cursor.execute(statement)


@contextmanager
def server() -> Iterator[Server]:
    """Starts a server, which refuses to run as root, and stops it."""
    folder = Path(tempfile.mkdtemp(prefix="pinch-postgres-"))
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    (folder / "password").write_text(PASSWORD)
    (folder / "password").chmod(0o644)
    port = _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs() / program), "-D", str(folder / "data")]
        subprocess.run(
            [*command, *arguments], check=True, cwd=folder, stdout=subprocess.DEVNULL
        )

    words = ("--no-sync", "--encoding=UTF8", "--locale=C.UTF-8", "--username=pinch")
    secret = ("--auth=scram-sha-256", f"--pwfile={folder / 'password'}")
    run("initdb", *words, *secret)
    run("pg_ctl", "-w", "-o", options, "-l", str(folder / "log"), "start")
    try:
        yield Server(port)
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
