"""Many connections at once, in a process of its own so that it takes no time from the one that measures.

Reads what to ask from standard input as JSON and prints the requests answered per second.
"""

import json
import sys
import threading
import time
from typing import Any

from bench.client import Client


def main() -> None:
    what = json.load(sys.stdin)
    counts = [0] * what["connections"]
    started = time.monotonic()
    ends = started + what["seconds"]
    threads = [threading.Thread(target=_keep_asking, args=(what, counts, place, ends)) for place in range(len(counts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(counts) / (time.monotonic() - started))


def _keep_asking(what: dict[str, Any], counts: list[int], place: int, ends: float) -> None:
    client = Client(what["port"], dict(what["cookies"]))
    while time.monotonic() < ends:
        if client.get(what["path"], htmx=what["htmx"]).status == 200:
            counts[place] += 1


if __name__ == "__main__":
    main()
