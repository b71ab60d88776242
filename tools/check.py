"""`make check`: everything that can be said of the code without running it. Prints only what is wrong."""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "templates": ["djhtml", "--check", "--tabwidth", "2", "templates"],
    "imports": ["lint-imports", "--no-logo"],
    "types": ["mypy"],
}


def main() -> int:
    failed = [name for name, command in CHECKS.items() if not passes(name, command)]
    if failed:
        print(f"make check: {', '.join(failed)} failed.", file=sys.stderr)
    return bool(failed)


def passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    print(f"{name:<10} {'ok' if done.returncode == 0 else 'FAILED':<7} {time.monotonic() - started:.1f} s", flush=True)
    if done.returncode:
        print(done.stdout, done.stderr, sep="\n")
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
