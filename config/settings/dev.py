"""`make run` and everything a developer does on their own machine."""

from config.settings.base import *
from config.settings.base import DATABASE_URL, DATABASES, PUBLIC_ORIGIN, REDIS_URL, VAR_DIR, dj_database_url
from config.supervisor.state import running_services

SECRET_KEY = "development-only-and-never-secret"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
DEMO_ALLOWED = True
# Passkeys over plain HTTP, which browsers allow on localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

# What `make run` started: a command in a second terminal finds its database, and mail its address.
services = running_services(VAR_DIR) or {}
PUBLIC_ORIGIN = PUBLIC_ORIGIN.rstrip("/") or f"http://localhost:{services.get('port', 8000)}"
if services and not DATABASE_URL:
    DATABASES["default"].update(dj_database_url.parse(services["DATABASE_URL"]))
    CELERY_BROKER_URL = REDIS_URL or services["REDIS_URL"]

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
