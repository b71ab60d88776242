from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
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
    counts = models.JSONField(
        null=True, editable=False, help_text="Its lines: {results: {result: how many}, kept: [[kind, how many]]}"
    )
    # What the release before reads and a worker of it leaves behind; both go with the next release.
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


class ReportLine(models.Model):
    """What became of one item, resource or file of the package; its words are in the language of who asked."""

    class Result(models.TextChoices):
        """What a reader tells apart, in the order in which they need it."""

        LEFT_OUT = "left_out", _("Left out")
        REMARKED = "remarked", _("Imported, with a note")
        KEPT = "kept", _("Kept for later")
        UNCHANGED = "unchanged", _("Left unchanged")
        IMPORTED = "imported", _("Imported")

    run = models.ForeignKey(CourseImport, models.CASCADE, related_name="report_lines", db_index=False)
    place = models.PositiveIntegerField(help_text="From 1, in the order of the package.")
    fold = models.PositiveIntegerField(help_text="The place of its fold.")
    result = models.CharField(max_length=10, choices=Result.choices)
    outcome = models.CharField(max_length=20, help_text="What the importer calls it: imported, kept, left out, …")
    kind = models.CharField(max_length=20)
    identifier = models.TextField()
    title = models.TextField(blank=True, help_text="Empty in reports of before titles were stored.")
    reason = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["run", "result", "place"], name="report_lines_of_a_result"),
            models.Index(fields=["run", "fold", "place"], name="report_lines_of_a_fold"),
        ]
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="report_line_has_place")]


class ReportFold(models.Model):
    """All lines of one result and one reason: a row of the report as it is first shown."""

    run = models.ForeignKey(CourseImport, models.CASCADE, related_name="report_folds", db_index=False)
    place = models.PositiveIntegerField(help_text="From 1, in the order of the report.")
    result = models.CharField(max_length=10, choices=ReportLine.Result.choices)
    reason = models.TextField(blank=True)
    inside = models.BooleanField(help_text="Files inside kept things: the reason of each names another of these.")
    count = models.PositiveIntegerField()
    titles = models.JSONField(help_text="Of the first three lines.")
    first = models.PositiveIntegerField(help_text="The place of its first line, which names it in an address.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="report_fold_has_place")]

    @property
    def said(self) -> str:
        """In the language of the reader where the fold has words of its own."""
        return gettext("Kept with the item that needs it.") if self.inside else self.reason

    @property
    def more(self) -> int:
        return self.count - len(self.titles)


class ReportFault(models.Model):
    """What is wrong in so many places of the package. A page names the first of them."""

    SHOWN = 20

    run = models.ForeignKey(CourseImport, models.CASCADE, related_name="report_faults", db_index=False)
    place = models.PositiveIntegerField(help_text="From 1, in the order of the report.")
    message = models.TextField()
    count = models.PositiveIntegerField()
    where = models.JSONField(help_text="All of them, in the order of the package.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "place"], name="report_fault_has_place")]

    @property
    def places(self) -> list[str]:
        return self.where[: self.SHOWN]

    @property
    def more(self) -> int:
        return self.count - len(self.places)


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
