"""A passkey is added and used, with an authenticator that Chromium plays itself."""

from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import Settings

from tests.browser.conftest import OpenBrowser
from tests.browser.steps import signed_in
from tests.factories.people import UserFactory

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_authenticator(context: BrowserContext) -> Page:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return page


def test_a_passkey_is_added_and_signs_in_without_a_password(open_browser: OpenBrowser) -> None:
    person = UserFactory(display_name="Ines Aalto")
    page = with_authenticator(open_browser(person))
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Sign in with this passkey alone").check()
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_text("Recovery codes", exact=False).first).to_be_visible()

    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="Me", exact=True)).to_be_visible()
    page.goto("/me/")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Ines Aalto")


def test_a_passkey_counts_as_the_second_step_of_this_session(open_browser: OpenBrowser, settings: Settings) -> None:
    admin = UserFactory(is_staff=True)
    page = with_authenticator(open_browser(admin))
    page.goto("/account/2fa/webauthn/add/")
    page.get_by_label("Name").fill("My phone")
    page.get_by_label("Sign in with this passkey alone").check()
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_text("Recovery codes", exact=False).first).to_be_visible()
    settings.REQUIRE_STAFF_SECOND_FACTOR = True

    page.goto("/manage/people/")
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="Me", exact=True)).to_be_visible()
    page.goto("/manage/people/")
    expect(page.get_by_role("heading", name="People")).to_be_visible()

    # A session that was opened by password alone.
    page.context.clear_cookies()
    admin.refresh_from_db()
    signed_in(page.context, admin, page.evaluate("location.origin"), with_factors=False)
    page.goto("/manage/people/")
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
