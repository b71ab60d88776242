"""Bytes to text when the label may be wrong, and small repairs on text."""

from __future__ import annotations

import codecs
import re

from . import limits

_CHUNK = 1024 * 1024
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""")
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Python knows encodings that are no text (or are slow on purpose-made input): only these count.
_TRUSTED = ("iso8859", "cp", "koi8", "mac", "big5", "gb", "shift_jis", "euc", "latin", "tis")
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))


def to_utf8(data: bytes) -> tuple[bytes, str]:
    """The same text as UTF-8 without a byte order mark, and what it was read as.

    UTF-8 that decodes is UTF-8, whatever the label says; a label counts only after that.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            data = data[len(bom) :]
            return (data, encoding) if _is_utf8(data, encoding) else _recode(data, encoding)
    if data[:2] == b"<\0":
        return _recode(data, "utf-16-le")
    if data[:2] == b"\0<":
        return _recode(data, "utf-16-be")
    if _is_utf8(data):
        return data, "utf-8"
    declared = declared_encoding(data)
    return _recode(data, declared if _is_trusted(declared) else "cp1252")


def declared_encoding(data: bytes) -> str:
    """The encoding that an XML declaration or a <meta> near the beginning names, or ""."""
    found = _DECLARED.search(data[:1024])
    return found.group(1).decode("ascii").lower() if found else ""


def is_mislabelled(data: bytes, actual: str) -> bool:
    declared = declared_encoding(data)
    if not declared or data.isascii():
        return False
    try:
        name = codecs.lookup(declared).name
    except LookupError:
        return True
    family = {"utf-16": "utf-16", "utf-16-le": "utf-16", "utf-16-be": "utf-16"}
    latin = {"iso8859-1": "cp1252"}
    name, actual = family.get(name, name), family.get(actual, codecs.lookup(actual).name)
    return latin.get(name, name) != latin.get(actual, actual)


def without_controls(data: bytes) -> bytes:
    """UTF-8 without the control characters that XML forbids."""
    return data.translate(None, _CONTROLS)


def clean(text: str | None, length: int = limits.MAX_TITLE) -> str:
    """One line of printable text, no longer than `length`."""
    words = " ".join((text or "").split())
    words = "".join(char for char in words if char.isprintable())
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def _is_utf8(data: bytes, encoding: str = "utf-8") -> bool:
    """In pieces: decoding at once would take up to four times the memory."""
    if encoding != "utf-8":
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _CHUNK):
            decoder.decode(data[at : at + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _recode(data: bytes, encoding: str) -> tuple[bytes, str]:
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    recoded = bytearray()
    for at in range(0, len(data), _CHUNK):
        piece = decoder.decode(data[at : at + _CHUNK])
        recoded += piece.encode("utf-8", errors="replace")
    recoded += decoder.decode(b"", final=True).encode("utf-8", errors="replace")
    return bytes(recoded), encoding


def _is_trusted(encoding: str) -> bool:
    try:
        return bool(encoding) and codecs.lookup(encoding).name.startswith(_TRUSTED)
    except LookupError:
        return False
