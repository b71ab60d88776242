from accounts.models import User
from courses.models import Course
from progress.models import Note


def of_course(viewer: User, course: Course) -> list[Note]:
    """In the order of the course, and within a lecture in the order of its time."""
    mine = Note.objects.of(viewer).kept().filter(enrolment__cohort__course=course)
    ordered = mine.order_by("activity__module__position", "activity__position", "at_ms", "created_at")
    return list(ordered.select_related("activity__module"))
