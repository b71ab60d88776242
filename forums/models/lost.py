from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from courses.models import Activity, Enrolment

# Seconds: taps within the same ten are about the same sentence.
GRID = 10


class LostHere(models.Model):
    """That a student lost the thread of a lecture there. Nobody is shown whose it is, and no page counts under five.

    It is no work of theirs (`courses.work.HOLDERS`): it holds no words, so nothing is missed that goes with a lecture.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="+")
    second = models.PositiveIntegerField(help_text="The first of its ten.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity", "second"], name="lost_once_in_ten_seconds"),
            models.CheckConstraint(condition=Q(second=F("second") / GRID * GRID), name="lost_on_the_grid"),
        ]
