"""Runs every command of the README, as it is written there, in the order of the page.

The endpoint is started in the background and stopped at the end; what needs the public data is left out, and said so,
where the setting PINCH_DATA names no folder; the two make commands are run by CI itself.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

PAGE = Path(__file__).parent.parent / "README.md"
READY = "http://127.0.0.1:3000/readyz"


def commands() -> list[str]:
    """The lines of all shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def start(command: str) -> subprocess.Popen[bytes]:
    """Starts the endpoint and waits until it is ready."""
    server = subprocess.Popen(command, shell=True, start_new_session=True)
    for _ in range(240):
        try:
            urllib.request.urlopen(READY, timeout=1).close()
            return server
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.25)
    sys.exit(f"not ready within a minute: {command}")


def main() -> None:
    """Runs them all; the first that fails ends the run."""
    data = os.environ.get("PINCH_DATA", "")
    servers = []
    try:
        for command in commands():
            print(f"$ {command}", flush=True)
            if command.startswith("make "):
                print("  run by CI itself")
            elif "PINCH_DATA=" in command and not Path(data, "cdnow").is_dir():
                print("  left out: PINCH_DATA names no folder with the public data")
            elif " serve" in command:
                servers.append(start(command))
            else:
                shown = command.replace(
                    "PINCH_DATA=/where/the/data/is", f"PINCH_DATA={data}"
                )
                subprocess.run(
                    shown.replace("curl -s", "curl -sS --fail-with-body"),
                    shell=True,
                    check=True,
                )
                print()
    finally:
        for server in servers:
            os.killpg(server.pid, 15)


if __name__ == "__main__":
    main()
