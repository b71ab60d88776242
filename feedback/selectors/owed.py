"""Feedback that is owed, for the pages of those who owe it."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from common.paging import COUNTED
from courses.models import Cohort
from courses.querysets import ACTIVE_SQL
from feedback.models import Asked, Conversation

# Work that is marked without names is owed to nobody whose name could be said.
OWED = f"""
SELECT DISTINCT ON (e.user_id) e.user_id, s.id, a.title, s.promised_at, s.broken_at IS NOT NULL
  FROM courses_enrolment e
  JOIN feedback_submission s ON s.enrolment_id = e.id AND s.taken_back_at IS NULL AND s.release_at IS NULL
  JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
  JOIN feedback_assignment g ON g.activity_id = a.id AND NOT g.nameless
 WHERE e.cohort_id = %(cohort)s AND e.role = 'student' AND {ACTIVE_SQL}
   AND (s.promised_at <= %(until)s OR s.broken_at IS NOT NULL)
 ORDER BY e.user_id, s.promised_at, s.id
"""  # noqa: S608  all of it is ours


class Owed(NamedTuple):
    person: int
    submission: int
    title: str
    promised_at: datetime | None
    broken: bool


def owed(cohort: Cohort, until: datetime) -> list[Owed]:
    """Of each student the work whose feedback is promised first: until an instant, or broken already."""
    with connection.cursor() as cursor:
        cursor.execute(OWED, {"cohort": cohort.pk, "until": until})
        return [Owed(*row) for row in cursor]


class Talking(NamedTuple):
    """Who waits for a word in a conversation; `pulse` is what they answered since, and `before` the time before."""

    person: int
    conversation: int
    promised_at: datetime
    broken: bool
    pulse: str
    before: str


def talking(viewer: User, cohort: Cohort) -> list[Talking]:
    """In conversations of `viewer` alone: whoever else teaches there reads none of it. Answers are read, in a second
    query, where somebody waits."""
    waits = Conversation.objects.held_by(viewer).filter(enrolment__cohort=cohort, waiting_since__isnull=False)
    rows = waits.values_list("enrolment", "enrolment__user", "pk", "promised_at", "broken_at", "waiting_since")
    found = list(rows)
    answers = _answers(viewer, [enrolment for enrolment, *_ in found]) if found else {}
    return [
        Talking(person, talk, at, broken is not None, *_latest(answers.get(enrolment, []), since))
        for enrolment, person, talk, at, broken, since in found
    ]


def _answers(author: User, enrolments: list[int]) -> dict[int, list[tuple[datetime, str]]]:
    """By enrolment, what was answered to check-ins of `author`, the latest first."""
    asked = Asked.objects.filter(enrolment__in=enrolments, check_in__author=author, answered_at__isnull=False)
    found: dict[int, list[tuple[datetime, str]]] = {}
    for enrolment, at, pulse in asked.order_by("-answered_at").values_list("enrolment", "answered_at", "pulse"):
        found.setdefault(enrolment, []).append((at, pulse))
    return found


def _latest(answers: list[tuple[datetime, str]], since: datetime) -> tuple[str, str]:
    """The pulse that was answered since, "" without one, and the one before the latest."""
    pulse = answers[0][1] if answers and answers[0][0] >= since else ""
    return pulse, answers[1][1] if len(answers) > 1 else ""


def waiting_in_talk(viewer: User) -> list[tuple[int, datetime]]:
    """Who waits for a word from `viewer`, and until when, of up to COUNTED conversations."""
    waits = Conversation.objects.held_by(viewer).filter(waiting_since__isnull=False)
    return list(waits.order_by("promised_at").values_list("enrolment__user", "promised_at")[:COUNTED])
