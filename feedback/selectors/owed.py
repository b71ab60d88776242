"""Feedback that is owed, for the pages of those who owe it."""

from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import OuterRef, Subquery

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
    """In conversations of `viewer` alone: whoever else teaches there reads none of it."""
    answers = Asked.objects.filter(enrolment=OuterRef("enrolment"), check_in__author=viewer, answered_at__isnull=False)
    pulses = answers.order_by("-answered_at").values("pulse")
    found = Conversation.objects.held_by(viewer).filter(enrolment__cohort=cohort, waiting_since__isnull=False)
    found = found.annotate(
        pulse=Subquery(pulses.filter(answered_at__gte=OuterRef("waiting_since"))[:1]), before=Subquery(pulses[1:2])
    )
    rows = found.values_list("enrolment__user", "pk", "promised_at", "broken_at", "pulse", "before")
    return [
        Talking(person, talk, at, broken is not None, pulse or "", before or "")
        for person, talk, at, broken, pulse, before in rows
    ]


def waiting_in_talk(viewer: User) -> list[tuple[int, datetime]]:
    """Who waits for a word from `viewer`, and until when, of up to COUNTED conversations."""
    waits = Conversation.objects.held_by(viewer).filter(waiting_since__isnull=False)
    return list(waits.order_by("promised_at").values_list("enrolment__user", "promised_at")[:COUNTED])
