from django.db.models import QuerySet

from accounts.models import User
from common.walks import Keyed
from courses.models import Course
from courses.querysets import ACTIVE_SQL
from progress.models import Note

# A text without accents and capitals: phones leave them out, and people do.
PLAIN = r"regexp_replace(normalize(lower({text}), NFD), '[\u0300-\u036f]', '', 'g')"
FOUND = f"strpos({PLAIN.format(text='n.text')}, {PLAIN.format(text='%(words)s::text')}) > 0"
# Of each lesson no more than the page can hold, by an index; the lessons in the order of the course.
PAGE = """
SELECT n.id
  FROM courses_module m
  JOIN courses_activity a ON a.module_id = m.id AND a.deleted_at IS NULL
 CROSS JOIN courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id AND h.course_id = %(course)s
 CROSS JOIN LATERAL (
       SELECT n.id, n.at_ms, n.created_at FROM progress_note n
        WHERE n.enrolment_id = e.id AND n.activity_id = a.id AND n.deleted_at IS NULL AND {found}
        ORDER BY n.at_ms, n.created_at, n.id LIMIT {{stop}}) n
 WHERE m.course_id = %(course)s AND e.user_id = %(viewer)s AND {active}
 ORDER BY m.position, a.position, n.at_ms, n.created_at, n.id OFFSET {{start}} LIMIT {{stop}} - {{start}}
"""
ORDER = ("activity__module__position", "activity__position", "at_ms", "created_at", "pk")


def of_course(viewer: User, course: Course) -> QuerySet[Note]:
    """In the order of the course, and within a lecture in the order of its time."""
    mine = Note.objects.of(viewer).kept().filter(enrolment__cohort__course=course)
    return mine.order_by(*ORDER).select_related("activity__module")


def listed(viewer: User, course: Course, words: str = "") -> Keyed:
    """The same, a page at a time; with `words`, those that hold them."""
    shown = Note.objects.order_by(*ORDER).select_related("activity__module")
    keys = PAGE.format(found=FOUND if words else "true", active=ACTIVE_SQL)
    return Keyed(shown, keys, viewer=viewer.pk, course=course.pk, words=words)
