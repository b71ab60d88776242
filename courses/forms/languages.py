"""The language of a course or of captions, chosen by its name."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common import languages
from common.templatetags import ui

LONGEST_TAG = 10


class LanguageInput(forms.TextInput):
    """A name, typed or chosen from all that we know."""

    def render(self, name: str, value: object, attrs: dict | None = None, renderer: object = None) -> SafeString:
        own = {"name": name, "type": "text", "dir": "auto", **self.build_attrs(self.attrs, attrs)}
        names = f"{own.get('id', name)}-names"
        attributes = flatatt({**own, "value": value or "", "list": names, "autocomplete": "off"})
        return ui.rows("languages.html", attributes=attributes, names=names, languages=languages.offered())


class LanguageField(forms.CharField):
    """Its value is a tag. One that a course has from before is kept, whatever it is."""

    widget = LanguageInput
    default_error_messages: ClassVar = {
        "invalid": _("We do not know that language. Choose one from the list, or enter a tag such as en or pt-BR.")
    }

    def __init__(self, *, kept: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("label", _("Language"))
        kwargs.setdefault("help_text", _("Its name, such as English, Hebrew or עברית."))
        super().__init__(max_length=languages.LONGEST, **kwargs)
        self.kept = kept

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        found = languages.find(typed)
        if found is None and typed == self.kept:
            return self.kept
        if found is None or len(found) > LONGEST_TAG:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return found

    def prepare_value(self, value: Any) -> str:
        """What is stored is shown by its name; what was typed stays as it was, if it is no tag."""
        return languages.label(value or "")
