"""A student's notes as forms beside a lecture, and as one file."""

from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID, uuid4

from django.urls import reverse

from common.timecode import clock
from courses.models import Course
from progress.models import Note
from progress.selectors.lectures import Beside

NOBODY = UUID(int=0)


class NoteForm(NamedTuple):
    key: str
    at_ms: int
    # '' for the empty form, whose note is not there yet.
    version: int | str
    text: str
    save_url: str
    delete_url: str


def forms(activity: int, notes: list[Beside], at_ms: int) -> list[NoteForm]:
    """One for each note, and an empty one at the end for the place `at_ms`."""
    save, delete = _addresses()
    save = save.replace("/0/", f"/{activity}/")
    return [
        NoteForm(*note, save.replace(str(NOBODY), note.pk), delete.replace(str(NOBODY), note.pk))
        for note in [*notes, Beside(str(uuid4()), at_ms, "", "")]
    ]


@lru_cache(maxsize=1)
def _addresses() -> tuple[str, str]:
    """Of saving and deleting, resolved once and not for each note."""
    return reverse("progress:save_note", args=[0, NOBODY]), reverse("progress:delete_note", args=[NOBODY])


def as_markdown(course: Course, notes: list[Note], written_at: datetime, address: str) -> str:
    """One file to take along. `address` is the site's origin, before the path of a lesson."""
    lines, module, activity = [f"# {course.title}", ""], None, None
    for note in notes:
        if note.activity.module_id != module:
            module = note.activity.module_id
            lines += [f"## {note.activity.module.title}", ""]
        if note.activity_id != activity:
            activity = note.activity_id
            lines += [f"### {note.activity.title}", ""]
        lesson = address + reverse("progress:lesson", args=[note.activity_id])
        where = f"[{clock(note.at_ms)}]({lesson}?at={note.at_ms // 1000})"
        body = note.text.replace("\r\n", "\n").replace("\n", "\n  ")
        lines += [f"- {where} {body}", ""]
    lines.append(f"_{written_at:%Y-%m-%d %H:%M %Z}_")
    return "\n".join(lines) + "\n"
