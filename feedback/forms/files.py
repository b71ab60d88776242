"""A file for an assignment, on the page for those who have no script."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import AccessibleForm


class BringForm(AccessibleForm, forms.Form):
    # Names are cut by the service: a long one is no reason to send a file again.
    file = forms.FileField(label=_("File"), help_text=_("Of any type, up to 50 MB."), allow_empty_file=True)
