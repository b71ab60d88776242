"""Questions without an answer, for the pages of those who look after the forum."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, When

from accounts.models import User
from common.paging import COUNTED
from common.walks import FEW
from courses.models import Cohort
from courses.permissions import MODERATING
from forums.models import Thread
from forums.selectors.forums import LOOKS_AFTER_SQL, WAITING_SQL

# What was asked without a name is nobody's.
OWED = f"""
SELECT DISTINCT ON (t.author_id) t.author_id, t.id, t.title, t.opened_at, coalesce(t.answer_by, t.opened_at)
  FROM forums_thread t
 WHERE t.cohort_id = %(cohort)s AND {WAITING_SQL} AND NOT t.anonymous
 ORDER BY t.author_id, t.opened_at, t.id
"""  # noqa: S608  all of it is ours
# Of somebody with more than a few cohorts, all questions of the school are walked (docs/adr/0011).
WAITING = f"""
WITH mine AS MATERIALIZED (SELECT e.cohort_id FROM courses_enrolment e WHERE {LOOKS_AFTER_SQL} LIMIT {FEW} + 1)
SELECT CASE WHEN NOT anonymous THEN author_id END, id FROM (
    (SELECT t.anonymous, t.author_id, t.id FROM (SELECT DISTINCT cohort_id FROM mine) AS h
       JOIN forums_thread t ON t.cohort_id = h.cohort_id AND {WAITING_SQL}
      WHERE (SELECT count(*) FROM mine) <= {FEW} LIMIT {COUNTED})
     UNION ALL
    (SELECT t.anonymous, t.author_id, t.id FROM forums_thread t
      CROSS JOIN LATERAL (
            SELECT FROM courses_enrolment e WHERE e.cohort_id = t.cohort_id AND {LOOKS_AFTER_SQL} LIMIT 1) AS own
      WHERE (SELECT count(*) FROM mine) > {FEW} AND {WAITING_SQL}
      ORDER BY t.opened_at, t.id LIMIT {COUNTED})
) AS found
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
    """Who asked (None without a name) and which thread, of the questions that `forums.selectors.forums.unanswered`
    lists, up to COUNTED."""
    if viewer.is_staff:
        found = Thread.objects.moderated_by(viewer).unanswered().exclude(author=None)
        who = Case(When(anonymous=False, then="author_id"))
        return list(found.values_list(who, "pk")[:COUNTED])
    with connection.cursor() as cursor:
        cursor.execute(WAITING, {"viewer": viewer.pk, "moderating": list(MODERATING)})
        return cursor.fetchall()
