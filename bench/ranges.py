"""Parts of a recording of 2 GB, asked for by many players at once: how fast they come, and what memory they take."""

from dataclasses import dataclass

from django.urls import reverse

from bench import apart, fill_lectures, memory
from bench.measure import CONNECTIONS
from bench.server import Server

MB = 10**6
# Each connection asks for so many parts of this size, and then from somewhere in the last stretch to the end.
PARTS, PART, LAST = 100, MB, 256 * MB
# How much a worker's memory may grow, however large the file: what it sends is cut into pieces of 64 KB.
MOST_GROWTH = 32 * MB


@dataclass(frozen=True)
class Ranges:
    name = "ranges"
    requests: int
    bytes: int
    seconds: float
    workers: list[memory.Worker]

    @property
    def over(self) -> list[str]:
        return [
            f"a worker grew by {worker.growth / MB:.0f} MB of {MOST_GROWTH / MB:.0f} MB"
            for worker in self.workers
            if worker.growth > MOST_GROWTH
        ]

    @property
    def words(self) -> str:
        grown = ", ".join(
            f"{worker.before / MB:.0f} → {worker.peak / MB:.0f} → {worker.after / MB:.0f} MB" for worker in self.workers
        )
        return (
            f"Ranges: {CONNECTIONS} connections ask for {PARTS} random parts of {PART / MB:.0f} MB each, and for one "
            f"open end, of a file of {fill_lectures.RECORDING_BYTES / 10**9:.1f} GB without content: "
            f"{self.bytes / MB / self.seconds:.0f} MB/s, {self.requests / self.seconds:.0f} requests per second. "
            f"Memory of the workers before, at the most and after: {grown or 'not told here'}; a worker may grow by "
            f"{MOST_GROWTH / MB:.0f} MB."
        )


def measured(server: Server, cookies: dict[str, str]) -> Ranges:
    recording = fill_lectures.lecture().lecture.recording
    path = reverse("courses:recording", args=[recording.pk, recording.file.name])
    what = {"port": server.port, "path": path, "cookies": cookies, "connections": CONNECTIONS}
    what |= {"size": recording.file.size, "parts": PARTS, "part": PART, "last": LAST}
    workers = memory.workers(server.pid)
    for worker in workers:
        worker.begin()
    told = apart.run("bench.load_ranges", what)
    for worker in workers:
        worker.end()
    return Ranges(told["requests"], told["bytes"], told["seconds"], workers)
