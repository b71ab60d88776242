import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from courses.models import Course
from feedback import criteria
from feedback.models.assignments import Rubric
from feedback.models.work import Submission, WorkFile
from feedback.querysets import BankQuerySet

LONGEST_CHANGE = 300


class Feedback(models.Model):
    """What a marker says of a submission: a draft until the submission's `release_at` has come."""

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="feedback")
    # It keeps its rubric from going alone, and goes with it when the assignment goes.
    rubric = models.ForeignKey(Rubric, models.RESTRICT, null=True, related_name="+", help_text="By which it is marked.")
    marks = models.JSONField(default=dict, help_text="As `feedback.criteria.marks_to_plain` makes them.")
    source = models.TextField(blank=True)
    html = models.TextField(blank=True)
    cleaned_by = models.PositiveSmallIntegerField(default=0)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    level = models.CharField(max_length=60, blank=True)
    good_enough = models.BooleanField(null=True, help_text="Whether it is; null where nobody has judged that.")
    again_on = models.DateField(null=True, help_text="The day for the next attempt, by the cohort's calendar.")
    revision = models.PositiveIntegerField(default=0, help_text="Counts saves: over a stale one nobody writes.")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(default=timezone.now)
    # What the student does with it.
    read_at = models.DateTimeField(null=True)
    will_change = models.CharField(max_length=LONGEST_CHANGE, blank=True)
    will_change_at = models.DateTimeField(null=True)

    @property
    def marked(self) -> dict[str, criteria.Mark]:
        return criteria.marks_from_plain(self.marks)


class Comment(models.Model):
    """A comment on words of a text, or on a page of a document or picture. The browser makes the id: a repeated save
    is one comment.

    Words are kept with what stands around them, so that they find their place when the text is rendered anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="comments", db_index=False)
    work_file = models.ForeignKey(WorkFile, models.CASCADE, null=True, related_name="+", help_text="None for the text.")
    page = models.PositiveSmallIntegerField(null=True, help_text="Of a document; the line of a text file.")
    start = models.PositiveIntegerField(default=0, help_text="Where the words stood, in characters of the plain text.")
    quote = models.CharField(max_length=1_000, blank=True)
    before = models.CharField(max_length=40, blank=True)
    after = models.CharField(max_length=40, blank=True)
    source = models.TextField()
    html = models.TextField(blank=True)
    cleaned_by = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["submission", "work_file", "page", "start", "created_at"], name="comments_in_order")
        ]


class FeedbackChange(models.Model):
    """That a mark was given or changed, or that released feedback was corrected: by whom and when, and what was said
    before. Of what no student could read yet that is the mark alone, without a "source"."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    before = models.JSONField()


class Remark(models.Model):
    """What student and teachers say to each other about feedback, in its place."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="remarks")
    comment = models.ForeignKey(Comment, models.SET_NULL, null=True, related_name="remarks")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField()
    source = models.TextField()
    html = models.TextField()
    cleaned_by = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="remark_once")]


class BankComment(models.Model):
    """A comment that somebody keeps to use again; with a course, for all who mark in it."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    course = models.ForeignKey(Course, models.CASCADE, null=True, related_name="+")
    source = models.CharField(max_length=2_000)
    used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(default=timezone.now)

    objects = BankQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(source=""), name="bank_comment_says_something")]


class AtWork(models.Model):
    """That somebody has a submission open to mark it, said again every half minute."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="at_work", db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["submission", "person"], name="at_work_once")]
