"""What is typed about a cohort: its days, who is in it, its dates."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm, ZoneField
from courses.models import Accommodation, Activity, Cohort, DueDate, Enrolment, Extension

# Each is looked up and enrolled before the answer: the year group of a large school.
MOST_AT_ONCE = 500


class CohortForm(AccessibleForm, forms.ModelForm):
    timezone = ZoneField(help_text=_("Due dates are agreed in the time of this place. Type a country or a large city."))

    class Meta:
        model = Cohort
        fields = ["name", "timezone", "pacing", "starts_on", "ends_on"]


class EnrolForm(AccessibleForm, forms.Form):
    """A class list, as people have it: `courses.class_lists` reads it."""

    people = forms.CharField(
        label=_("Class list"),
        max_length=50_000,
        widget=forms.Textarea({"rows": 6}),
        help_text=_(
            "Paste it as you have it, a person to a line: names, email addresses, usernames, or cells of a "
            "spreadsheet. Up to %(most)d lines. No one gets an account before you have seen the list."
        )
        % {"most": MOST_AT_ONCE},
    )
    role = forms.ChoiceField(label=_("Role"), choices=Enrolment.Role.choices)

    def clean_people(self) -> str:
        people = self.cleaned_data["people"]
        if len(people.splitlines()) > MOST_AT_ONCE:
            raise ValidationError(_("Paste at most %(most)d lines at a time."), params={"most": MOST_AT_ONCE})
        return people


def _ask_for(form: forms.BaseForm, *names: str) -> None:
    """Fields that the model lets stay empty, because a date is of one of two styles."""
    for name in names:
        form.fields[name].required = True
        form.fields[name].error_messages["required"] = _("Fill in this field.")


class _OneDateForm(AccessibleForm, forms.ModelForm):
    def _post_clean(self) -> None:
        """Check the constraints on fields that this style of date has not, too; Django would pass them over."""
        super()._post_clean()
        if self.errors:
            return
        try:
            self.instance.validate_constraints(exclude={"cohort", "activity"})
        except ValidationError as error:
            self.add_error(None, error)


class DueDateForm(_OneDateForm):
    class Meta:
        model = DueDate
        fields = ["suggested_wall", "cutoff_wall"]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _ask_for(self, "suggested_wall")


class DueDaysForm(_OneDateForm):
    class Meta:
        model = DueDate
        fields = ["suggested_days", "cutoff_days", "time_of_day"]
        widgets = {"time_of_day": forms.TimeInput({"type": "time"}, format="%H:%M")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        _ask_for(self, "suggested_days", "time_of_day")


def due_form(cohort: Cohort, activity: Activity, had: DueDate | None, sent: QueryDict | None) -> _OneDateForm:
    """The form of one date, in the style of its cohort; what is sent is a whole new date, and `had` is only shown."""
    kind = DueDaysForm if cohort.pacing == Cohort.Pacing.SELF_PACED else DueDateForm
    shown = had if had and sent is None else DueDate(cohort=cohort, activity=activity, zone=cohort.timezone)
    return kind(sent, instance=shown)


class ExtensionForm(AccessibleForm, forms.ModelForm):
    class Meta:
        model = Extension
        fields = ["agreed_wall", "reason"]


class ExcuseForm(AccessibleForm, forms.Form):
    """From which of the steps that are left to do, and why."""

    activity = forms.TypedChoiceField(label=_("Step"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The student reads it."))

    def __init__(self, *args: object, steps: list[tuple[int, str]]) -> None:
        super().__init__(*args)
        self.fields["activity"].choices = steps


class AccommodationForm(AccessibleForm, forms.ModelForm):
    class Meta:
        model = Accommodation
        fields = ["extra_days", "note"]
