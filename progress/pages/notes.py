from datetime import datetime

from django.urls import reverse

from common.timecode import clock
from courses.models import Course
from progress.models import Note


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
