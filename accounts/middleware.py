"""What every request passes: signed in unless the view opts out, in the reader's own zone, never cached."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext

# Pages that show other people's data or change courses; the names of their URL namespaces.
STAFF_NAMESPACES = {"manage", "teach", "edit"}
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SignedInMiddleware(LoginRequiredMiddleware):
    """Django's, with answers that a script can use: a sign-in page is never swapped into a fragment."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if request.htmx:
            login = redirect_to_login(request.htmx.current_url_abs_path or "/", self.get_login_url(view_func))
            return HttpResponse(status=204, headers={"HX-Redirect": login.url})
        if request.headers.get("Sec-Fetch-Dest") == "empty":
            return JsonResponse({"error": gettext("You are signed out. Sign in, and this is sent again.")}, status=401)
        return super().handle_no_permission(request, view_func)


class SecondFactorMiddleware:
    """Under production settings, staff pages open only to an account with a second factor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not settings.REQUIRE_STAFF_SECOND_FACTOR or not request.user.is_authenticated:
            return None
        if not STAFF_NAMESPACES.intersection(request.resolver_match.namespaces):
            return None
        # Asked at every request, not kept in the session: a factor that was removed anywhere counts at once.
        if is_mfa_enabled(request.user, SECOND_FACTORS):
            return None
        messages.info(request, gettext("This account looks after other people’s work. Add a second step first."))
        return redirect("mfa_index")


class ReaderMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(request.user.timezone), translation.override(request.user.language):
            response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
            patch_cache_control(response, private=True, no_store=True)
        return response
