"""Pages before a sign-in, and those of one's own account."""

from dataclasses import replace

from django.template.loader import render_to_string
from playwright.sync_api import Page

from tests.browser.places import Place, once, press, wrong
from tests.factories.people import PASSWORD


def _broken(page: Page) -> None:
    body = render_to_string("500.html")
    page.route("**/broken", lambda route: route.fulfill(status=500, body=body, content_type="text/html"))
    page.goto("/broken")


def _without_token(page: Page) -> None:
    page.locator("form [name=csrfmiddlewaretoken]").first.evaluate("field => field.value = 'x'")
    page.get_by_role("button", name="Sign in", exact=True).click()


OPEN = [
    Place("sign in", "", "/account/login/", "Keep me signed in"),
    wrong("sign in", "", "/account/login/", "Sign in", id_login="nobody", id_password="wrong"),
    Place("sign in, form too old", "", "/account/login/", "This page has expired", _without_token),
    Place(
        "second step asked for",
        "",
        "/account/login/",
        "authenticator code",
        once(press("Sign in", id_login="keyed", id_password=PASSWORD), "authenticator code"),
    ),
    Place("sign up", "", "/account/signup/", "closed"),
    Place("password reset", "", "/account/password/reset/", "Password Reset"),
    wrong("password reset", "", "/account/password/reset/", "Reset My Password", id_email="no address"),
    Place("password reset sent", "", "/account/password/reset/done/", "sent you an email"),
    Place("password reset by link", "", "/account/password/reset/key/{w.reset}/", "Change Password"),
    wrong("password reset by link", "", "/account/password/reset/key/{w.reset}/", "Change Password"),
    Place("password reset by old link", "", "/account/password/reset/key/1-x-y/", "invalid"),
    Place("password reset finished", "", "/account/password/reset/key/done/", "changed"),
    Place("address confirmed by old link", "", "/account/confirm-email/x/", "expired"),
    Place("account inactive", "", "/account/inactive/", "inactive"),
    Place("help", "", "/help/", "A slow phone"),
    Place("privacy", "", "/privacy/", "What we keep about you"),
    Place("outbox", "", "/outbox/", "Outgoing email"),
    Place("not found", "student", "/nothing/", "Page not found", status=404),
    Place(
        "not allowed", "student", "/teach/cohorts/{w.cohort.pk}/", "You do not have permission to do this", status=403
    ),
    Place("broken", "", "/help/", "Something went wrong on our side", _broken, expects=(r"500.*/broken",)),
]

ACCOUNT = [
    Place("me", "student", "/me/", "How pages look"),
    replace(wrong("me", "student", "/me/", "Save", id_display_name=""), name="form with a problem"),
    Place("me, saved", "student", "/me/", "Saved.", press("Save", id_display_name="Student")),
    Place("email", "student", "/account/email/", "Your address is"),
    wrong("email", "student", "/account/email/", "Change address", id_email="no address"),
    Place("email, change pending", "claimant", "/account/email/", "Waiting for"),
    Place("no email", "unmailed", "/account/email/", "do not have any email"),
    Place("password change", "student", "/account/password/change/", "New Password"),
    wrong("password change", "student", "/account/password/change/", "Change Password"),
    Place("second step", "student", "/account/2fa/", "Authenticator App"),
    Place("second step, set up", "keyed", "/account/2fa/", "Security Keys"),
    Place("authenticator app", "student", "/account/2fa/totp/activate/", "Authenticator secret"),
    wrong("authenticator app", "student", "/account/2fa/totp/activate/", "Activate"),
    Place("authenticator app off", "keyed", "/account/2fa/totp/deactivate/", "Deactivate"),
    Place("security key", "student", "/account/2fa/webauthn/add/", "Add Security Key"),
    Place("security keys", "fobbed", "/account/2fa/webauthn/", "Blue key"),
    Place("recovery codes", "keyed", "/account/2fa/recovery-codes/", "Unused codes"),
    Place("recovery codes anew", "keyed", "/account/2fa/recovery-codes/generate/", "Recovery"),
    Place("sessions", "student", "/account/sessions/", "Started At"),
    Place("confirm it is you by code", "keyed", "/account/2fa/reauthenticate/", "authenticator code"),
    Place("security key renamed", "fobbed", "/account/2fa/webauthn/keys/{w.key}/edit/", "Edit Security Key"),
    Place("security key removed", "fobbed", "/account/2fa/webauthn/keys/{w.key}/remove/", "Remove Security Key"),
    Place("address confirmed", "", "/account/confirm-email/{w.confirmation}/", "Please confirm"),
    Place("confirm it is you", "student", "/account/reauthenticate/", "Enter your password"),
    Place("sign out", "student", "/account/logout/", "Are you sure"),
]
