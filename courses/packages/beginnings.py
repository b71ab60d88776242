"""What a file is that is no zip archive, told by its first bytes."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from . import limits, reasons
from .reasons import Reason

# Beginnings of files, the more particular first.
_MAGIC = (
    (b"Rar!", reasons.OTHER_ARCHIVE),
    (b"7z\xbc\xaf", reasons.OTHER_ARCHIVE),
    (b"BZh", reasons.OTHER_ARCHIVE),
    (b"\xfd7zXZ", reasons.OTHER_ARCHIVE),
    (b"\x28\xb5\x2f\xfd", reasons.OTHER_ARCHIVE),
    (b"%PDF", reasons.PDF),
    (b"\xd0\xcf\x11\xe0", reasons.OFFICE),
    (b"{\\rtf", reasons.OFFICE),
    (b"\x89PNG", reasons.PICTURE),
    (b"\xff\xd8\xff", reasons.PICTURE),
    (b"GIF8", reasons.PICTURE),
    (b"\x1a\x45\xdf\xa3", reasons.RECORDING),
    (b"\x30\x26\xb2\x75", reasons.RECORDING),
    (b"ID3", reasons.RECORDING),
    (b"OggS", reasons.RECORDING),
    (b"RIFF", reasons.RECORDING),
)
# The last two are Moodle's GIFT, "::Title::", and Aiken, "ANSWER: B".
_QUESTIONS = re.compile(
    rb"<(?:questestinterop|assessmentItem|assessmentTest|quiz)[\s>]|^\$CATEGORY:"
    rb"|^::[^:\n]{1,200}::|^ANSWER: ?[A-Z]\s*$",
    re.MULTILINE,
)
# Of what begins with "ftyp", as films do too.
_PICTURE_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"avif", b"avis")
_MOODLE_TAR = re.compile(r"^(?:\./)?(?:\.ARCHIVE_INDEX$|moodle_backup\.xml$|activities/[a-z0-9]+_\d+)")
_OLX_TAR = re.compile(r"^(?:\./)?(?:[^/]+/)?(?:course\.xml$|(?:about|chapter|sequential|vertical)/)")
_BLOCK = 512


def why_no_zip(stream: BinaryIO, size: int) -> Reason:
    """What a file is that has no end of a zip archive."""
    if not size:
        return reasons.EMPTY_FILE
    stream.seek(0)
    head = stream.read(limits.MAX_HEAD_BYTES)
    if head.startswith(b"PK"):
        return reasons.TRUNCATED
    if head.startswith(b"\x1f\x8b"):
        return _tar(_unzipped(head))
    if head[257:262] == b"ustar":
        return _tar(head)
    if head[4:12].startswith(tuple(b"ftyp" + brand for brand in _PICTURE_BRANDS)) or head[8:12] == b"WEBP":
        return reasons.PICTURE
    if head[4:8] == b"ftyp" or (head[:2] in (b"\xff\xfb", b"\xff\xf3") and len(head) > 4):
        return reasons.RECORDING
    for magic, reason in _MAGIC:
        if head.lstrip().startswith(magic):
            return reason
    return _written(head)


def _written(head: bytes) -> Reason:
    """Of a file of words: questions, a page, other words, or nothing that anybody knows."""
    if _QUESTIONS.search(head[:8192]):
        return reasons.QTI
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return reasons.PAGE
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head):
        return reasons.PLAIN_TEXT
    return reasons.NOT_ZIP


def _unzipped(head: bytes) -> bytes:
    """The beginning of what is inside gzip; a bomb is read no further than the limit."""
    try:
        return zlib.decompressobj(31).decompress(head, limits.MAX_UNPACKED_HEAD)
    except zlib.error:
        return b""


def _tar(head: bytes) -> Reason:
    if head and head[257:262] != b"ustar":
        return reasons.OTHER_ARCHIVE
    for name in _tar_names(head):
        if _MOODLE_TAR.match(name):
            return reasons.MOODLE_BACKUP
        if _OLX_TAR.match(name):
            return reasons.OPEN_EDX
    return reasons.TAR


def _tar_names(head: bytes) -> Iterator[str]:
    at = 0
    while at + _BLOCK <= len(head):
        name = head[at : at + 100].partition(b"\0")[0].decode("utf-8", "replace")
        length = head[at + 124 : at + 135].strip(b" \0")
        if not name or not re.fullmatch(rb"[0-7]{1,11}", length):
            return
        yield name
        at += _BLOCK + -(-int(length, 8) // _BLOCK) * _BLOCK
