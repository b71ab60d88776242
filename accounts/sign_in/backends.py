"""Signing in with a password costs one hash, whether or not an account has the name."""

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest

from accounts import selectors
from accounts.models import User


class OneHashBackend(AuthenticationBackend):
    """In the place of allauth's, which tries the account of every reading of a name, and hashes for each."""

    def authenticate(self, request: HttpRequest | None, **credentials: str) -> User:
        """Raises PermissionDenied, so that no other backend is asked and hashes again."""
        password = credentials.get("password") or ""
        name = (credentials.get("username") or credentials.get("email") or "").strip().lower()
        # A username is given by an admin and goes before an address, which people choose themselves.
        found = User.objects.filter(Q(username=name) | Q(email=name))
        person = min(found, key=lambda one: one.username != name, default=None)
        if person is None:
            User().set_password(password)
        elif self._check_password(person, password):
            return person
        raise PermissionDenied

    def get_user(self, user_id: int) -> User | None:
        person = selectors.signed_in(user_id)
        return person if person and self.user_can_authenticate(person) else None
