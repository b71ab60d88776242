from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from common.removal import Removable, StandingManager, waits_for_erasing
from courses.fields import WallTimeField, dates_within_bounds, no_abbreviation
from courses.models.cohort import Cohort
from courses.querysets import AnnouncementQuerySet

LONGEST_SUBJECT, LONGEST_EXCERPT = 150, 200


class Announcement(Removable):
    """What somebody wrote to cohorts or to everybody. A correction changes it, and it stays the same announcement."""

    key = models.UUIDField(unique=True, help_text="Made with the form: what is sent twice is one announcement.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    for_everybody = models.BooleanField(default=False)
    cohorts = models.ManyToManyField(Cohort, related_name="announcements", blank=True)
    title = models.CharField(_("subject"), max_length=LONGEST_SUBJECT)
    source = models.TextField(_("message"))
    html = models.TextField(help_text="Made from the source, sanitised; the only field that pages show.")
    excerpt = models.CharField(max_length=LONGEST_EXCERPT, blank=True, help_text="Its first words, for lists.")
    cleaned_by = models.PositiveSmallIntegerField(help_text="The version of the cleaner that made it.")
    wall = WallTimeField(null=True, blank=True, help_text="The hour that was set for it; empty for straight away.")
    zone = TimeZoneField(_("time zone"))
    publish_at = models.DateTimeField(help_text="The instant of that hour, from which on people can read it.")
    created_at = models.DateTimeField(default=timezone.now)
    corrected_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(
        default=1, help_text="Counts changes, so that one tab does not undo another."
    )
    tellings = models.PositiveSmallIntegerField(
        default=1, help_text="How often people are to be told: once, and again for each correction that asks for it."
    )
    told = models.PositiveSmallIntegerField(default=0, help_text="How many of these have become notices.")

    objects = StandingManager.from_queryset(AnnouncementQuerySet)()
    everything = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["-publish_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="announcement_has_subject"),
            models.CheckConstraint(condition=Q(told__lte=F("tellings")), name="announcement_told_as_asked"),
            no_abbreviation("zone", "announcement_zone_no_abbreviation"),
            dates_within_bounds("announcement_within_bounds", "wall"),
        ]
        indexes = [
            models.Index(fields=["-publish_at", "-id"], name="announcement_latest"),
            models.Index(fields=["cleaned_by"], name="announcement_cleaned_by"),
            waits_for_erasing("announcement"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_published(self) -> bool:
        return self.publish_at <= timezone.now()
