"""What those who mark type of the days on which they do not."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.forms import AccessibleForm
from courses.models import Activity
from feedback.models import Absence, Pause
from feedback.promises import Span
from feedback.services.absences import LONGEST

TOO_LONG = _("This is more than a year. Choose an earlier day.")
OVER = _("This day is over. Choose today or a later day.")


class AwayForm(AccessibleForm, forms.ModelForm):
    """`today` is the day of the person who goes away."""

    class Meta:
        model = Absence
        fields = ["first", "last", "substitute"]

    def __init__(self, *args: Any, people: Sequence[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        substitute = self.fields["substitute"]
        substitute.queryset = User.objects.filter(pk__in=[one.pk for one in people]).order_by("display_name", "pk")
        substitute.label = _("Who marks in your place")
        substitute.empty_label = _("No one: promises move")
        substitute.help_text = _("They get the work that you have, and its promises stay.")
        self.fields["last"].help_text = _("You mark again on the day after.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last:
            if last < first:
                self.add_error("last", _("The last day cannot be before the first day."))
            elif last < self.today:
                self.add_error("last", OVER)
            elif (last - first).days >= LONGEST:
                self.add_error("last", TOO_LONG)
        return cleaned

    def days(self) -> Span:
        return Span(self.cleaned_data["first"], self.cleaned_data["last"])


class PauseForm(AccessibleForm, forms.ModelForm):
    """`today` is the day of the cohort: a pause begins at once."""

    class Meta:
        model = Pause
        fields = ["last", "activity", "reason"]

    def __init__(self, *args: Any, steps: Sequence[Activity], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        what = self.fields["activity"]
        what.queryset = Activity.objects.filter(pk__in=[one.pk for one in steps]).in_order()
        what.label = _("What is paused")
        what.empty_label = _("All work of this cohort")
        self.fields["last"].help_text = _("The last day on which no one marks.")
        self.fields["reason"].label = _("Why? Students read this.")
        self.fields["reason"].widget = forms.Textarea({"rows": 2, "dir": "auto"})

    def clean_last(self) -> date:
        last = self.cleaned_data["last"]
        if last < self.today:
            raise forms.ValidationError(OVER)
        if last - self.today >= timedelta(days=LONGEST):
            raise forms.ValidationError(TOO_LONG)
        return last
