"""A server. Every secret comes from the environment; what is missing ends the start with a sentence."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.settings.base import *
from config.settings.base import (
    ALLOWED_HOSTS,
    DATABASE_URL,
    MAIL_PROVIDER,
    MAIL_URL,
    MAIL_WEBHOOK_SECRET,
    PUBLIC_ORIGIN,
    REDIS_URL,
    SECRET_KEY,
    env,
)
from config.settings.refusals import refusals, refusals_of_mail

_needed = {
    "SECRET_KEY": (SECRET_KEY, "a random string of 50 characters or more"),
    "DATABASE_URL": (DATABASE_URL, "postgresql://user:password@host/database"),
    "REDIS_URL": (REDIS_URL, "redis://host:6379/0"),
    "PUBLIC_ORIGIN": (PUBLIC_ORIGIN, "the address people type, such as https://learn.example.org"),
}
for _name, (_value, _example) in _needed.items():
    if not _value:
        raise ImproperlyConfigured(f"{_name} is not set. Set it to {_example} (docs/operations.md).")
for _refusal in (
    *refusals(
        secret_key=SECRET_KEY, database_url=DATABASE_URL, public_origin=PUBLIC_ORIGIN, allowed_hosts=ALLOWED_HOSTS
    ),
    *refusals_of_mail(provider=MAIL_PROVIDER, url=MAIL_URL, webhook_secret=MAIL_WEBHOOK_SECRET),
):
    raise ImproperlyConfigured(f"{_refusal} (docs/operations.md)")

DEBUG = False
ALLOWED_HOSTS = ALLOWED_HOSTS or [urlsplit(PUBLIC_ORIGIN).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PUBLIC_ORIGIN]
REQUIRE_STAFF_SECOND_FACTOR = True

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# The proxy's and the platform's own checks come over plain HTTP from inside.
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
KNOWN_BROWSER_COOKIE_NAME = "__Host-known"

vars().update(env.dj_email_url("MAIL_URL", "smtp://localhost:25") if MAIL_URL else {})
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"
