"""A look at a zip's central directory before `zipfile` may build an object for every record.

`zipfile.ZipFile()` reads whatever the directory claims: a million 46-byte records cost a gigabyte.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

from . import limits, reasons
from .beginnings import why_no_zip
from .draft import PackageError

_END = b"PK\x05\x06"
_END_SIZE = 22
_LOCATOR = b"PK\x06\x07"
_RECORD = b"PK\x01\x02"


def check_directory(stream: BinaryIO) -> None:
    """Refuse what is no zip, is cut off, or lists too many files. Leaves the stream at 0."""
    size = stream.seek(0, os.SEEK_END)
    tail_at = max(0, size - 65_535 - _END_SIZE)
    stream.seek(tail_at)
    tail = stream.read()
    at = _find_end(tail)
    if at < 0:
        raise PackageError(why_no_zip(stream, size))
    disk, count, length = struct.unpack_from("<H4xH L", tail.ljust(at + _END_SIZE), at + 4)
    if at >= 20 and tail[at - 20 : at - 16] == _LOCATOR:
        count, length = _zip64(stream, tail_at + at, count, length)
    elif disk not in (0, 0xFFFF):
        raise PackageError(reasons.SPLIT)
    if count > limits.MAX_ENTRIES or length > limits.MAX_DIRECTORY_BYTES:
        raise PackageError(reasons.TOO_MANY_FILES)
    end = tail_at + at
    _count_records(stream, end, length)
    stream.seek(0)


def _find_end(tail: bytes) -> int:
    """Where zipfile will find the end record: right at the end, else the last one before it."""
    at = len(tail) - _END_SIZE
    if at >= 0 and tail[at : at + 4] == _END and tail[-2:] == b"\0\0":
        return at
    at = tail.rfind(_END)
    return at if at >= 0 and len(tail) - at >= _END_SIZE else -1


def _zip64(stream: BinaryIO, end: int, count: int, length: int) -> tuple[int, int]:
    """Count and length from the zip64 record, which zipfile expects right before its locator."""
    stream.seek(max(0, end - 20 - 56))
    record = stream.read(56)
    if len(record) < 56 or record[:4] != b"PK\x06\x06":
        return count, length
    real_count, real_length = struct.unpack_from("<Q Q", record, 32)
    return int(real_count), int(real_length)


def _count_records(stream: BinaryIO, end: int, length: int) -> None:
    """Walk the records themselves: the announced count is only a claim."""
    for start in (end - length, end - length - 20 - 56):
        if start < 0:
            continue
        stream.seek(start)
        data = stream.read(length)
        if data[:4] == _RECORD:
            break
    else:
        return
    at = records = 0
    while data[at : at + 4] == _RECORD and at + 46 <= len(data):
        name, extra, comment = struct.unpack_from("<HHH", data, at + 28)
        at += 46 + name + extra + comment
        records += 1
    if records > limits.MAX_ENTRIES:
        raise PackageError(reasons.TOO_MANY_FILES)
