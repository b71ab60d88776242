"""Every field in which people type has a stated length."""

from collections.abc import Iterator

from allauth.account.forms import PasswordField
from allauth.mfa import app_settings as second_factor
from allauth.mfa.models import Authenticator
from django import forms
from django.urls import get_resolver
from django.utils.module_loading import import_string

from accounts.forms import LONGEST_NAME_OF_A_PASSKEY, EditPasskeyForm
from common.richtext import LONGEST
from courses.forms.content import ReadingForm

OURS = (
    "accounts.",
    "common.",
    "courses.",
    "dashboards.",
    "drafts.",
    "files.",
    "feedback.",
    "forums.",
    "notifications.",
    "progress.",
)
# A password is hashed and not kept; what a key answers is read as what it is.
NOT_KEPT = (PasswordField, forms.JSONField)


def below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield from [one, *below(one)]


def text_fields() -> dict[str, forms.CharField]:
    # Every view is imported then, and with it every form.
    assert get_resolver().url_patterns
    found = {one for one in below(forms.BaseForm) if one.__module__.startswith(OURS) and hasattr(one, "base_fields")}
    return {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in found
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field, NOT_KEPT)
    }


def test_every_text_field_of_ours_has_a_length() -> None:
    fields = text_fields()
    assert len(fields) > 20
    assert [name for name, field in fields.items() if not field.max_length] == []


def test_forms_of_allauth_that_keep_words_are_ours() -> None:
    for key in ("add_webauthn", "edit_webauthn"):
        assert import_string(second_factor.FORMS[key]).base_fields["name"].max_length == LONGEST_NAME_OF_A_PASSKEY


def test_a_text_that_is_too_long_is_refused_with_a_sentence() -> None:
    form = ReadingForm({"format": "markdown", "source": "a" * (LONGEST + 1)})
    assert form.errors["source"] == [f"Use {LONGEST} characters or fewer. You used {LONGEST + 1}."]
    assert ReadingForm({"format": "markdown", "source": "a" * LONGEST}).is_valid()


def test_a_passkey_has_a_name_and_not_a_novel() -> None:
    key = Authenticator(type=Authenticator.Type.WEBAUTHN, data={"name": "Blue key", "credential": {}})
    longest = LONGEST_NAME_OF_A_PASSKEY
    assert EditPasskeyForm({"name": "a" * longest}, instance=key).is_valid()
    assert "name" in EditPasskeyForm({"name": "a" * (longest + 1)}, instance=key).errors
