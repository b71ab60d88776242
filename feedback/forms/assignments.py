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
    source = forms.CharField(
        label=_("Instructions"),
        max_length=richtext.LONGEST,
        widget=forms.Textarea({"rows": 10}),
        help_text=MARKDOWN_HELP,
    )
    levels = SimpleArrayField(
        forms.CharField(max_length=60),
        label=_("Levels"),
        delimiter="\n",
        required=False,
        max_length=MOST_LEVELS,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("The best first, each on its own line. Only for marks by levels."),
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

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in ("takes_text", "takes_files", "takes_links")):
            self.add_error("takes_text", _("Choose at least one thing that students can hand in."))
        scale = cleaned.get("scale")
        if scale == Assignment.Scale.POINTS and cleaned.get("most_points") is None and "most_points" not in self.errors:
            self.add_error("most_points", _("Say how many points there are in all."))
        if scale == Assignment.Scale.LEVELS and len(cleaned.get("levels") or []) < 2 and "levels" not in self.errors:
            self.add_error("levels", _("Write at least two levels."))
        for name in ("source", "model_source"):
            if cleaned.get(name):
                try:
                    form = cleaned.get("format", Reading.Format.MARKDOWN)
                    lesson_texts.rendered(cleaned[name], form, lambda _: None)
                except richtext.TooMuch as refusal:
                    self.add_error(name, refusal.args[0])
        return cleaned
