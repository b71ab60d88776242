"""Work in words for the student who handed it in: its receipt, and how long feedback takes."""

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from common.dates import local
from common.zones import city
from feedback.models import Submission

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Brought:
    """A file of the work; without its sum where only its name and size are shown."""

    name: str
    size: int
    sha256: str = ""


@dataclass(frozen=True)
class Line:
    """Of a receipt."""

    label: str
    value: str


def when(moment: datetime) -> str:
    """By the student's clock, with the second and the zone: "Thursday 26 November 2026, 17:00:05 (Berlin)"."""
    here = local(moment)
    return f"{date_format(here, 'l j F Y, H:i:s')} ({city(str(here.tzinfo))})"


def receipt(submission: Any, files: Sequence[Brought]) -> list[Line]:
    """What was handed in and when, as the page and the text file say it; of what was read with its `due_at`."""
    activity = submission.activity
    found = [
        Line(gettext("Course"), activity.module.course.title),
        Line(gettext("Assignment"), activity.title),
        Line(gettext("Student"), str(submission.enrolment.user)),
        Line(gettext("Attempt"), str(submission.attempt)),
        Line(gettext("Handed in"), when(submission.sent_at)),
    ]
    if submission.counts_at != submission.sent_at:
        found.append(Line(gettext("Counts from (the start of sending)"), when(submission.counts_at)))
    if (due := submission.due_at) and submission.attempt == 1:
        late, on_time = gettext("%(when)s. It came late."), gettext("%(when)s. It is on time.")
        words = late if submission.counts_at > due else on_time
        found.append(Line(gettext("Due"), words % {"when": when(due)}))
    if submission.taken_back_at:
        found.append(Line(gettext("You took it back"), when(submission.taken_back_at)))
    found.append(Line(gettext("Size"), _size(submission, files)))
    found += [Line(gettext("File"), _file(one)) for one in files]
    found += [Line(gettext("Link"), link) for link in submission.links]
    return found


def _size(submission: Submission, files: Sequence[Brought]) -> str:
    parts = []
    if submission.source:
        count = len(submission.source)
        parts.append(ngettext("%(n)s character of text", "%(n)s characters of text", count) % {"n": f"{count:,}"})
    if files:
        size = filesizeformat(sum(one.size for one in files))
        words = ngettext("%(n)s file (%(size)s)", "%(n)s files (%(size)s)", len(files))
        parts.append(words % {"n": len(files), "size": size})
    if count := len(submission.links):
        parts.append(ngettext("%(n)s link", "%(n)s links", count) % {"n": count})
    return ", ".join(parts)


def _file(one: Brought) -> str:
    return f"{one.name} ({filesizeformat(one.size)}){f', SHA-256 {one.sha256}' if one.sha256 else ''}"


def receipt_text(submission: Submission, files: Sequence[Brought]) -> str:
    """For a text file. What the student named is on lines of its own, whatever signs it holds."""
    lines = [f"{line.label}: {_plain(line.value)}" for line in receipt(submission, files)]
    lines.append(f"SHA-256: {submission.sha256}")
    check = [
        gettext("How to check the SHA-256: write one file with these, in this order, each followed by a line break:"),
        gettext("the text below, then each link, then for each file its own SHA-256, two spaces, and its name."),
        gettext("Then ask a tool such as sha256sum for the sum of that file. It is the one above."),
    ]
    text = [gettext("The text that was handed in:"), "", submission.source] if submission.source else []
    return "\n".join([gettext("Receipt"), "", *lines, "", *check, "", *text]).replace("\n", "\r\n") + "\r\n"


def _plain(words: str) -> str:
    """Without what would end a line, or turn its direction."""
    return "".join(" " if unicodedata.category(sign) in {"Cc", "Cf", "Zl", "Zp"} else sign for sign in words)


def pace(submission: Submission, took: timedelta | None, count: int) -> str:
    """How long it usually takes, where that is sooner than what was promised, and what is marked first; maybe ""."""
    said = []
    if took is not None and submission.promised_at:
        days = max(1, math.ceil(took / DAY))
        if submission.counts_at + days * DAY < submission.promised_at:
            words = ngettext(
                "Half of all work is back within %(n)s day.", "Half of all work is back within %(n)s days.", days
            )
            said.append(words % {"n": days})
    if count:
        words = ngettext("%(n)s piece of work is ahead of yours.", "%(n)s pieces of work are ahead of yours.", count)
        said.append(words % {"n": count})
    return " ".join(said)
