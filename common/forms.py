"""Forms after the GOV.UK error pattern: a summary that links to the fields, the same words beside each field."""

import re
import zoneinfo
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import Jinja2
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common import dates, zones
from common.templatetags import ui

TOO_LONG = _("Use %(limit_value)d characters or fewer. You used %(show_value)d.")

REQUIRED = _("Fill in this field.")
NO_FILE, EMPTY_FILE = _("Choose a file."), _("This file is empty.")
TOO_SMALL, TOO_LARGE = _("Enter %(limit_value)s or more."), _("Enter %(limit_value)s or less.")
NO_ADDRESS = _("Enter an email address, such as name@example.org.")
SCRIPT = "js/zone_field.js"
_NO_SCHEME = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|$)")
# Django's own widgets by its own templates for Jinja, in a third of the time: the `default_renderer` of forms on a page
# with many fields. It keeps what it compiled, so there is one of it.
QUICK_WIDGETS = Jinja2()


class ZoneInput(forms.TextInput):
    """A city, typed or chosen from all of them; `static/js/zone_field.js` puts that of the device first."""

    def render(self, name: str, value: object, attrs: dict | None = None, renderer: object = None) -> SafeString:
        own = {"name": name, "type": "text", **self.build_attrs(self.attrs, attrs)}
        places = f"{own.get('id', name)}-places"
        attributes = flatatt(
            {**own, "value": value or "", "list": places, "autocomplete": "off", "data-zone-field": ""}
        )
        return ui.rows("zones.html", attributes=attributes, places=places, zones=zones.offered(), script=SCRIPT)


class ZoneField(forms.CharField):
    """A time zone by its city. Names of before, such as Asia/Calcutta, become those of today."""

    widget = ZoneInput
    default_error_messages: ClassVar = {
        "invalid": _("We do not know that place. Type your country or a large city, and choose from the list."),
        "alike": _("We need a place with one time zone. Did you mean one of these? %(places)s"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Time zone"))
        kwargs.setdefault("help_text", _("Type a country or a large city in this time zone."))
        super().__init__(max_length=zones.LONGEST, **kwargs)

    def clean(self, value: Any) -> zoneinfo.ZoneInfo:
        found = zones.find(super().clean(value))
        if found is None and (alike := zones.alike(value)):
            places = " · ".join(alike)
            raise ValidationError(self.error_messages["alike"], code="alike", params={"places": places})
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return zoneinfo.ZoneInfo(found)

    def prepare_value(self, value: Any) -> str:
        """What was typed stays as it was; what is stored is shown by its city and country."""
        return value or "" if isinstance(value, str | None) else zones.label(str(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return zones.canonical(str(initial or "")) != zones.find(data or "")


def whole_address(typed: str) -> str:
    """A web address as people say it, www.example.org/page, with what a link needs before it."""
    return f"https://{typed}" if _NO_SCHEME.match(typed) else typed


class AccessibleForm(forms.BaseForm):
    """Mix in before Form or ModelForm; `{% include "components/form_page.html" %}` renders it."""

    template_name = "components/fields.html"
    required_css_class = "required"

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            prepared(field)

    @property
    def asks_one_thing(self) -> bool:
        """Whoever fills in a form of a single field has nothing to leave out: it is not called optional there."""
        return sum(not field.widget.is_hidden for field in self.fields.values()) == 1


def prepared(field: forms.Field) -> forms.Field:
    """A field as every form has it, for a form that adds some of its own."""
    if isinstance(field, forms.DateTimeField):
        edges = {"min": f"{dates.FIRST:%Y-%m-%dT%H:%M}", "max": f"{dates.LAST:%Y-%m-%dT%H:%M}"}
        field.widget = forms.DateTimeInput({"type": "datetime-local", **edges}, format="%Y-%m-%dT%H:%M")
        field.input_formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
    elif isinstance(field, forms.DateField):
        edges = {"min": dates.FIRST_DAY.isoformat(), "max": dates.LAST_DAY.isoformat()}
        field.widget = forms.DateInput({"type": "date", **edges}, format="%Y-%m-%d")
    if isinstance(field, forms.DateField | forms.DateTimeField):
        field.validators.append(dates.within_bounds)
    _say(field)
    if type(field.widget) in (forms.TextInput, forms.Textarea):
        # What people type may run from right to left, whatever the interface does.
        field.widget.attrs.setdefault("dir", "auto")
    if isinstance(field.widget, forms.Textarea):
        # A browser would cut what is pasted, and say nothing.
        field.widget.attrs.pop("maxlength", None)
    return field


def _say(field: forms.Field) -> None:
    """Of a mistake, what to do about it: Django's own sentences say what a value is not."""
    if field.required:
        field.error_messages["required"] = REQUIRED
    if isinstance(field, forms.CharField):
        field.error_messages["max_length"] = TOO_LONG
    if isinstance(field, forms.IntegerField):
        field.error_messages |= {"min_value": TOO_SMALL, "max_value": TOO_LARGE}
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = NO_ADDRESS
    if isinstance(field, forms.FileField):
        field.error_messages |= {"required": NO_FILE, "empty": EMPTY_FILE}


def status_of(*forms: object) -> int:
    """For a page that shows `forms`: 422 when one of them was sent, because what is accepted is answered elsewhere."""
    return 422 if any(getattr(form, "is_bound", False) for form in forms) else 200


def form_values(form: forms.BaseForm) -> str:
    """What was typed into the fields, on one line: by this a confirmation knows what it confirms."""
    return " ".join(f"{name}={form.data.get(form.add_prefix(name), '')}" for name in form.fields)
