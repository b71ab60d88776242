"""Work of students, counted before somebody deletes what it belongs to."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count
from django.utils.translation import ngettext

from courses.work import Held, Where
from feedback.models import Message, Submission


def held(where: Where) -> Iterator[Held]:
    """In one query; what was taken back counts as well, for it is in the student's draft alone."""
    rows = Submission.objects.filter(**where)
    found = _counted(rows, "enrolment__user")
    words = ngettext("%d piece of work handed in", "%d pieces of work handed in", found["n"])
    yield Held(words % found["n"], frozenset(found["people"]))


def held_in_talk(where: Where) -> Iterator[Held]:
    """In one query: what students and teachers wrote to each other. It belongs to no lesson, but to a course."""
    ways = {path.replace("activity__module__course", "enrolment__cohort__course"): key for path, key in where.items()}
    if any(path.startswith("activity") for path in ways):
        return
    talk = {f"conversation__{path}": key for path, key in ways.items()}
    found = _counted(Message.objects.filter(**talk), "conversation__enrolment__user")
    words = ngettext("%d message in conversations", "%d messages in conversations", found["n"])
    yield Held(words % found["n"], frozenset(found["people"]))


def _counted(rows: Any, person: str) -> dict[str, Any]:
    return rows.aggregate(n=Count("pk"), people=ArrayAgg(person, distinct=True, default=[]))
