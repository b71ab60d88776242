from typing import TYPE_CHECKING

from django.db import models

from progress.outline import OPEN

if TYPE_CHECKING:
    from accounts.models import User

# Among the words of the view `progress_work_standing`, those where something is left to the student.
OPEN_SQL = "('" + "', '".join(sorted(OPEN)) + "')"
# Of a `progress_waiting`, what the view says of the step before it looks at ticks and dates; and whether that leaves
# nothing of it to the student.
TURN_SQL = "progress_where_work_stands(false, waits_for, NULL, NULL, NULL)"
HELD_SQL = f"(ended_at IS NULL AND {TURN_SQL} NOT IN {OPEN_SQL})"
# For statements by hand that join an enrolment as `e` and an activity as `a`.
DONE_SQL = """EXISTS (SELECT FROM progress_completion c
    WHERE c.enrolment_id = e.id AND c.activity_id = a.id AND c.withdrawn_at IS NULL)"""
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
