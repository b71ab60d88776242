from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from common.dates import MOST_DAYS
from courses.fields import WallTimeField, dates_within_bounds, no_abbreviation
from courses.models.cohort import Cohort, Enrolment
from courses.models.course import Activity


class DueDate(models.Model):
    """When an activity is due for a cohort: a wall time, or days after each student's own start.

    `suggested` is the date to aim at; `cutoff` the one after which nothing is taken. Both are agreed in `zone`.
    """

    # `due_once_per_cohort` begins with it.
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="due_dates", db_index=False)
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="due_dates")
    zone = TimeZoneField(_("time zone"))
    suggested_wall = WallTimeField(_("due"), null=True, blank=True)
    cutoff_wall = WallTimeField(_("closes"), null=True, blank=True)
    suggested_days = models.PositiveSmallIntegerField(
        _("due (days after start)"), null=True, blank=True, validators=[MaxValueValidator(MOST_DAYS)]
    )
    cutoff_days = models.PositiveSmallIntegerField(
        _("closes (days after start)"), null=True, blank=True, validators=[MaxValueValidator(MOST_DAYS)]
    )
    time_of_day = models.TimeField(_("time"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "activity"], name="due_once_per_cohort"),
            models.CheckConstraint(
                name="due_by_calendar_or_by_days",
                condition=(
                    Q(suggested_wall__isnull=False, suggested_days=None, cutoff_days=None, time_of_day=None)
                    | Q(suggested_wall=None, cutoff_wall=None, suggested_days__isnull=False, time_of_day__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="due_before_cutoff",
                condition=(
                    # A comparison with NULL is neither true nor false, and a check lets that pass.
                    Q(cutoff_wall=None, cutoff_days=None)
                    | Q(cutoff_wall__isnull=False, cutoff_wall__gte=F("suggested_wall"))
                    | Q(cutoff_days__isnull=False, cutoff_days__gte=F("suggested_days"))
                ),
                violation_error_message=_("The closing date cannot be before the due date."),
            ),
            no_abbreviation("zone", "due_zone_no_abbreviation"),
            dates_within_bounds("due_within_bounds", "suggested_wall", "cutoff_wall"),
            models.CheckConstraint(
                name="due_days_within_bounds",
                condition=Q(suggested_days__lte=MOST_DAYS, cutoff_days__lte=MOST_DAYS),
            ),
        ]


class Extension(models.Model):
    """A later date that was agreed, as it was agreed: when the cohort's date moves, the agreement stands."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="extensions")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="extensions")
    agreed_wall = WallTimeField(_("new date"))
    zone = TimeZoneField(_("time zone"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    by_student = models.BooleanField(default=False, help_text="Moved by the student: the cut-off stays where it was.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], name="extension_once"),
            no_abbreviation("zone", "extension_zone_no_abbreviation"),
            dates_within_bounds("extension_within_bounds", "agreed_wall"),
        ]


class Accommodation(models.Model):
    """A standing rule for one student: more days on every date, a larger share of every time limit."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, related_name="accommodation")
    extra_days = models.PositiveSmallIntegerField(
        _("extra days for every date"), default=0, validators=[MaxValueValidator(365)]
    )
    time_percent = models.PositiveSmallIntegerField(
        _("time limits, as a percentage of the usual"),
        default=100,
        validators=[MinValueValidator(100), MaxValueValidator(500)],
    )
    note = models.CharField(_("note for teachers"), max_length=300, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(time_percent__range=(100, 500)), name="accommodation_gives_time"),
            models.CheckConstraint(condition=Q(extra_days__lte=365), name="accommodation_within_a_year"),
        ]


class EffectiveDue(models.Model):
    """The SQL view `courses_effective_due`: the one place where a due date becomes an instant (docs/adr/0006)."""

    pk = models.CompositePrimaryKey("enrolment", "activity")
    enrolment = models.ForeignKey(Enrolment, models.DO_NOTHING, related_name="effective_due")
    activity = models.ForeignKey(Activity, models.DO_NOTHING, related_name="effective_due")
    base_at = models.DateTimeField(help_text="The cohort's own date, before accommodation and extension.")
    due_at = models.DateTimeField()
    closes_at = models.DateTimeField(null=True)
    zone = models.TextField()
    extended = models.BooleanField()

    class Meta:
        managed = False
        db_table = "courses_effective_due"
