"""What teachers set about the marking of their cohort."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm
from feedback.models import Marking

# What a cohort has whose teachers chose nothing: "" in its row.
THE_USUAL = "usual"
USUAL = {
    Marking.From.HANDED_IN: _("The usual way: the moment it is handed in"),
    Marking.From.DUE: _("The usual way: the due date, or later if it is handed in later"),
}


class MarkingForm(AccessibleForm, forms.ModelForm):
    feedback_days = forms.IntegerField(
        label=_("Working days until feedback"),
        min_value=1,
        max_value=60,
        help_text=_("Students are promised it by 17:00 on the last of them."),
    )

    class Meta:
        model = Marking
        fields = ["feedback_days", "counted_from", "assistants_release"]

    def __init__(self, *args: Any, usual: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        counted = self.fields["counted_from"]
        counted.choices = [(THE_USUAL, USUAL[Marking.From(usual)]), *Marking.From.choices]
        counted.label, counted.required = _("Counted from"), True
        self.initial["counted_from"] = self.initial.get("counted_from") or THE_USUAL
        self.fields["assistants_release"].label = _("Assistants may release feedback")
        self.fields["assistants_release"].help_text = _("Otherwise a teacher looks at it first.")

    def clean_counted_from(self) -> str:
        chosen = self.cleaned_data["counted_from"]
        return "" if chosen == THE_USUAL else chosen
