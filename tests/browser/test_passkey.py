"""A passkey is added and used, with an authenticator that Chromium plays itself."""

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import OpenBrowser
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
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Recovery Codes", exact=False).first).to_be_visible()

    page.goto("/account/logout/")
    page.get_by_role("button", name="Sign Out").click()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="Me")).to_be_visible()
    page.goto("/me/")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Ines Aalto")
