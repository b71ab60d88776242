"""A signed-in session of somebody who teaches, with the second step that production asks of them."""

import time
from importlib import import_module

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from accounts.models import User


def session(username: str) -> str:
    """The key of a session that begins now."""
    person = User.objects.get(username=username)
    factor, _ = Authenticator.objects.get_or_create(user=person, type=Authenticator.Type.TOTP, defaults={"data": {}})
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "mfa", "type": factor.type, "id": factor.pk, "at": time.time()}
    ]
    store[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
    store.create()
    return str(store.session_key)
