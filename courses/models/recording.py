from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Activity, Course
from courses.querysets import CaptionTrackQuerySet, RecordingQuerySet
from files.models import File


class Recording(models.Model):
    """A recorded lecture. `renditions` are the same lecture in other sizes, the sound alone among them."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="recordings")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    duration_ms = models.PositiveIntegerField()
    poster = models.ForeignKey(File, models.SET_NULL, null=True, blank=True, related_name="+")
    rendition_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="renditions")
    width = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Pixels; empty for sound alone.")
    height = models.PositiveSmallIntegerField(null=True, blank=True)

    # What the worker makes of it: a poster and the sound alone.
    prepared_at = models.DateTimeField(null=True, blank=True)
    prepare_attempts = models.PositiveSmallIntegerField(default=0)
    prepare_lease_until = models.DateTimeField(null=True, blank=True)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["prepare_lease_until"], condition=models.Q(prepared_at=None), name="unprepared_recordings"
            )
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(duration_ms__gt=0), name="recording_has_duration"),
            models.CheckConstraint(
                condition=models.Q(rendition_of=None) | ~models.Q(rendition_of=models.F("pk")),
                name="recording_not_rendition_of_itself",
            ),
        ]

    @property
    def has_picture(self) -> bool:
        return self.width is not None


class CaptionTrack(models.Model):
    """WebVTT of one recording in one language; the transcript is its cues."""

    class Kind(models.TextChoices):
        CAPTIONS = "captions", _("Captions")
        CHAPTERS = "chapters", _("Chapters")

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="tracks")
    kind = models.CharField(_("type"), max_length=10, choices=Kind.choices, default=Kind.CAPTIONS)
    language = models.CharField(_("language"), max_length=10)
    vtt = models.TextField()
    cues = models.JSONField(default=list, help_text="[start, end, words] of each cue, in milliseconds, in order.")
    faults = models.JSONField(default=list, help_text="A sentence for each caption of the file that was left out.")
    more_faults = models.PositiveIntegerField(default=0, help_text="How many were left out besides those named.")

    objects = CaptionTrackQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "language"]
        constraints = [
            models.UniqueConstraint(fields=["recording", "kind", "language"], name="caption_language_once"),
            models.CheckConstraint(condition=models.Q(vtt__startswith="WEBVTT"), name="caption_is_webvtt"),
            models.CheckConstraint(condition=models.Q(kind__in=["captions", "chapters"]), name="caption_kind_known"),
        ]

    @property
    def left_out(self) -> int:
        return len(self.faults) + self.more_faults


class LectureContent(models.Model):
    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="lecture")
    recording = models.ForeignKey(Recording, models.PROTECT, related_name="used_as_activity")
    note = models.TextField(_("what to look for"), blank=True)
    needed_percent = models.PositiveSmallIntegerField(
        _("watched when"), default=90, help_text=_("How much of the lecture a student must watch to get a tick.")
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(needed_percent__range=(1, 100)), name="lecture_needs_one_to_a_hundred_percent"
            ),
        ]

    @property
    def needed_ms(self) -> int:
        return -(-self.recording.duration_ms * self.needed_percent // 100)
