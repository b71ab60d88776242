"""Questions without an answer, for the pages of those who look after the forum."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from accounts.models import User
from common.paging import COUNTED
from courses.models import Cohort
from courses.permissions import MODERATING
from forums.selectors.forums import LOOKS_AFTER_SQL, WAITING_SQL

# What was asked without a name is nobody's.
OWED = f"""
SELECT DISTINCT ON (t.author_id) t.author_id, t.id, t.title, t.opened_at, coalesce(t.answer_by, t.opened_at)
  FROM forums_thread t
 WHERE t.cohort_id = %(cohort)s AND {WAITING_SQL} AND NOT t.anonymous
 ORDER BY t.author_id, t.opened_at, t.id
"""  # noqa: S608  all of it is ours
WAITING = f"""
SELECT CASE WHEN NOT t.anonymous THEN t.author_id END, t.id
  FROM (SELECT DISTINCT e.cohort_id FROM courses_enrolment e WHERE {LOOKS_AFTER_SQL}) AS h
  JOIN forums_thread t ON t.cohort_id = h.cohort_id AND {WAITING_SQL} AND t.author_id <> %(viewer)s
 LIMIT {COUNTED}
"""  # noqa: S608  all of it is ours


class Owed(NamedTuple):
    person: int
    thread: int
    title: str
    asked_at: datetime
    answer_by: datetime


def owed(cohort: Cohort) -> list[Owed]:
    """Of each who asked under their name, the question that has waited longest."""
    with connection.cursor() as cursor:
        cursor.execute(OWED, {"cohort": cohort.pk})
        return [Owed(*row) for row in cursor]


def waiting(viewer: User) -> Sequence[tuple[int | None, int]]:
    """Who asked (None without a name) and which thread, of up to COUNTED questions."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"viewer": viewer.pk, "moderating": list(MODERATING)})
        return cursor.fetchall()
