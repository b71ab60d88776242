from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Enrolment
from feedback.models.assignments import Rubric
from feedback.querysets import SubmissionQuerySet, WorkFileQuerySet
from files.models import File


class Submission(models.Model):
    """Work as one student handed it in. It never changes: what is sent again is another row.

    Its feedback can be read once `release_at` has come; every page, notice and count compares that instant.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="submissions", db_index=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="submissions")
    attempt = models.PositiveSmallIntegerField(default=1, help_text="Of those that were not taken back.")
    key = models.UUIDField(help_text="Of the sending: what comes twice with it is handed in once.")
    source = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="As with readings; the words of comments are found in its text.")
    cleaned_by = models.PositiveSmallIntegerField(default=0)
    links = ArrayField(models.URLField(max_length=2000), default=list)
    rubric = models.ForeignKey(Rubric, models.SET_NULL, null=True, related_name="+", help_text="As the student saw it.")
    sent_at = models.DateTimeField(default=timezone.now)
    counts_at = models.DateTimeField(help_text="When sending began, within the grace: what a due date is held against.")
    sha256 = models.CharField(max_length=64, help_text="Of text, links, and the names and hashes of files.")
    taken_back_at = models.DateTimeField(null=True)

    # Who marks it: nobody yet (free), somebody who took it, or somebody whom it was given to.
    marker = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    marker_given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    promised_at = models.DateTimeField(null=True, help_text="As it stands; null where nothing is promised any more.")
    first_promised_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True, help_text="Which promise was the first to be broken.")

    release_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="When tick, turn, contact and notice followed the release.")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "activity", "attempt"],
                condition=Q(taken_back_at=None),
                name="one_submission_of_each_attempt",
            ),
            models.UniqueConstraint(fields=["enrolment", "key"], name="handed_in_once"),
            models.CheckConstraint(condition=Q(release_at=None) | Q(taken_back_at=None), name="released_work_stays"),
            models.CheckConstraint(condition=Q(counts_at__lte=F("sent_at")), name="counts_from_when_it_began"),
        ]
        indexes = [
            # The queue of markers: what is to be marked, closest to breaking first.
            models.Index(
                fields=["promised_at", "id"],
                condition=Q(taken_back_at=None, release_at=None),
                name="work_to_mark",
            ),
            models.Index(
                fields=["activity", "promised_at", "id"],
                condition=Q(taken_back_at=None, release_at=None),
                name="work_to_mark_of_activity",
            ),
            models.Index(
                fields=["release_at"], condition=Q(release_at__isnull=False, settled_at=None), name="releases_to_settle"
            ),
        ]

    @property
    def is_text(self) -> bool:
        return bool(self.source.strip())

    def is_released(self, now: datetime) -> bool:
        """Whether its student can read what was said of it."""
        return self.release_at is not None and self.release_at <= now


class Beginning(models.Model):
    """When a sending began: over a bad line its files take a while, and a due date is held against this instant."""

    key = models.UUIDField()
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+", db_index=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "activity", "key"], name="sending_begins_once")]


class WorkFile(models.Model):
    """A file that somebody brought for an assignment; with a draft until it is handed in, and then with the work."""

    class Shape(models.TextChoices):
        IMAGE = "image"
        PAGES = "pages"  # drawn by a worker, page by page
        TEXT = "text"
        OTHER = "other"  # downloaded only

    class State(models.TextChoices):
        READY = "ready"
        WAITING = "waiting"
        FAILED = "failed"

    file = models.OneToOneField(File, models.CASCADE, primary_key=True, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="+")
    shape = models.CharField(max_length=10, choices=Shape.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READY)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    pages_in_all = models.PositiveIntegerField(null=True, help_text="Also those that were not drawn.")
    submissions = models.ManyToManyField(Submission, related_name="files")

    objects = WorkFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(state="waiting"), name="work_files_to_draw"),
        ]

    def is_nameless_to(self, viewer: User) -> bool:
        """Whether `viewer` marks it without learning whose it is."""
        return self.activity.assignment.nameless and self.enrolment.user_id != viewer.pk


class PageImage(models.Model):
    """A page of a document, or a picture turned upright, as an image that every browser shows."""

    work_file = models.ForeignKey(WorkFile, models.CASCADE, related_name="pages")
    number = models.PositiveSmallIntegerField(help_text="From 1.")
    file = models.OneToOneField(File, models.CASCADE, related_name="+")
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["work_file", "number"], name="page_image_once")]
