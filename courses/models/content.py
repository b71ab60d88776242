import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Activity, Course
from courses.querysets import CourseFileQuerySet
from courses.words import MOST_WAITING
from files.models import File


class Reading(models.Model):
    class Format(models.TextChoices):
        MARKDOWN = "markdown", _("Markdown")
        HTML = "html", _("HTML")

    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="reading")
    format = models.CharField(_("format"), max_length=10, choices=Format.choices, default=Format.MARKDOWN)
    source = models.TextField(_("text"), blank=True)
    html = models.TextField(blank=True, help_text="Made from the source, sanitised; the only field that pages show.")
    words = models.PositiveIntegerField(default=0)
    cleaned_by = models.PositiveSmallIntegerField(
        default=0, help_text="The version of the cleaner that made it. Texts of older versions are rendered again."
    )


class FileContent(models.Model):
    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="file_content")
    course_file = models.ForeignKey("courses.CourseFile", models.PROTECT, related_name="used_as_activity")
    note = models.TextField(_("what this is for"), blank=True)


class LinkContent(models.Model):
    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="link_content")
    url = models.URLField(_("address"), max_length=2000)
    note = models.TextField(_("what to look for"), blank=True)


class CourseFile(models.Model):
    """A file of a course, by its path in the package it came from. Readable with an activity that shows it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="files")
    path = models.CharField(max_length=1024)
    file = models.ForeignKey(File, models.PROTECT, related_name="+")

    objects = CourseFileQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "path"], name="course_file_path_once")]

    def __str__(self) -> str:
        return self.path


class FileUse(models.Model):
    """That an activity shows a file of its course; written by `courses.services.file_uses` when it is saved."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="file_uses")
    course_file = models.ForeignKey(CourseFile, models.CASCADE, related_name="uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "course_file"], name="file_use_once")]


class Passage(models.Model):
    """A piece of an activity's text that search can lead to; replaced whenever the text changes."""

    # The anchor of a title's passage, and the sign behind which the number of a further one at the same id follows:
    # no id holds it.
    TITLE, PART = "main", "\x1f"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="passages")
    anchor = models.CharField(max_length=210, help_text="The id of the element on the lesson page.")
    heading = models.CharField(max_length=255, blank=True)
    second = models.PositiveIntegerField(null=True, blank=True, help_text="Where in a lecture it is said.")
    text = models.TextField()
    vector = SearchVectorField()
    cut_by = models.PositiveSmallIntegerField(
        default=0, help_text="The version of `courses.words` that cut the text; what an older one cut is cut anew."
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "anchor"], name="passage_anchor_once")]
        indexes = [
            models.Index(fields=["cut_by"], name="passage_cut_by"),
            # What stands for TITLE here also stands in the statement (`courses.finding`).
            GinIndex(
                fields=["vector"],
                gin_pending_list_limit=MOST_WAITING,
                condition=models.Q(anchor="main"),
                name="passage_titles",
            ),
        ]


class LessonWords(models.Model):
    """The words of all passages of an activity: in one row, or in a few where they are many.

    Search looks here for lessons, and at passages only of those that it shows. Written by `courses.services.passages`.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="words")
    vector = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["vector"], gin_pending_list_limit=MOST_WAITING, name="lesson_words_vector")]
