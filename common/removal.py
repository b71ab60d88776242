"""Rows that people can delete: a mark takes them out of every queryset at once, and a job erases them much later.

A row that goes with another one (the activities of a module, the enrolments of a cohort) gets the same mark at the
same instant, so that every table, and every statement written by hand, looks at its own row alone. What is archived is
marked too, and no job erases it.
"""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models

KEPT = timedelta(days=30)
MARKS = ("deleted_at", "deleted_by_id", "archived")


class StandingManager(models.Manager[Any]):
    """The rows that nobody deleted; the first manager of a model, so that relations lead to no others either."""

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(deleted_at=None)


class Removable(models.Model):
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    archived = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Put away and not deleted: no job erases it."
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A form that was open while somebody deleted the row writes no mark away: marks are set by updates alone."""
        if not self._state.adding and kwargs.get("update_fields") is None and not kwargs.get("force_insert"):
            unwritten = {*MARKS, self._meta.pk.attname, *self.get_deferred_fields()}
            kwargs["update_fields"] = [
                field.attname for field in self._meta.concrete_fields if field.attname not in unwritten
            ]
        super().save(*args, **kwargs)


def waits_for_erasing(name: str) -> models.Index:
    """What the job looks through: the few rows that are marked."""
    return models.Index(
        fields=["deleted_at"], condition=models.Q(deleted_at__isnull=False, archived=False), name=f"{name}_to_erase"
    )
