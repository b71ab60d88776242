from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course, Module
from courses.querysets import CourseImportQuerySet
from files.models import File


class CourseImport(models.Model):
    """One run of the importer and its report. A run that failed left nothing else behind."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting to start")
        RUNNING = "running", _("Importing")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    course = models.ForeignKey(Course, models.SET_NULL, null=True, blank=True, related_name="imports")
    file_name = models.CharField(max_length=255)
    upload = models.ForeignKey(File, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    publish = models.BooleanField(
        default=False, db_default=False, help_text="Whether students are shown what is new as soon as it is there."
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    lease_until = models.DateTimeField(null=True, blank=True, help_text="A worker that died gives it up then.")
    attempts = models.PositiveSmallIntegerField(default=0)
    steps_done = models.PositiveIntegerField(default=0)
    steps_total = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)
    sentence = models.TextField(blank=True, help_text="How it ended, in one sentence.")
    lines = models.JSONField(default=list, help_text="[{identifier, title, kind, outcome, reason}]")
    faults = models.JSONField(default=list, help_text="[{where, message}]")

    objects = CourseImportQuerySet.as_manager()

    class Meta:
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["-requested_at", "-id"], name="import_by_instant")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["done", "failed"]) | Q(finished_at__isnull=False), name="import_end_has_instant"
            ),
        ]


class KeptItem(models.Model):
    """What a package holds of a kind that is not built yet: whole, out of students' sight, converted one day."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="kept_items")
    module = models.ForeignKey(Module, models.SET_NULL, null=True, blank=True, related_name="kept_items")
    package = models.CharField(max_length=255)
    identifier = models.CharField(max_length=255)
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=255)
    position = models.PositiveIntegerField(help_text="Its place among the items of its module in the package.")
    raw = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "identifier"], name="kept_item_once")]
