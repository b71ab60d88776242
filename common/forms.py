"""Forms after the GOV.UK error pattern: a summary that links to the fields, the same words beside each field."""

from django import forms
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common import dates
from common.templatetags import ui

TOO_LONG = _("Use %(limit_value)d characters or fewer. You used %(show_value)d.")

REQUIRED = _("Fill in this field.")


class LongSelect(forms.Select):
    """For hundreds of choices without groups, such as time zones: Django renders a template for each, 40 ms a page."""

    def render(self, name: str, value: object, attrs: dict | None = None, renderer: object = None) -> SafeString:
        own = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return ui.rows("select.html", attributes=own, choices=self.choices, chosen=self.format_value(value))


class AccessibleForm(forms.BaseForm):
    """Mix in before Form or ModelForm; `{% include "components/form_page.html" %}` renders it."""

    template_name = "components/fields.html"
    required_css_class = "required"

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateTimeField):
                edges = {"min": f"{dates.FIRST:%Y-%m-%dT%H:%M}", "max": f"{dates.LAST:%Y-%m-%dT%H:%M}"}
                field.widget = forms.DateTimeInput({"type": "datetime-local", **edges}, format="%Y-%m-%dT%H:%M")
                field.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
            elif isinstance(field, forms.DateField):
                edges = {"min": dates.FIRST_DAY.isoformat(), "max": dates.LAST_DAY.isoformat()}
                field.widget = forms.DateInput({"type": "date", **edges}, format="%Y-%m-%d")
            if isinstance(field, forms.DateField | forms.DateTimeField):
                field.validators.append(dates.within_bounds)
            if isinstance(field, forms.CharField):
                field.error_messages["max_length"] = TOO_LONG
            if isinstance(field.widget, forms.Textarea):
                # A browser would cut what is pasted, and say nothing.
                field.widget.attrs.pop("maxlength", None)
            if field.required:
                field.error_messages["required"] = REQUIRED


def status_of(*forms: object) -> int:
    """For a page that shows `forms`: 422 when one of them was sent, because what is accepted is answered elsewhere."""
    return 422 if any(getattr(form, "is_bound", False) for form in forms) else 200
