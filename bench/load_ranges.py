"""Players that jump about in a large recording, many at once, in a process of its own (`bench.apart`).

Reads what to ask from standard input as JSON; prints how much came, in how many answers, and in how many seconds.
"""

import json
import random
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.client import Client


def main() -> None:
    what = json.load(sys.stdin)
    started = time.monotonic()
    with ThreadPoolExecutor(what["connections"]) as threads:
        parts = list(threads.map(lambda place: _play(what, place), range(what["connections"])))
    sizes = [size for part in parts for size in part]
    print(json.dumps({"requests": len(sizes), "bytes": sum(sizes), "seconds": time.monotonic() - started}))


def _play(what: dict[str, Any], place: int) -> list[int]:
    client = Client(what["port"], dict(what["cookies"]))
    return [client.take(what["path"], wanted) for wanted in _wanted(what, random.Random(place))]


def _wanted(what: dict[str, Any], chance: random.Random) -> Iterator[str]:
    for _ in range(what["parts"]):
        first = chance.randrange(what["size"] - what["part"])
        yield f"bytes={first}-{first + what['part'] - 1}"
    yield f"bytes={what['size'] - chance.randrange(1, what['last'])}-"


if __name__ == "__main__":
    main()
