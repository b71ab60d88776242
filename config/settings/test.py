"""The suite: real Postgres and Redis from the environment, cheap password hashes, no other difference."""

import tempfile

from config.settings.base import *  # noqa: F403
from config.settings.base import CACHES, STORAGES, TEMPLATES, VAR_DIR

SECRET_KEY = "for-tests-only"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DEMO_ALLOWED = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_FILE_PATH = VAR_DIR / "test" / "mail"
MEDIA_ROOT = tempfile.mkdtemp(prefix="ownpace-media-")
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = ""
WHITENOISE_USE_FINDERS = True
