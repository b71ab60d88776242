"""The suite: real Postgres and Redis from the environment, cheap password hashes, no other difference."""

import os
import tempfile

from config.settings.base import *
from config.settings.base import DATABASES, STORAGES, TEMPLATES, VAR_DIR

SECRET_KEY = "for-tests-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
PUBLIC_ORIGIN = "http://testserver"
DEMO_ALLOWED = True
# Passkeys over plain HTTP, which browsers allow on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
# Two runs of the suite beside each other do not meet.
DATABASES["default"]["TEST"] = {"NAME": f"test_ownpace_{os.getpid()}"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_FILE_PATH = VAR_DIR / "test" / "mail"
MEDIA_ROOT = tempfile.mkdtemp(prefix="ownpace-media-")
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}


class UnknownVariable(Exception):
    """A template names what nobody gave it; only `{% if %}` and `{% for %}` may ask for what is not there."""


class _Strict(str):
    """Django puts the name of the variable into what holds "%s"; here that ends the page."""

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        if str(name).startswith("authenticators."):  # allauth's own page of second factors asks for what may be missing
            return ""
        raise UnknownVariable(str(name))


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = _Strict("unknown variable")

# Never made: what was collected for `make run` is older than what is tested.
STATIC_ROOT = VAR_DIR / "test" / "static"
WHITENOISE_USE_FINDERS = True
# Otherwise every client of the suite looks through all static files first.
WHITENOISE_AUTOREFRESH = True
