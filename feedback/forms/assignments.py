"""What authors type of an assignment."""

from typing import Any

from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils.translation import gettext_lazy as _

from common import richtext
from common.forms import AccessibleForm
from courses.forms.content import MARKDOWN_HELP
from courses.models import Reading
from courses.services import texts as lesson_texts
from feedback.models import Assignment

MOST_LEVELS = 10


class AssignmentForm(AccessibleForm, forms.ModelForm):
    """What a scale does not need is out of sight while another is chosen, by style alone; what is sent of it is not
    looked at."""

    template_name = "feedback/assignment_form.html"

    source = forms.CharField(
        label=_("Instructions"),
        max_length=richtext.LONGEST,
        widget=forms.Textarea({"rows": 10, "data-write": ""}),
        help_text=MARKDOWN_HELP,
    )
    scale = forms.ChoiceField(
        label=_("How it is judged"), choices=Assignment.Scale.choices, widget=forms.RadioSelect, initial="enough"
    )
    levels = SimpleArrayField(
        forms.CharField(max_length=60),
        label=_("Levels"),
        delimiter="\n",
        required=False,
        max_length=MOST_LEVELS,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The best first, each on its own line."),
    )
    model_source = forms.CharField(
        label=_("Model answer"),
        required=False,
        max_length=richtext.LONGEST,
        widget=forms.Textarea({"rows": 6}),
        help_text=_("Students see it with their feedback, not before."),
    )

    class Meta:
        model = Assignment
        fields = [
            "source",
            "format",
            "takes_text",
            "takes_files",
            "takes_links",
            "scale",
            "most_points",
            "levels",
            "nameless",
            "grace_minutes",
            "model_source",
        ]
        help_texts = {
            "nameless": _("Markers do not see whose work it is until feedback is released."),
            "grace_minutes": _("For slow connections: an upload that started in time may finish so much later."),
        }

    def asked(self) -> list[forms.BoundField]:
        return [self["source"], self["format"]]

    def handed_in(self) -> list[forms.BoundField]:
        return [self["takes_text"], self["takes_files"], self["takes_links"], self["grace_minutes"]]

    def after(self) -> list[forms.BoundField]:
        return [self["nameless"], self["model_source"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in ("takes_text", "takes_files", "takes_links")):
            self.add_error("takes_text", _("Choose at least one thing that students can hand in."))
        self._clean_scale(cleaned)
        for name in ("source", "model_source"):
            if cleaned.get(name):
                try:
                    form = cleaned.get("format", Reading.Format.MARKDOWN)
                    lesson_texts.rendered(cleaned[name], form, lambda _: None)
                except richtext.TooMuch as refusal:
                    self.add_error(name, refusal.args[0])
        return cleaned

    def _clean_scale(self, cleaned: dict[str, Any]) -> None:
        scale = cleaned.get("scale")
        if scale == Assignment.Scale.POINTS:
            if cleaned.get("most_points") is None and "most_points" not in self.errors:
                self.add_error("most_points", _("Say how many points there are in all."))
        else:
            self.errors.pop("most_points", None)
            cleaned["most_points"] = None
        if scale == Assignment.Scale.LEVELS:
            if len(cleaned.get("levels") or []) < 2 and "levels" not in self.errors:
                self.add_error("levels", _("Write at least two levels."))
        else:
            self.errors.pop("levels", None)
            cleaned["levels"] = []
