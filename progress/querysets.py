from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User

# For statements by hand that join an enrolment as `e` and an activity as `a`.
DONE_SQL = """EXISTS (SELECT FROM progress_completion c
    WHERE c.enrolment_id = e.id AND c.activity_id = a.id AND c.withdrawn_at IS NULL)"""
# Of a `progress_waiting`: with somebody else, or excused, so that nothing of it is left to the student. Where it is
# their turn again, all is.
HELD_SQL = "(ended_at IS NULL AND waits_for <> 'student')"
WAITING_SQL = f"""EXISTS (SELECT FROM progress_waiting w
    WHERE w.enrolment_id = e.id AND w.activity_id = a.id AND {HELD_SQL})"""


class CompletionQuerySet(models.QuerySet["Completion"]):
    def standing(self) -> "CompletionQuerySet":
        return self.filter(withdrawn_at=None)


class NoteQuerySet(models.QuerySet["Note"]):
    def of(self, viewer: "User") -> "NoteQuerySet":
        """Notes are their writer's alone; no teacher reads them."""
        return self.filter(
            enrolment__user=viewer,
            enrolment__state="active",
            enrolment__deleted_at=None,
            activity__deleted_at=None,
        )

    def kept(self) -> "NoteQuerySet":
        return self.filter(deleted_at=None)
