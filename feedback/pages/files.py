"""Files of work, as a page shows them: pages that were drawn, lines of a text, or a link to download."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext

from feedback.models import Submission, WorkFile
from feedback.selectors import files as selectors
from feedback.services import shapes
from files import documents
from files import services as stored

# What is longer is downloaded; a screen reader goes through these as through any list.
MOST_LINES, MOST_LINES_IN_ALL = 2_000, 5_000
LONGEST_LINE, MOST_BYTES_SHOWN = 2_000, 256 * 1024
NEUTRAL_ENDING = re.compile(r"\.[a-z0-9]{1,5}")


@dataclass(frozen=True)
class DrawnPage:
    number: int
    address: str
    width: int
    height: int
    # What it is called for who does not see it.
    label: str


@dataclass(frozen=True)
class ShownFile:
    key: UUID
    name: str
    size: int
    address: str
    is_waiting: bool = False
    is_failed: bool = False
    is_picture: bool = False
    pages: Sequence[DrawnPage] = field(default_factory=tuple)
    lines: Sequence[str] = field(default_factory=tuple)
    # Whether there may be more than is shown here; of a document, how many pages there are, where there are more.
    is_cut: bool = False
    pages_in_all: int = 0


@dataclass(frozen=True)
class ShownWork:
    submission: Submission
    files: list[ShownFile]


def work_shown(submission: Submission, *, nameless: bool = False) -> ShownWork:
    """For `feedback/work_shown.html`, in two queries. `nameless` to who may not learn whose work it is."""
    return work_of(submission, selectors.of_submission(submission), nameless=nameless)


def work_of(submission: Submission, files: Sequence[WorkFile], *, nameless: bool) -> ShownWork:
    """The same, of files that were read with their pages."""
    left, shown = MOST_LINES_IN_ALL, []
    for one in files:
        made = _shown(one, nameless, min(left, MOST_LINES))
        left -= len(made.lines)
        shown.append(made)
    return ShownWork(submission, shown)


def name_of(found: WorkFile, *, nameless: bool = False) -> str:
    """As it was brought; or one that tells nothing, for names of files often hold that of their author."""
    if not nameless:
        return found.file.name
    ending = PurePosixPath(found.file.name).suffix.lower()
    return f"{found.pk.hex[:6]}{ending if NEUTRAL_ENDING.fullmatch(ending) else ''}"


def address_of(found: WorkFile, name: str = "-") -> str:
    return reverse("feedback:file", args=[found.pk, name.replace("/", "-") or "-"])


def listed(found: Sequence[WorkFile]) -> list[dict[str, Any]]:
    """For a form, and for its script."""
    return [
        {
            "key": str(one.pk),
            "name": one.file.name,
            "size": filesizeformat(one.file.size),
            "address": address_of(one, one.file.name),
        }
        for one in found
    ]


def _shown(found: WorkFile, nameless: bool, most_lines: int) -> ShownFile:
    name = name_of(found, nameless=nameless)
    made = partial(ShownFile, found.pk, name, found.file.size, address_of(found, name))
    if found.state != WorkFile.State.READY:
        return made(is_waiting=found.state == WorkFile.State.WAITING, is_failed=found.state == WorkFile.State.FAILED)
    if found.shape == WorkFile.Shape.TEXT:
        lines, is_cut = _lines(found, most_lines)
        return made(lines=lines, is_cut=is_cut)
    is_picture = found.shape == WorkFile.Shape.IMAGE
    pages = [
        DrawnPage(
            page.number,
            reverse("feedback:page", args=[page.pk, PurePosixPath(page.file.name).suffix[1:] or "webp"]),
            page.width,
            page.height,
            name if is_picture else gettext("Page %(number)d of %(name)s") % {"number": page.number, "name": name},
        )
        for page in found.pages.all()
    ]
    if found.pages_in_all is None:
        # Drawn before that was noted.
        return made(is_picture=is_picture, pages=pages, is_cut=not is_picture and len(pages) >= documents.MOST_PAGES)
    in_all = found.pages_in_all if found.pages_in_all > len(pages) else 0
    return made(is_picture=is_picture, pages=pages, is_cut=bool(in_all), pages_in_all=in_all)


def _lines(found: WorkFile, most: int) -> tuple[list[str], bool]:
    try:
        with stored.stored(found.file) as stream:
            data = stream.read(MOST_BYTES_SHOWN + 1)
    except OSError:
        # Its bytes are gone, and its download says so.
        return [], True
    lines = shapes.text_of(data[:MOST_BYTES_SHOWN]).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(data) > MOST_BYTES_SHOWN or not lines[-1]:
        # Half a line, or none: a text ends with a line break.
        del lines[-1]
    is_cut = len(data) > MOST_BYTES_SHOWN or len(lines) > most or any(len(one) > LONGEST_LINE for one in lines[:most])
    return [one[:LONGEST_LINE] for one in lines[:most]], is_cut
