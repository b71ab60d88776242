from typing import Any, ClassVar

from allauth.account.forms import AddEmailForm as AllauthAddEmailForm
from allauth.account.forms import ChangePasswordForm as AllauthChangePasswordForm
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from allauth.account.forms import ResetPasswordKeyForm as AllauthResetPasswordKeyForm
from allauth.account.forms import SetPasswordForm as AllauthSetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm as AllauthCodeForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddWebAuthnForm
from allauth.mfa.webauthn.forms import EditWebAuthnForm
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.models import User
from accounts.services import addresses, outgoing
from common.forms import NO_ADDRESS, REQUIRED, TOO_LONG, AccessibleForm, ZoneField

LONGEST_NAME_OF_A_PASSKEY = 100
# A recovery code as people type it, with blanks.
LONGEST_CODE = 50
NEW_PASSWORD = {"password1": _("New password"), "password2": _("New password again")}
# What the validators of the settings ask for, in one sentence.
GOOD_PASSWORD = {"password1": _("At least 8 characters. Not your name or username, and nothing that is easy to guess.")}
NOT_PLAIN = _("Use the letters a to z, digits, dots, dashes and underscores only.")
SPEEDS = [(75, _("Slower (0.75)")), (100, _("Normal")), (125, "1.25"), (150, "1.5"), (175, "1.75"), (200, "2")]


class InOurWords:
    """Labels and hints of ours on a form of allauth's, by field. Placeholders go: they hide what a field is for."""

    labels: ClassVar[dict[str, Any]] = {}
    hints: ClassVar[dict[str, Any]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)
            field.widget.attrs.pop("placeholder", None)
            field.error_messages["required"] = REQUIRED
            if isinstance(field, forms.EmailField):
                field.error_messages["invalid"] = NO_ADDRESS


class LoginForm(InOurWords, AllauthLoginForm):
    labels: ClassVar = {"login": _("Username or email address"), "remember": _("Keep me signed in on this device")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].validators.append(MaxLengthValidator(names.LONGEST, TOO_LONG))
        self.fields["login"].widget.attrs["autocomplete"] = "username webauthn"

    def clean_login(self) -> str:
        return names.folded(self.cleaned_data["login"])


class ChangePasswordForm(InOurWords, AllauthChangePasswordForm):
    labels: ClassVar = {"oldpassword": _("Current password"), **NEW_PASSWORD}
    hints: ClassVar = GOOD_PASSWORD


class SetPasswordForm(InOurWords, AllauthSetPasswordForm):
    labels: ClassVar = NEW_PASSWORD
    hints: ClassVar = GOOD_PASSWORD


class ResetPasswordKeyForm(InOurWords, AllauthResetPasswordKeyForm):
    labels: ClassVar = NEW_PASSWORD
    hints: ClassVar = GOOD_PASSWORD


class AddEmailForm(InOurWords, AllauthAddEmailForm):
    labels: ClassVar = {"email": _("New email address")}
    hints: ClassVar = {
        "email": _(
            "We will ask for your password or second step, then email the new address a link to confirm it. "
            "We also tell the old address about the change."
        )
    }


class ReauthenticateForm(InOurWords, AllauthReauthenticateForm):
    """Asks for the password again."""


class CodeForm(InOurWords, AllauthCodeForm):
    """Asks for a code at sign-in."""

    # allauth's own has no length.
    code = forms.CharField(max_length=LONGEST_CODE, widget=forms.TextInput({"autocomplete": "one-time-code"}))


class CodeAgainForm(InOurWords, AllauthCodeAgainForm):
    """Asks for a code before something that matters."""

    # allauth's own has no length.
    code = forms.CharField(max_length=LONGEST_CODE, widget=forms.TextInput({"autocomplete": "one-time-code"}))


class ActivateTOTPForm(InOurWords, AllauthActivateTOTPForm):
    # allauth's own has no length.
    code = forms.CharField(max_length=LONGEST_CODE, widget=forms.TextInput({"autocomplete": "one-time-code"}))
    labels: ClassVar = {"code": _("Code from the app")}


class AddWebAuthnForm(InOurWords, AllauthAddWebAuthnForm):
    # allauth's own lets it grow without end.
    name = forms.CharField(required=False, max_length=LONGEST_NAME_OF_A_PASSKEY)
    labels: ClassVar = {"name": _("Name"), "passwordless": _("Sign in with this passkey alone")}
    hints: ClassVar = {
        "name": _("A name you will recognise, such as “My phone”."),
        "passwordless": _("You will not need your password. Your device will ask for its PIN, fingerprint or face."),
    }


class ResetPasswordForm(InOurWords, AllauthResetPasswordForm):
    """Looks nobody up before it is saved, and then does the same whether an account has the address or not."""

    labels: ClassVar = {"email": _("Email address")}

    def clean_email(self) -> str:
        return self.cleaned_data["email"]

    def save(self, request: HttpRequest, **kwargs: object) -> str:
        outgoing.send_forgotten_password(self.cleaned_data["email"])
        return self.cleaned_data["email"]


class EditPasskeyForm(EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME_OF_A_PASSKEY)


ABOUT = ("display_name", "timezone")
LOOKS = ("theme", "text_size", "reading_font", "captions", "playback_percent", "low_data")


class MeForm(AccessibleForm, forms.ModelForm):
    """All that people set for themselves, so that one button saves it and none throws anything away."""

    timezone = ZoneField(
        help_text=_("All dates and times are shown in the time of this place. Type your country or a large city.")
    )
    playback_percent = forms.TypedChoiceField(label=_("Playback speed"), choices=SPEEDS, coerce=int)

    class Meta:
        model = User
        fields = [*ABOUT, *LOOKS]
        help_texts = {
            "display_name": _("The name that your teachers see, and your students if you teach."),
            "captions": _("Captions are on whenever a recording has them."),
            "low_data": _("Asks before downloading anything large."),
        }

    def about(self) -> list[forms.BoundField]:
        return [self[name] for name in ABOUT]

    def looks(self) -> list[forms.BoundField]:
        return [self[name] for name in LOOKS]


class ZoneForm(forms.Form):
    """The zone that a browser reported and the person said yes to."""

    timezone = ZoneField()


class PersonForm(AccessibleForm, forms.ModelForm):
    """What a site admin sets for somebody else. Never a password: the person chooses that (ASVS 6.4.6)."""

    timezone = ZoneField()

    class Meta:
        model = User
        fields = ["display_name", "username", "email", "timezone", "minor", "is_staff", "is_active"]
        labels = {"is_active": _("Can sign in"), "is_staff": _("Site admin: can manage courses, cohorts and people")}
        help_texts = {
            "username": _("Lower-case letters, digits, dots, dashes and underscores. People can sign in with it."),
            "email": _("You can leave this empty. Young students may only have a username."),
        }

    def __init__(self, *args: object, by: User, **kwargs: object) -> None:
        """`by` cannot take their own rights away: a site must not lose its last admin by mistake."""
        super().__init__(*args, **kwargs)
        if self.instance.pk == by.pk:
            del self.fields["is_staff"], self.fields["is_active"]

    def clean_username(self) -> str:
        return names.folded(self.cleaned_data["username"])

    def clean_email(self) -> str | None:
        email = names.folded(self.cleaned_data["email"] or "") or None
        if email and addresses.is_taken(email, besides=self.instance):
            raise ValidationError(_("Someone else uses this address."))
        return email

    def clean(self) -> dict[str, Any] | None:
        """A new username is plain letters, or the person's own address: it cannot be mistaken for somebody else's."""
        cleaned = super().clean()
        username = self.cleaned_data.get("username", "")
        is_new = username and username != self.initial.get("username")
        if is_new and username != self.cleaned_data.get("email") and not names.USERNAME.fullmatch(username):
            self.add_error("username", NOT_PLAIN)
        return cleaned


class NewcomerForm(AccessibleForm, forms.Form):
    """One of many accounts that are created at once; whether a name is free is asked for all of them together."""

    display_name = forms.CharField(label=_("Name"), max_length=100)
    email = forms.EmailField(label=_("Email address"), required=False, max_length=names.LONGEST)
    username = forms.CharField(label=_("Username"), max_length=60)

    def clean_email(self) -> str:
        return names.folded(self.cleaned_data["email"])

    def clean_username(self) -> str:
        username = names.folded(self.cleaned_data["username"])
        if not names.USERNAME.fullmatch(username):
            raise ValidationError(NOT_PLAIN)
        return username
