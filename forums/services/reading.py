"""What somebody has read: numbers of posts, as a union, so that reports may come late, twice and from two devices."""

from collections.abc import Iterable

from django.db import connection

from accounts.models import User
from courses.models import Cohort
from forums.models import Thread
from forums.services import news
from notifications.services import revising
from progress.fields import literal

MOST_RANGES = 200
MARK = """
INSERT INTO forums_reading AS r (thread_id, person_id, numbers)
SELECT t.id, %(person)s, %(numbers)s::int4multirange * int4multirange(int4range(1, t.last_number + 1))
  FROM forums_thread t WHERE t.id = %(thread)s
    ON CONFLICT (person_id, thread_id) DO UPDATE SET numbers = r.numbers + excluded.numbers
"""
MARK_ALL = """
INSERT INTO forums_reading AS r (thread_id, person_id, numbers)
SELECT t.id, %(person)s, int4multirange(int4range(1, t.last_number + 1))
  FROM forums_thread t
 WHERE t.cohort_id = %(cohort)s AND t.deleted_at IS NULL AND t.last_number > 0
 ORDER BY t.id
    ON CONFLICT (person_id, thread_id) DO UPDATE SET numbers = r.numbers + excluded.numbers
"""


def mark(thread: Thread, person: User, ranges: Iterable[tuple[int, int]]) -> None:
    """`ranges` are half-open; numbers that the thread does not have count for nothing."""
    values = {"thread": thread.pk, "person": person.pk, "numbers": literal([*ranges][:MOST_RANGES])}
    with connection.cursor() as cursor:
        cursor.execute(MARK, values)


def mark_thread(thread: Thread, person: User) -> None:
    mark(thread, person, [(1, thread.last_number + 1)])


def clear_inbox(thread: Thread, person: User) -> int:
    """Whoever opens a thread has read what the inbox says of it; how many fewer are unread there."""
    return revising.read_about(person, news.ALL, thread.pk)


def mark_all(cohort: Cohort, person: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute(MARK_ALL, {"cohort": cohort.pk, "person": person.pk})
