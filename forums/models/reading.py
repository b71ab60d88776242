"""What somebody has read, follows and wonders about."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models import Cohort, Module
from forums.models.talk import Thread
from progress.fields import Int4MultiRangeField


class Reading(models.Model):
    """The numbers of the posts of a thread that were on somebody's screen: a union, like what was watched."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="readings")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    numbers = Int4MultiRangeField(db_default=models.Value("{}"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "thread"], name="one_reading_row")]


class Following(models.Model):
    """That somebody wants to hear of new talk in a cohort, about a module or in a thread, or does not.

    The nearer choice counts: that of the thread before that of its module, and this before that of the cohort.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+")
    module = models.ForeignKey(Module, models.CASCADE, null=True, blank=True, related_name="+")
    thread = models.ForeignKey(Thread, models.CASCADE, null=True, blank=True, related_name="followings")
    muted = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "cohort", "module", "thread"], nulls_distinct=False, name="one_choice_of_each"
            ),
            models.CheckConstraint(condition=Q(module=None) | Q(thread=None), name="follows_one_thing"),
        ]
        indexes = [
            models.Index(fields=["thread"], condition=Q(thread__isnull=False), name="followers_of_thread"),
            models.Index(fields=["cohort", "module"], condition=Q(thread=None), name="followers_of_cohort"),
        ]


class Wonder(models.Model):
    """“I wonder too”: somebody has the same question."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="wondering")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "person"], name="wonders_once")]
