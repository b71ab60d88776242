from django.db.models import Func, QuerySet, TextField, Value

from accounts.models import User
from courses.models import Course
from progress.models import Note


class Plain(Func):
    """A text without accents and capitals: phones leave them out, and people do."""

    template = r"regexp_replace(normalize(lower(%(expressions)s), NFD), '[\u0300-\u036f]', '', 'g')"
    output_field = TextField()


def of_course(viewer: User, course: Course, words: str = "") -> QuerySet[Note]:
    """In the order of the course, and within a lecture in the order of its time; with `words`, those that hold them."""
    mine = Note.objects.of(viewer).kept().filter(enrolment__cohort__course=course)
    if words:
        mine = mine.alias(plain=Plain("text")).filter(plain__contains=Plain(Value(words)))
    ordered = mine.order_by("activity__module__position", "activity__position", "at_ms", "created_at", "pk")
    return ordered.select_related("activity__module")
