from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, Cohort, Reading
from feedback import criteria


class Assignment(models.Model):
    """Work that students hand in: what is asked, in which form it comes, and how it is judged."""

    class Scale(models.TextChoices):
        ENOUGH = "enough", _("Good enough, or not yet")
        POINTS = "points", _("Points")
        LEVELS = "levels", _("Levels")
        NONE = "none", _("No mark, only comments")

    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="assignment")
    format = models.CharField(
        _("format"), max_length=10, choices=Reading.Format.choices, default=Reading.Format.MARKDOWN
    )
    source = models.TextField(_("instructions"), blank=True)
    html = models.TextField(blank=True, help_text="As with readings.")
    model_source = models.TextField(_("model answer"), blank=True)
    model_html = models.TextField(blank=True, help_text="Shown with feedback that was released; likewise sanitised.")
    cleaned_by = models.PositiveSmallIntegerField(default=0)
    scale = models.CharField(_("mark"), max_length=10, choices=Scale.choices, default=Scale.ENOUGH)
    most_points = models.DecimalField(
        _("points in all"), max_digits=6, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    levels = ArrayField(models.CharField(max_length=60), default=list, blank=True, help_text="The best first.")
    takes_text = models.BooleanField(_("text, written here"), default=True)
    takes_files = models.BooleanField(_("files"), default=True)
    takes_links = models.BooleanField(_("links"), default=False)
    nameless = models.BooleanField(_("marked without names"), default=False)
    grace_minutes = models.PositiveSmallIntegerField(
        _("grace for slow uploads, in minutes"), default=15, validators=[MaxValueValidator(120)]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(takes_text=True) | Q(takes_files=True) | Q(takes_links=True),
                name="assignment_takes_something",
            ),
            models.CheckConstraint(
                condition=~Q(scale="points") | Q(most_points__isnull=False), name="points_have_a_most"
            ),
            models.CheckConstraint(
                condition=~Q(scale="levels") | Q(levels__len__gte=2), name="levels_are_two_at_least"
            ),
        ]


class Rubric(models.Model):
    """One version of the rubric of an assignment. It never changes: a rubric edited after use is a new version."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="rubrics")
    version = models.PositiveSmallIntegerField(default=1)
    plain = models.JSONField(help_text="As `feedback.criteria.to_plain` makes it.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assignment", "version"], name="rubric_version_once")]

    @property
    def criteria(self) -> criteria.Criteria:
        return criteria.from_plain(self.plain)


class Marking(models.Model):
    """How the work of a cohort is marked; a cohort without a row has the defaults."""

    class From(models.TextChoices):
        HANDED_IN = "handed in", _("The moment it is handed in")
        DUE = "due", _("The due date, or later if it is handed in later")

    cohort = models.OneToOneField(Cohort, models.CASCADE, primary_key=True, related_name="marking")
    counted_from = models.CharField(_("the promise counts from"), max_length=10, choices=From.choices, blank=True)
    assistants_release = models.BooleanField(_("assistants may release feedback"), default=False)
