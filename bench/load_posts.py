"""Replies that are sent twice at the same moment, by many, in a process of its own (`bench.apart`)."""

import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.client import Client

CSRF = "bench" * 6 + "0w"


def main() -> None:
    what = json.load(sys.stdin)
    pairs = what["connections"] // len(what["senders"])
    together = [threading.Barrier(pairs) for _ in what["senders"]]
    started = time.monotonic()
    with ThreadPoolExecutor(what["connections"]) as threads:
        parts = threads.map(
            lambda place: _send(what, what["senders"][place // pairs], together[place // pairs]),
            range(pairs * len(what["senders"])),
        )
        statuses = [status for part in parts for status in part]
    print(json.dumps({"seconds": time.monotonic() - started, "statuses": statuses}))


def _send(what: dict[str, Any], sender: dict[str, Any], together: threading.Barrier) -> list[int]:
    client = Client(what["port"], {"session": sender["session"], "csrf": CSRF})
    statuses = []
    for number, key in enumerate(sender["keys"]):
        together.wait(60)
        fields = {"source": f"Reply {number}: so it is.", "draft_key": key, "csrfmiddlewaretoken": CSRF}
        statuses.append(client.submit(what["path"], fields).status)
    return statuses


if __name__ == "__main__":
    main()
