from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User


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
