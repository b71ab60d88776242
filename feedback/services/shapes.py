"""What a file that somebody brought can be shown as: by what it begins with, and by its name. Nothing is drawn here."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import BinaryIO

from courses import encodings
from feedback.models import WorkFile

Shape = WorkFile.Shape
BYTES = "application/octet-stream"
# A text of a student, or a program; what is longer is data, and nobody marks it line by line.
LONGEST_TEXT = 1024 * 1024
# PDF readers take the mark of a PDF anywhere here, because mail programs write something before it.
PDF_WITHIN = 1024
PICTURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
# Brands of HEIF whose pictures are coded with HEVC, as telephones write them (ISO/IEC 23008-12, annex B).
HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
# Written in letters, and read by a program all the same.
NO_TEXT = {".rtf", ".ps", ".eps", ".pdf", ".ai", ".mht", ".eml", ".ics", ".vcf", ".dxf", ".obj", ".stl"}
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"


@dataclass(frozen=True)
class Found:
    shape: WorkFile.Shape
    # By which a browser may show it when it is opened; everything else is bytes to be kept.
    content_type: str = BYTES


def look(stream: BinaryIO, name: str) -> Found:
    stream.seek(0)
    head = stream.read(LONGEST_TEXT + 1)
    stream.seek(0)
    if picture := next((kind for mark, kind in PICTURES if head.startswith(mark)), ""):
        return Found(Shape.IMAGE, picture)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Found(Shape.IMAGE, "image/webp")
    # No browser but one shows it; all keep it.
    if head[4:8] == b"ftyp" and head[8:12] in HEIC:
        return Found(Shape.IMAGE)
    if b"%PDF-" in head[:PDF_WITHIN]:
        return Found(Shape.PAGES, "application/pdf")
    return Found(Shape.TEXT if _is_text(head, name) else Shape.OTHER)


def _is_text(data: bytes, name: str) -> bool:
    if len(data) > LONGEST_TEXT or PurePosixPath(name).suffix.lower() in NO_TEXT:
        return False
    if data.startswith(tuple(mark for mark, _ in encodings.MARKS)):
        return "\0" not in text_of(data)
    return data.translate(None, CONTROLS) == data


def text_of(data: bytes, language: str = "en") -> str:
    """Its words, in the encoding that is likeliest: nobody is there to be asked."""
    try:
        return encodings.decode(data, language).text
    except encodings.Unsure as unsure:
        page = unsure.options[0].encoding if unsure.options else "cp1252"
        return data.decode(page, "replace")
