"""Production's settings, over plain HTTP on the loopback: nothing else may differ, or the measurement is of nothing."""

import bench.environment  # noqa: F401  production refuses to start without it
from config.settings.prod import *  # noqa: F403  all but what follows
from config.settings.prod import BASE_DIR, STORAGES, TEMPLATES, VAR_DIR

ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "bench.urls"
TEMPLATES = [{**TEMPLATES[0], "DIRS": [*TEMPLATES[0]["DIRS"], BASE_DIR / "bench" / "templates"]}, *TEMPLATES[1:]]
STATIC_ROOT = VAR_DIR / "bench" / "static"
# From our own disk, whatever the environment says: who hands a file over has nothing to measure here.
S3_BUCKET = ACCEL_PREFIX = ""
MEDIA_ROOT = VAR_DIR / "bench" / "media"
STORAGES = {
    **STORAGES,
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
}

SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
# A browser takes the `__Host-` names only over HTTPS.
SESSION_COOKIE_NAME = "session"
CSRF_COOKIE_NAME = "csrf"
KNOWN_BROWSER_COOKIE_NAME = "known"
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "http"
