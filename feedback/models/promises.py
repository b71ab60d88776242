from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.fields import dates_within_bounds
from courses.models import Activity, Cohort
from feedback.models.work import Submission


class Absence(models.Model):
    """Days on which somebody who marks is away, the last one included. With a substitute, promises stay as they are."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    first = models.DateField(_("first day away"))
    last = models.DateField(_("last day away"))
    substitute = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_ends_after_it_begins"),
            dates_within_bounds("absence_within_bounds", "first", "last"),
        ]
        indexes = [models.Index(fields=["person", "last"], condition=Q(cancelled_at=None), name="absences_of")]


class Pause(models.Model):
    """Days on which nothing is marked in a cohort, or of one of its assignments, with the reason that students read."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="marking_pauses")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="+")
    first = models.DateField()
    last = models.DateField(_("paused until"))
    reason = models.CharField(_("reason"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="pause_ends_after_it_begins"),
            dates_within_bounds("pause_within_bounds", "first", "last"),
        ]


class PromiseMove(models.Model):
    """That a promise was given another instant, and why: the student reads it."""

    class Why(models.TextChoices):
        AWAY = "away", _("Your teacher is away")
        PAUSED = "paused", _("Marking is paused")
        BROKEN = "broken", _("The promise was not kept")
        CALENDAR = "calendar", _("The working days changed")

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="moves")
    was = models.DateTimeField()
    becomes = models.DateTimeField()
    why = models.CharField(max_length=10, choices=Why.choices)
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
