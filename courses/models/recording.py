from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.models.course import Course
from files.models import File


class Recording(models.Model):
    """A recorded lecture. `renditions` are the same lecture in other sizes, the audio alone among them."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="recordings")
    file = models.ForeignKey(File, models.PROTECT, related_name="+")
    duration_ms = models.PositiveIntegerField()
    poster = models.ForeignKey(File, models.SET_NULL, null=True, blank=True, related_name="+")
    rendition_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="renditions")
    height = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Pixels; empty for audio alone.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(duration_ms__gt=0), name="recording_has_duration"),
            models.CheckConstraint(
                condition=models.Q(rendition_of=None) | ~models.Q(rendition_of=models.F("pk")),
                name="recording_not_rendition_of_itself",
            ),
        ]


class CaptionTrack(models.Model):
    """WebVTT of one recording in one language; the transcript is its cues."""

    recording = models.ForeignKey(Recording, models.CASCADE, related_name="captions")
    language = models.CharField(_("language"), max_length=10)
    vtt = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recording", "language"], name="caption_language_once"),
            models.CheckConstraint(condition=models.Q(vtt__startswith="WEBVTT"), name="caption_is_webvtt"),
        ]
