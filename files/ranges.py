"""HTTP Range after RFC 9110 §14, for one range; several are answered with the whole, as §14.2 allows."""

import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

CHUNK = 64 * 1024
# At most 18 digits, which no file has and every int takes; more than that is passed over like any other nonsense.
ONE_RANGE = re.compile(r"bytes=\s*([0-9]{0,18})-([0-9]{0,18})\s*", re.IGNORECASE)


class Unsatisfiable(Exception):
    """No byte of the file lies in the range: 416."""


def parse(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte, both included; None when the header asks for nothing that a server must honour."""
    match = ONE_RANGE.fullmatch(header)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return int(first), min(int(last), size - 1) if last else size - 1


def read(opened: Callable[[], BinaryIO], first: int, length: int) -> Iterator[bytes]:
    """The bytes in small pieces, so that memory stays flat however large the file is.

    It is opened for the first piece only: an answer that nobody reads leaves no file open.
    """
    with opened() as stream:
        stream.seek(first)
        while length > 0 and (block := stream.read(min(CHUNK, length))):
            length -= len(block)
            yield block
