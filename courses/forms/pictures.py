"""A picture for a text, which needs words for those who do not see it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm


class PictureForm(AccessibleForm, forms.Form):
    file = forms.FileField(label=_("Picture"), help_text=_("JPEG, PNG, GIF or WebP, of up to 10 MB."), max_length=200)
    alternative = forms.CharField(
        label=_("What does the picture show?"), max_length=300, help_text=_("Read aloud to those who can’t see it.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["alternative"].error_messages["required"] = _(
            "Say what the picture shows, for those who can’t see it."
        )
