"""What teachers type when they check in with a cohort."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm
from common.numbers import row_key
from feedback import segments
from feedback.forms.talks import PlainText
from feedback.models import Checking
from feedback.models.talks import LONGEST_CHECK_IN, LONGEST_LINE
from feedback.names import line_name

HELP = _("Write {first name} or {next step} where each student should read their own.")
# A draft keeps so many lines beside the text; of more students a teacher ticks, and writes to none by a line.
MOST_LINES = 50


class CheckInForm(AccessibleForm, forms.Form):
    """To a segment, or to ticked names. Ticks (`who`) and lines stand in rows of their own beside it."""

    source = PlainText(label=_("What do you want to ask?"), max_length=LONGEST_CHECK_IN, rows=5, help_text=HELP)
    segment = forms.ChoiceField(label=_("Who gets it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(one.code, one.label) for one in segments.in_order()]
        self.fields["segment"].choices = [*listed, (segments.TICKED, _("Students I tick one by one"))]

    @property
    def ticked(self) -> set[int]:
        """Keys of enrolments, as they were sent."""
        return {row_key(one) for one in self.data.getlist("who")} if self.is_bound else set()

    def lines(self, people: list[int]) -> dict[int, str]:
        """What was typed for some of them, on one line each."""
        if not self.is_bound or len(people) > MOST_LINES:
            return {}
        typed = {key: " ".join(self.data.get(line_name(key), "").split()) for key in people}
        return {key: line for key, line in typed.items() if line}

    def refuse_long(self, lines: dict[int, str]) -> None:
        long = sum(len(line) > LONGEST_LINE for line in lines.values())
        if long:
            words = ngettext(
                "%(n)d line is longer than 300 characters.", "%(n)d lines are longer than 300 characters.", long
            )
            self.add_error(None, words % {"n": long})


class CheckingForm(AccessibleForm, forms.ModelForm):
    most_open = forms.IntegerField(
        label=_("How many can you answer at a time?"),
        min_value=1,
        max_value=500,
        help_text=_("No more check-ins than this are open at the same time. The others wait their turn."),
    )
    answer_days = forms.IntegerField(
        label=_("Working days until you answer"),
        min_value=1,
        max_value=10,
        help_text=_("Students are promised your answer by 17:00 on the last of them."),
    )

    class Meta:
        model = Checking
        fields = ["most_open", "answer_days"]


class RegularForm(AccessibleForm, forms.Form):
    """`today` is that of the cohort."""

    source = PlainText(label=_("What do you want to ask?"), max_length=LONGEST_CHECK_IN, rows=5, help_text=HELP)
    every_weeks = forms.TypedChoiceField(
        label=_("How often"), coerce=int, choices=[("1", _("Every week")), ("2", _("Every two weeks"))]
    )
    first = forms.DateField(
        label=_("The first time"), help_text=_("It goes out that morning. On a day off, on the next working day.")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_first(self) -> date:
        first = self.cleaned_data["first"]
        if first < self._today:
            raise ValidationError(gettext("This day is over. Choose today or a later day."))
        return first
