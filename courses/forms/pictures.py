"""A picture for a text, which needs words for those who do not see it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm
from files import pictures


class PictureForm(AccessibleForm, forms.Form):
    file = forms.FileField(label=_("Picture"), help_text=_("JPEG, PNG, GIF or WebP, of up to 10 MB."), max_length=200)
    alternative = forms.CharField(
        label=_("What does the picture show?"),
        max_length=300,
        required=False,
        help_text=_("Read aloud to those who can’t see it."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        brought = cleaned.get("file")
        if brought and pictures.is_picture(brought.name) and not cleaned.get("alternative", "").strip():
            self.add_error("alternative", _("Say what the picture shows, for those who can’t see it."))
        return cleaned
