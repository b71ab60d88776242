"""Players that report what they played, many at once, in a process of its own (`bench.apart`).

Reads who they are from standard input as JSON; prints how each report was answered, and the seconds it took in all.
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.client import Client


def main() -> None:
    what = json.load(sys.stdin)
    started = time.monotonic()
    with ThreadPoolExecutor(what["connections"]) as threads:
        parts = list(threads.map(lambda place: _watch(what, place), range(what["connections"])))
    answers = [answer for part in parts for answer in part]
    print(json.dumps({"seconds": time.monotonic() - started, "answers": answers}))


def _watch(what: dict[str, Any], place: int) -> list[dict[str, Any]]:
    """The students of one connection, who take turns on it."""
    client = Client(what["port"])
    students = what["students"][place :: what["connections"]]
    return [
        _send(client, what["path"], student, student["start"] + number * what["every"], what["every"])
        for number in range(what["rounds"])
        for student in students
    ]


def _send(client: Client, path: str, student: dict[str, Any], start: int, length: int) -> dict[str, Any]:
    client.cookies = dict(student["cookies"])
    played = [start, start + length]
    now = time.time()
    report = {"opening": student["opening"], "ranges": [played], "wall": [[int(now) - length // 1000, int(now)]]}
    report |= {"position": played[1], "at": int(now * 1000)}
    began = time.perf_counter()
    answer = client.post(path, report)
    told = {"enrolment": student["enrolment"], "range": played, "status": answer.status}
    return told | {"waited": time.perf_counter() - began, "served": answer.seconds}


if __name__ == "__main__":
    main()
