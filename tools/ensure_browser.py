"""Prints the path of a Chromium that runs, and installs one if there is none.

Progress is reported on stderr. Only the standard library and Playwright's command line,
because it runs before anything is known to work.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGE_MANAGERS = (
    ("apt-get", (("apt-get", "update"), ("apt-get", "install", "-y", "--no-install-recommends", "chromium"))),
    ("dnf", (("dnf", "install", "-y", "chromium"),)),
    ("apk", (("apk", "add", "chromium"),)),
)
PLAYWRIGHT_PATH = (
    "from playwright.sync_api import sync_playwright\n"
    "with sync_playwright() as playwright: print(playwright.chromium.executable_path)"
)


def main() -> int:
    named = os.environ.get("CHROMIUM")
    if named:
        return _print(named) if _runs(named) else _fail(f"CHROMIUM is {named}, which does not run.")
    for find in (_on_path, _of_playwright, _from_playwright, _from_the_system):
        for path in find():
            if _runs(path):
                return _print(path)
    return _fail("Chromium was not found and could not be installed. Install chromium, or set CHROMIUM to its path.")


def _on_path() -> Iterator[str]:
    yield from filter(None, map(shutil.which, NAMES))


def _of_playwright() -> Iterator[str]:
    done = subprocess.run([sys.executable, "-c", PLAYWRIGHT_PATH], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        yield done.stdout.strip()


def _from_playwright() -> Iterator[str]:
    if _try((sys.executable, "-m", "playwright", "install", "chromium")):
        yield from _of_playwright()


def _from_the_system() -> Iterator[str]:
    if os.geteuid() != 0:
        return
    for manager, commands in PACKAGE_MANAGERS:
        if shutil.which(manager):
            # A mirror that can't be read is no reason not to try what is known already.
            for command in commands:
                _try(command)
            yield from _on_path()


def _runs(path: str) -> bool:
    """Some distributions ship a script of that name that only tells where to get it."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _try(command: Sequence[str]) -> bool:
    print(f"Looking for a browser: {' '.join(command[-3:])} …", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}", file=sys.stderr)
        return False
    if done.returncode:
        print("\n".join(f"  {line}" for line in (done.stdout + done.stderr).splitlines()[-5:]), file=sys.stderr)
    return done.returncode == 0


def _print(path: str) -> int:
    print(path)
    return 0


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
