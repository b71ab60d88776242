"""What a marker says of a piece of work, and when its student may read it."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.forms import QUICK_WIDGETS, AccessibleForm
from common.templatetags.ui import zone_city
from courses.fields import WallTimeFormField
from courses.services.announcements import instant
from feedback import criteria
from feedback.models import Assignment, Submission
from feedback.services import releasing, texts
from feedback.services.marking import Said

LONGEST_OVERALL = 20_000
YES, NO = "yes", "no"
VERDICTS = {YES: True, NO: False}
SCALES = {Assignment.Scale.POINTS: ("points",), Assignment.Scale.LEVELS: ("level",)}
SAID = [(YES, _("Good enough")), (NO, _("Not yet"))]


class MarkingForm(AccessibleForm, forms.Form):
    """A level and words for each criterion, a comment on the whole, and what the scale asks for."""

    default_renderer = QUICK_WIDGETS
    source = forms.CharField(
        label=_("Comment on the whole"),
        required=False,
        max_length=LONGEST_OVERALL,
        widget=forms.Textarea({"rows": 6, "data-bank": ""}),
        help_text=_("Markdown works: **bold**, * for a list, `code`, $a^2$ for a formula."),
    )
    good_enough = forms.ChoiceField(
        label=_("Is it good enough?"),
        required=False,
        choices=SAID,
        widget=forms.RadioSelect,
    )
    again_on = forms.DateField(
        label=_("Next attempt by"), required=False, help_text=_("For “Not yet”. A later day that was agreed stays.")
    )
    points = forms.CharField(
        label=_("Points"), required=False, max_length=10, widget=forms.TextInput({"inputmode": "decimal"})
    )
    level = forms.ChoiceField(label=_("Level"), required=False)

    def __init__(self, data: Any = None, *, submission: Submission, rubric: criteria.Criteria, said: Said, **more: Any):
        initial = self._of(said) | more.pop("initial", {})
        self.rubric, assignment = rubric, submission.activity.assignment
        judged = assignment.scale == Assignment.Scale.ENOUGH or submission.activity.rule == releasing.ENOUGH
        wanted = {"source", *(("good_enough", "again_on") if judged else ()), *SCALES.get(assignment.scale, ())}
        # Before Django copies them: to copy all took a third of the form.
        self.base_fields = {name: field for name, field in self.base_fields.items() if name in wanted}
        super().__init__(data, initial=initial, **more)
        if self.is_bound:
            self._take_criteria()
        if "level" in self.fields:
            self.fields["level"].choices = [("", "—"), *((one, one) for one in assignment.levels)]
        if "points" in self.fields:
            self.fields["points"].help_text = _("Of %(most)s.") % {"most": criteria.as_typed(assignment.most_points)}

    def _take_criteria(self) -> None:
        """Fields for what is sent of each criterion; a page shows rows of its own (`feedback.pages.marking`)."""
        for one in self.rubric.criteria:
            levels = [(level.key, level.title) for level in one.levels]
            self.fields[f"level-{one.key}"] = forms.ChoiceField(
                label=one.title, required=False, choices=levels, widget=forms.RadioSelect
            )
            self.fields[f"words-{one.key}"] = forms.CharField(
                label=_("Comment on “%(criterion)s”") % {"criterion": one.title},
                required=False,
                max_length=texts.LONGEST_COMMENT,
            )

    @property
    def asks_for_a_mark(self) -> bool:
        return bool({"points", "level", "good_enough"} & set(self.fields))

    @property
    def verdicts(self) -> list[tuple[str, Any, bool]]:
        """For radios that render no template each: value, words, and whether it is chosen."""
        chosen = self.typed("good_enough")
        return [(value, words, value == chosen) for value, words in SAID]

    def typed(self, name: str) -> str:
        """What stands in a field of words or choices: what was sent, or what it begins with."""
        return str((self.data.get(name) if self.is_bound else self.initial.get(name)) or "")

    def wrong(self, name: str) -> list[str]:
        """What is wrong with a field, in sentences."""
        return list(self.errors.get(name, ()))

    @staticmethod
    def _of(said: Said) -> dict[str, Any]:
        initial: dict[str, Any] = {
            "source": said.source,
            "good_enough": {True: YES, False: NO, None: ""}[said.good_enough],
            "again_on": said.again_on,
            "points": criteria.as_typed(said.points),
            "level": said.level,
        }
        for key, mark in said.marks.items():
            initial |= {f"level-{key}": mark.level, f"words-{key}": mark.words}
        return initial

    def clean_source(self) -> str:
        return self.cleaned_data["source"].replace("\r\n", "\n")

    def clean_points(self) -> Decimal | None:
        typed = self.cleaned_data["points"].strip()
        found = criteria.number(typed) if typed else None
        if typed and found is None:
            raise ValidationError(_("Enter a number, such as 7 or 7.5."))
        return found

    def said(self) -> Said:
        """Points that nobody typed are those of the levels, once every criterion has one."""
        values = self.cleaned_data
        marks = {
            one.key: criteria.Mark(values.get(f"level-{one.key}", ""), values[f"words-{one.key}"].replace("\r\n", "\n"))
            for one in self.rubric.criteria
        }
        points = values.get("points")
        if "points" in self.fields and points is None and all(mark.level for mark in marks.values()):
            points = self.rubric.points(marks)
        return Said(
            values["source"],
            marks,
            points,
            values.get("level", ""),
            VERDICTS.get(values.get("good_enough", "")),
            values.get("again_on"),
        )


class ReleaseForm(AccessibleForm, forms.Form):
    """Now, or at an hour on the clocks of the cohort."""

    NOW, LATER = "now", "later"
    when = forms.ChoiceField(
        label=_("When can it be read?"),
        choices=[(NOW, _("Now")), (LATER, _("At a set time"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    wall = WallTimeFormField(label=_("Day and time"), required=False)

    def __init__(self, data: Any = None, *, zone: ZoneInfo, **more: Any) -> None:
        super().__init__(data, **more)
        self.zone = zone
        self.fields["wall"].help_text = _("In %(zone)s time.") % {"zone": zone_city(zone)}

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("when") == self.LATER and "wall" not in self.errors:
            wall = values.get("wall")
            if wall is None:
                self.add_error("wall", _("Say when, or choose “Now”."))
            elif instant(wall, self.zone) <= timezone.now():
                self.add_error("wall", _("This time has passed. Choose a later one, or “Now”."))
        return values

    def at(self, now: datetime) -> datetime:
        values = self.cleaned_data
        return instant(values["wall"], self.zone) if values["when"] == self.LATER else now
