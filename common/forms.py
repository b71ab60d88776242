"""Forms after the GOV.UK error pattern: a summary that links to the fields, the same words beside each field."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AccessibleForm(forms.BaseForm):
    """Mix in before Form or ModelForm; `{% include "components/form_page.html" %}` renders it."""

    template_name = "components/fields.html"
    required_css_class = "required"

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateTimeField):
                field.widget = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
                field.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
            elif isinstance(field, forms.DateField):
                field.widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
            if field.required:
                field.error_messages["required"] = _("Fill in this field.")
