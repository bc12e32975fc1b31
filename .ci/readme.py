"""Runs every command of the README and of the pages beside it, as it is written there, each once, in their order.

The endpoint is started in the background and stopped at the end; what needs the public data is left out, and said so,
where the setting PINCH_DATA names no folder; the make commands are run by CI itself, and what the demo runs by it.
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

ROOT = Path(__file__).parent.parent
PAGES = (
    "README.md",
    "docs/quickstart.md",
    "docs/your-data.md",
    "docs/the-list.md",
    "docs/endpoint.md",
)
READY = "http://127.0.0.1:3000/readyz"


def commands() -> list[str]:
    """The lines of all shell blocks, each once, without what a remark says of it."""
    found: dict[str, None] = {}
    for page in PAGES:
        text = (ROOT / page).read_text()
        for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL):
            for line in block.splitlines():
                found[re.sub(r"\s+#.*", "", line)] = None
    return [command for command in found if command.strip()]


def run_by_the_demo() -> set[str]:
    """What ``make demo``, which CI has run before, runs to the letter."""
    listed = ["make", "--dry-run", "--always-make", "demo"]
    told = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    return {line.strip() for line in told.stdout.splitlines()}


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
    servers, done = [], run_by_the_demo()
    try:
        for command in commands():
            print(f"$ {command}", flush=True)
            if command.startswith("make "):
                print("  run by CI itself")
            elif command in done:
                print("  run by make demo")
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
