from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.fields import dates_within_bounds
from courses.models.cohort import Cohort
from courses.public_holidays import LONGEST_NAME

# Where no row says otherwise; Monday is 1.
USUAL_WEEKDAYS = (1, 2, 3, 4, 5)


def usual_weekdays() -> list[int]:
    return list(USUAL_WEEKDAYS)


class WorkingCalendar(models.Model):
    """When those who teach a cohort are at work. Without a row, from Monday to Friday, whatever holiday it is."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, primary_key=True, related_name="working_calendar")
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=usual_weekdays, help_text="Monday is 1.")
    country = models.CharField(_("country"), max_length=2, blank=True, help_text="ISO 3166; empty for no holidays.")
    subdivision = models.CharField(_("region"), max_length=40, blank=True)
    revision = models.PositiveIntegerField(default=1, help_text="Counts changes: undo takes back the last alone.")
    filled_from = models.PositiveSmallIntegerField(help_text="The first year whose holidays are among the days off.")
    filled_to = models.PositiveSmallIntegerField(help_text="The last one.")
    filled_by = models.CharField(max_length=20, help_text="The release of the package that knew them.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="calendar_has_a_working_day",
                condition=Q(weekdays__len__gte=1, weekdays__contained_by=list(range(1, 8))),
            ),
            models.CheckConstraint(name="calendar_region_of_a_country", condition=Q(subdivision="") | ~Q(country="")),
        ]


class DayOff(models.Model):
    """A date on which those who teach a cohort are not at work; for statements by hand, a row for each.

    Holidays are there from January of `WorkingCalendar.filled_from` to December of `filled_to`.
    """

    # `day_off_once` begins with it.
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="days_off", db_index=False)
    day = models.DateField()
    name = models.CharField(max_length=LONGEST_NAME)
    typed = models.BooleanField(help_text="By a person, and not from the holidays of a country.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "day"], name="day_off_once"),
            dates_within_bounds("day_off_within_bounds", "day"),
        ]
