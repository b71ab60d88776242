from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import names
from accounts.models import OutgoingMail, User
from accounts.services import addresses, outgoing
from accounts.sign_in import known_browsers, limits
from accounts.sign_in.second_factor import FACTORS
from common import origin

DEMO_DOMAIN = "@ownpace.test"
WAYS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):
    """How this site differs from allauth's defaults: people are added by an admin, and demo accounts stay at home."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is blocked. Ask an admin of your school."),
        "duplicate_email": _("This is already your email address."),
        "email_password_mismatch": _("This username or email address, or the password, is wrong."),
        "email_taken": _("Someone else uses this address."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_code": _("This code is wrong or too old. Enter the newest one."),
        "incorrect_password": _("This is not your password."),
        "invalid_login": _("You could not be signed in. Try again."),
        "invalid_password_reset": _("This link no longer works."),
        "rate_limited": _("Too many attempts. Wait a few minutes, then try again."),
        "same_as_current": _("This is the same as before. Enter a different one."),
        "too_many_login_attempts": _("Too many failed attempts to sign in. Wait a few minutes, then try again."),
        "username_password_mismatch": _("This username or email address, or the password, is wrong."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        # allauth gives it back after a right password, under the name that it uses itself.
        name = credentials.get("email") or credentials.get("username") or ""
        self._login_failed_rl_usage = limits.spend_attempt(request, name)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def pre_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse | None:
        # A database that once held the demo must not let its published password in on a real site.
        if not settings.DEMO_ALLOWED and (user.email or "").endswith(DEMO_DOMAIN):
            messages.error(request, gettext("Demo accounts cannot sign in on this site."))
            return redirect(settings.LOGIN_URL)
        # For the words of the message that greets them.
        user.is_new_here = user.last_login is None
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        known_browsers.remember(request, response, user)
        return response

    def get_reauthentication_methods(self, user: AbstractBaseUser) -> list[dict]:
        """People with a second factor show that one: a password alone changes nothing of such an account."""
        methods = [
            method | {"description": WAYS[method["id"]]} for method in super().get_reauthentication_methods(user)
        ]
        if not is_mfa_enabled(user, FACTORS):
            return methods
        shown = [method for method in methods if method["id"] != "reauthenticate"]
        # The first is the page that people are led to: that of codes is for those who have an app for them.
        return shown if is_mfa_enabled(user, [Authenticator.Type.TOTP]) else shown[::-1]

    def clean_email(self, email: str) -> str:
        return names.folded(super().clean_email(email))

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The first to confirm an address has it. The claims of others on it end there."""
        owner, email = email_address.user, email_address.email
        try:
            with transaction.atomic():
                free = not addresses.is_taken(email, besides=owner)
                if free and not super().confirm_email(request, email_address):
                    return False
        except IntegrityError:  # somebody else has confirmed it in this moment
            free = False
        if free:
            addresses.drop_claims(email, owner=owner)
        else:
            failed = "account/messages/email_confirmation_failed.txt"
            self.add_message(request, messages.ERROR, failed, {"email": email})
        return free

    # Mail leaves through a worker, and what a request says about itself never gets into it (docs/adr/0014).

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict | None = None, email: str | None = None
    ) -> None:
        """`email` is given for the one notice that goes to an address the account has no more."""
        kind = template_prefix.rpartition("/")[2]
        if kind == OutgoingMail.Kind.PASSWORD_RESET and user.last_login is None:
            # The link that an admin gave them: nothing was lost, and nobody is to be alarmed.
            kind = OutgoingMail.Kind.FIRST_PASSWORD
        outgoing.tell(user, kind, former_address=email or "")

    def send_confirmation_mail(
        self, request: HttpRequest, emailconfirmation: EmailConfirmationHMAC, signup: bool
    ) -> None:
        outgoing.send_confirmation(emailconfirmation.email_address)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        raise NotImplementedError(f"{template_prefix} has no kind in accounts.models.OutgoingMail.")

    def is_safe_url(self, url: str) -> bool:
        """Only paths of this site: what the Host header says is no part of it."""
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Passkeys belong to the site's own name."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("You cannot turn off your second step."),
        "cannot_generate_recovery_codes": _("Add a passkey or an app for codes first."),
        "incorrect_code": _("This code is wrong, too old or already used. Enter the newest one."),
    }

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": held + 1} if held else gettext("Passkey")

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": origin.host(), "name": "Ownpace"}
