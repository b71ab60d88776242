from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from common.removal import Removable, StandingManager, waits_for_erasing
from courses.fields import dates_within_bounds, no_abbreviation
from courses.models.course import Course
from courses.querysets import CohortQuerySet, EnrolmentQuerySet

if TYPE_CHECKING:
    from courses.models import DueDate


class CourseEditor(models.Model):
    """Somebody who may write a course, with or without a cohort of it."""

    course = models.ForeignKey(Course, models.CASCADE, related_name="editors")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="edited_courses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["course", "user"], name="course_editor_once")]


class Cohort(Removable):
    class Pacing(models.TextChoices):
        SCHEDULED = "scheduled", _("Everyone together, by calendar date")
        SELF_PACED = "self-paced", _("Each student from their own start date")

    # `cohort_of_course_by_name` begins with it, and knows the order besides.
    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts", db_index=False)
    name = models.CharField(_("name"), max_length=200)
    timezone = TimeZoneField(_("time zone"), default="UTC")
    pacing = models.CharField(_("pace"), max_length=10, choices=Pacing.choices, default=Pacing.SCHEDULED)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    feedback_days = models.PositiveSmallIntegerField(
        _("feedback promise"),
        default=3,
        help_text=_("How many working days students wait for feedback."),
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )

    objects = StandingManager.from_queryset(CohortQuerySet)()
    everything = CohortQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="cohort_has_name"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="cohort_ends_after_start",
                violation_error_message=_("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(condition=Q(feedback_days__range=(1, 60)), name="cohort_promise_in_range"),
            models.CheckConstraint(condition=Q(pacing__in=["scheduled", "self-paced"]), name="cohort_pacing_known"),
            no_abbreviation("timezone", "cohort_zone_no_abbreviation"),
            dates_within_bounds("cohort_within_bounds", "starts_on", "ends_on"),
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="cohort_by_name"),
            models.Index(fields=["course", "name", "id"], name="cohort_of_course_by_name"),
            waits_for_erasing("cohort"),
        ]

    def __str__(self) -> str:
        return self.name

    def ends_before(self, due: "DueDate") -> bool:
        """Whether the date, where it is one of the calendar, comes after the last day."""
        return bool(self.ends_on and due.suggested_wall and due.suggested_wall.date() > self.ends_on)


class Enrolment(Removable):
    """A person in a cohort, in one role. Everything a student does in a course belongs to it."""

    class Role(models.TextChoices):
        STUDENT = "student", _("Student")
        TEACHER = "teacher", _("Teacher")
        ASSISTANT = "assistant", _("Assistant")
        OBSERVER = "observer", _("Observer")

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        LEFT = "left", _("Left")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.STUDENT)
    started_on = models.DateField(_("start date"), help_text=_("“Days after the start” are counted from this day."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ACTIVE)
    state_changed_at = models.DateTimeField(default=timezone.now)
    state_changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    last_seen_at = models.DateTimeField(null=True, blank=True)

    objects = StandingManager.from_queryset(EnrolmentQuerySet)()
    everything = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "cohort"], name="enrolled_once_per_cohort"),
            models.CheckConstraint(
                condition=Q(role__in=["student", "teacher", "assistant", "observer"]), name="enrolment_role_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["active", "suspended", "left"]), name="enrolment_state_known"
            ),
            dates_within_bounds("enrolment_within_bounds", "started_on"),
        ]
        indexes = [
            waits_for_erasing("enrolment"),
            # Who is in a cohort, without a look at the rows: they lie all over the table.
            models.Index(
                fields=["cohort", "role"],
                include=["user"],
                condition=Q(state="active", deleted_at=None),
                name="active_in",
            ),
            # What somebody studies, in the order in which they were there last.
            models.Index(
                "user",
                Coalesce("last_seen_at", "state_changed_at").desc(),
                F("id").desc(),
                include=["cohort", "last_seen_at", "state_changed_at"],
                condition=Q(role="student", state="active", deleted_at=None),
                name="studied_lately",
            ),
            # What they teach, help in or follow: of people with thousands of courses to study, none as a rule.
            models.Index(
                fields=["user"],
                include=["cohort"],
                condition=~Q(role="student") & Q(state="active", deleted_at=None),
                name="in_another_role",
            ),
            models.Index(fields=["cohort"], condition=~Q(role="student") & Q(deleted_at=None), name="staff_of_cohort"),
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    @property
    def is_student(self) -> bool:
        return self.role == self.Role.STUDENT
