"""Pages before a sign-in, and those of one's own account."""

from dataclasses import replace

from django.template.loader import render_to_string
from playwright.sync_api import Page

from tests.browser import places_talk
from tests.browser.places import Place, once, press, wrong
from tests.factories.people import PASSWORD


def _broken(page: Page) -> None:
    body = render_to_string("500.html")
    page.route("**/broken", lambda route: route.fulfill(status=500, body=body, content_type="text/html"))
    page.goto("/broken")


def _without_token(page: Page) -> None:
    page.locator("form [name=csrfmiddlewaretoken]").first.evaluate("field => field.value = 'x'")
    page.get_by_role("button", name="Sign in", exact=True).click()


def _typed_signed_out(page: Page) -> None:
    page.evaluate("""() => {
      const form = Object.assign(document.createElement("form"), { method: "post", action: "/me/" });
      for (const value of ["Two words", "and two more"])
        form.append(Object.assign(document.createElement("input"), { name: "text", value }));
      document.body.append(form);
      form.submit();
    }""")


OPEN = [
    Place("sign in", "", "/account/login/", "Keep me signed in"),
    wrong("sign in", "", "/account/login/", "Sign in", id_login="nobody", id_password="wrong"),
    Place("sign in, form too old", "", "/account/login/", "This page has expired", _without_token),
    Place(
        "second step asked for",
        "",
        "/account/login/",
        "app on your phone",
        once(press("Sign in", id_login="keyed", id_password=PASSWORD), "app on your phone"),
    ),
    Place("sign up", "", "/account/signup/", "closed"),
    Place("password reset", "", "/account/password/reset/", "Forgot your password?"),
    wrong("password reset", "", "/account/password/reset/", "Email me a link", id_email="no address"),
    Place("password reset sent", "", "/account/password/reset/done/", "If an account has this"),
    Place("password reset by link", "", "/account/password/reset/key/{w.reset}/", "Choose a password"),
    wrong("password reset by link", "", "/account/password/reset/key/{w.reset}/", "Save password"),
    Place("password reset by old link", "", "/account/password/reset/key/1-x-y/", "no longer works"),
    Place("password reset finished", "", "/account/password/reset/key/done/", "your new password"),
    Place("address confirmed by old link", "", "/account/confirm-email/x/", "no longer works"),
    Place("account inactive", "", "/account/inactive/", "Ask an admin of your school"),
    Place("help", "", "/help/", "When you are offline"),
    Place("help for teachers", "", "/help/teaching/", "A later date for one student"),
    Place("help for admins", "", "/help/managing/", "A first cohort"),
    Place("stop email", "", "/mail/stop/{w.stop_token}/", "Stop this email?"),
    Place(
        "stop email, stopped",
        "",
        "/mail/stop/{w.stop_token}/",
        "You will not get this email again",
        press("Stop this email"),
    ),
    Place("stop email, broken link", "", "/mail/stop/x/", "This link is not complete", status=404),
    *places_talk.OPEN,
    Place("signed out while writing", "", "/help/", "What you typed, part 2", _typed_signed_out),
    Place("privacy", "", "/privacy/", "What we keep about you"),
    Place("outbox", "", "/outbox/", "Outgoing email"),
    Place("not found", "student", "/nothing/", "Page not found", status=404),
    Place(
        "not allowed", "student", "/teach/cohorts/{w.cohort.pk}/", "You do not have permission to do this", status=403
    ),
    Place("broken", "", "/help/", "Something went wrong on our side", _broken, expects=(r"500.*/broken",)),
]

ACCOUNT = [
    Place("me", "student", "/me/", "Appearance and playback"),
    Place("me, no mail", "unreached", "/me/", "we have stopped sending them"),
    replace(wrong("me", "student", "/me/", "Save", id_display_name=""), name="form with a problem"),
    Place("me, saved", "student", "/me/", "Saved.", press("Save", id_display_name="Student")),
    Place("email", "student", "/account/email/", "Your address is"),
    wrong("email", "student", "/account/email/", "Change address", id_email="no address"),
    Place("email, change pending", "claimant", "/account/email/", "Waiting for"),
    Place("no email", "unmailed", "/account/email/", "You have no email address"),
    Place("password change", "student", "/account/password/change/", "New password"),
    wrong("password change", "student", "/account/password/change/", "Change password"),
    Place("second step", "student", "/account/2fa/", "Set up an app"),
    Place("second step, set up", "keyed", "/account/2fa/", "Turn off"),
    Place("app for codes", "student", "/account/2fa/totp/activate/", "Key for the app"),
    wrong("app for codes", "student", "/account/2fa/totp/activate/", "Turn on"),
    Place("app for codes off", "keyed", "/account/2fa/totp/deactivate/", "Turn off codes"),
    Place("passkey", "student", "/account/2fa/webauthn/add/", "Add a passkey"),
    Place("passkeys", "fobbed", "/account/2fa/webauthn/", "Blue key"),
    Place("recovery codes", "keyed", "/account/2fa/recovery-codes/", "unused codes"),
    Place("recovery codes anew", "keyed", "/account/2fa/recovery-codes/generate/", "New recovery codes"),
    Place("sessions", "student", "/account/sessions/", "This device"),
    Place("confirm it is you by code", "keyed", "/account/2fa/reauthenticate/", "app on your phone"),
    Place("passkey renamed", "fobbed", "/account/2fa/webauthn/keys/{w.key}/edit/", "Rename passkey"),
    Place("passkey removed", "fobbed", "/account/2fa/webauthn/keys/{w.key}/remove/", "Remove passkey"),
    Place("address confirmed", "", "/account/confirm-email/{w.confirmation}/", "the email address of"),
    Place("confirm it is you", "student", "/account/reauthenticate/", "Confirm it is you"),
    Place("sign out", "student", "/account/logout/", "on this device?"),
]
