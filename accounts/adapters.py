from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from accounts.models import User

DEMO_DOMAIN = "@ownpace.test"


class AccountAdapter(DefaultAccountAdapter):
    """How this site differs from allauth's defaults: people are added by an admin, and demo accounts stay at home."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(self, request: HttpRequest, user: User, **kwargs: object) -> HttpResponse | None:
        # A database that once held the demo must not let its published password in on a real site.
        if not settings.DEMO_ALLOWED and (user.email or "").endswith(DEMO_DOMAIN):
            messages.error(request, gettext("Demo accounts cannot sign in on this site."))
            return redirect(settings.LOGIN_URL)
        return super().pre_login(request, user, **kwargs)
