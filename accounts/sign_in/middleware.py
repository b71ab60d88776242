"""What every request passes: signed in unless the view opts out, in the reader's own zone, never cached."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware, get_user
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.services import sessions
from accounts.sign_in import second_factor
from accounts.views import errors

# What staff reach without a second factor in their session. All else is closed to them, whatever is added later.
HELP = {"accounts:help", "accounts:help_teaching", "accounts:help_managing"}
OPEN_PAGES = {"account_logout", "accounts:privacy", "healthz", "readyz"} | HELP
PAGES_THAT_ASK = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
# Only while the account has no factor: later they ask for it as the others do.
PAGES_THAT_SET_UP = {"account_reauthenticate", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn"}
# The proxy takes a redirect for a fault.
ASKED_BY_THE_PROXY = {"may_upload"}
# allauth's names of the pages that show, add or remove a factor begin so.
FACTOR_PAGES = "mfa_"
# By a browser or by anything between: what a person reads is theirs.
NEVER_KEPT = "max-age=0, no-cache, no-store, must-revalidate, private"


def lead_to(request: HttpRequest, address: str, sentence: str) -> HttpResponse:
    """Send a person on in the way their browser asked: a page that was meant for the whole window fills no fragment."""
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    if request.headers.get("Sec-Fetch-Dest") == "empty":
        return JsonResponse({"error": sentence}, status=401)
    return redirect(address)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, with answers that a script can use: a sign-in page is never swapped into a fragment, and what was typed
    into a form is shown before it."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if request.htmx or request.headers.get("Sec-Fetch-Dest") == "empty":
            page = (request.htmx.current_url_abs_path if request.htmx else None) or "/"
            login = redirect_to_login(page, self.get_login_url(view_func))
            return lead_to(request, login.url, gettext("You are signed out. Sign in and this will be sent again."))
        if typed := errors.typed_words(request):
            return errors.signed_out(request, typed, self.get_login_url(view_func))
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Asks this session for a second factor: of staff on every page (in production), of everybody who has one where
    the factors themselves are shown or changed (docs/adr/0013)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        name = request.resolver_match.view_name
        # Named first: whether the site is alive is answered without a database.
        if name in OPEN_PAGES or name in PAGES_THAT_ASK or not request.user.is_authenticated:
            return None
        required = settings.REQUIRE_STAFF_SECOND_FACTOR and request.user.looks_after_others
        if not required and not name.startswith(FACTOR_PAGES):
            return None
        factor = second_factor.status(request)
        if factor.shown:
            return None
        if name in ASKED_BY_THE_PROXY:
            return HttpResponse(status=403)
        if factor.needed:
            return self._ask(request)
        if not required or name in PAGES_THAT_SET_UP:
            return None
        sentence = gettext("This account can see or change other people’s work. Add a second step before you continue.")
        messages.info(request, sentence)
        return lead_to(request, reverse("mfa_index"), sentence)

    def _ask(self, request: HttpRequest) -> HttpResponse:
        page = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
        address = get_adapter(request).get_reauthentication_methods(request.user)[0]["url"]
        if request.htmx or request.method in ("GET", "HEAD"):
            address = f"{address}?{urlencode({'next': page or '/'})}"
        return lead_to(request, address, gettext("Confirm your second step first. Then this will be sent again."))


class ReaderMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        # The account itself, and no longer something that looks for it: a page asks it fifty things.
        request.user = get_user(request)
        sessions.record_use(request.session.session_key, timezone.now().date())
        with timezone.override(request.user.timezone), translation.override(request.user.language):
            response = self.get_response(request)
        response.setdefault("Cache-Control", NEVER_KEPT)
        return response
