"""What every environment shares, and the only place that reads the environment.

`dev`, `test` and `prod` each import this module and override; nothing overrides them.
"""

import zoneinfo
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _
from environs import Env

# The pinned tzdata package, not the system's zones: the two differ, and a date must read the same everywhere.
zoneinfo.reset_tzpath(to=())

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR_DIR = Path(env.str("OWNPACE_VAR", "") or BASE_DIR / "var")

SECRET_KEY = env.str("SECRET_KEY", "")
DATABASE_URL = env.str("DATABASE_URL", "")
REDIS_URL = env.str("REDIS_URL", "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", [])
PUBLIC_ORIGIN = env.str("PUBLIC_ORIGIN", "")
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", 0)
S3_BUCKET = env.str("S3_BUCKET", "")
S3_ENDPOINT = env.str("S3_ENDPOINT", "")
S3_REGION = env.str("S3_REGION", "")
S3_ACCESS_KEY = env.str("S3_ACCESS_KEY", "")
S3_SECRET_KEY = env.str("S3_SECRET_KEY", "")
ACCEL_PREFIX = env.str("ACCEL_PREFIX", "")
MAIL_URL = env.str("MAIL_URL", "")
MAIL_FROM = env.str("MAIL_FROM", "Ownpace <no-reply@localhost>")
# A provider with an interface of its own, and its keys, in the place of a mail server (docs/operations.md).
MAIL_PROVIDER = env.str("MAIL_PROVIDER", "")
MAIL_PROVIDER_KEYS = env.dict("MAIL_PROVIDER_KEYS", {})
MAIL_WEBHOOK_SECRET = env.str("MAIL_WEBHOOK_SECRET", "")
# Where answers to mails go; without it every mail says that nobody reads them.
MAIL_REPLY_TO = env.str("MAIL_REPLY_TO", "")
DEBUG = env.bool("OWNPACE_DEBUG", False)
# What a page may ask of Postgres in one go, and wait there for others. Workers and migrations are started with more.
STATEMENT_TIMEOUT = env.str("STATEMENT_TIMEOUT", "10s")

ROOT_URLCONF = "config.urls"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
WSGI_APPLICATION = "config.wsgi.application"
INSTALLED_APPS = [
    "dashboards.apps.DashboardsConfig",
    "feedback.apps.FeedbackConfig",
    "forums.apps.ForumsConfig",
    "progress.apps.ProgressConfig",
    "courses.apps.CoursesConfig",
    "notifications.apps.NotificationsConfig",
    "files.apps.FilesConfig",
    "drafts.apps.DraftsConfig",
    "accounts.apps.AccountsConfig",
    "common.apps.CommonConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "anymail",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "common.apps.StaticFilesConfig",
    "django.forms",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.compression.CompressionMiddleware",
    "common.policy.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.sign_in.middleware.SignedInMiddleware",
    "accounts.sign_in.middleware.SecondFactorMiddleware",
    "accounts.sign_in.middleware.ReaderMiddleware",
    # Who asks is known by now. CSRF reads the body to find its token, so nothing that reads one may come before this.
    "common.bodies.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "common.templatetags.ui",
                "common.templatetags.constants",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.site",
            ],
        },
    },
    {
        "NAME": "rows",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates" / "rows"],
        "OPTIONS": {"environment": "common.jinja.environment"},
    },
]

DATABASES = {
    "default": dj_database_url.parse(DATABASE_URL or "postgresql:///ownpace", conn_max_age=600, conn_health_checks=True)
}
DATABASES["default"]["ENGINE"] = "common.postgres"
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "connect_timeout": 5,
    # A statement is parsed and planned once in a connection's life, not at every page (docs/adr/0011).
    "server_side_binding": True,
    "prepare_threshold": 2,
    "options": " ".join(
        f"-c {name}={value}"
        for name, value in {
            "statement_timeout": STATEMENT_TIMEOUT,
            # That one ends before a commit looks for what the new rows point to, and waits for whoever holds it.
            "lock_timeout": STATEMENT_TIMEOUT,
            "idle_in_transaction_session_timeout": "30s",
            "timezone": "UTC",
            "plan_cache_mode": "force_generic_plan",
        }.items()
    ),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions, rate limits and cache live in Postgres, so that losing Redis loses no sign-in (docs/adr/0004).
SESSION_ENGINE = "accounts.sign_in.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "accounts.views.errors.csrf_failure"
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache_entries",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    # Apart, because the shared cache may throw away any row when it is full.
    "pulse": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_pulse", "TIMEOUT": None},
}

AUTH_USER_MODEL = "accounts.User"
# Sessions of earlier releases name the second; no password ever reaches it.
AUTHENTICATION_BACKENDS = [
    "accounts.sign_in.backends.OneHashBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# One alone: an account that was stored with another would answer in another time.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "email", "display_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "dashboards:home"
ACCOUNT_ADAPTER = "accounts.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
}
# Changing an address asks for the password or the second factor first.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# Whoever has chosen a password by the link they were given is in; a second factor is asked for all the same.
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
# Wrong passwords (accounts/sign_in/limits.py). `login_failed` is left to wrong codes of a second step, which allauth
# counts.
ACCOUNT_RATE_LIMITS = {
    "password_place_and_name": "5/5m/key",
    "password_place": "10/m/ip",
    "password_name": "200/h/key",
    "password_known_browser": "10/5m/key",
    # A class presses its links in one minute, from one school.
    "open_link": "120/m/ip",
}
KNOWN_BROWSER_COOKIE_NAME = "known"
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
MFA_ADAPTER = "accounts.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "add_webauthn": "accounts.forms.AddWebAuthnForm",
    "edit_webauthn": "accounts.forms.EditPasskeyForm",
    "authenticate": "accounts.forms.CodeForm",
    "reauthenticate": "accounts.forms.CodeAgainForm",
}
MFA_TOTP_ISSUER = "Ownpace"
# allauth forbids a factor beside an address that is not confirmed yet, and an address beside a factor, because of
# sites where anybody makes an account. Here an admin does, and such an address belongs to nobody.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# A code typed while its half minute ran out still counts.
MFA_TOTP_TOLERANCE = 1
REQUIRE_STAFF_SECOND_FACTOR = False
DEMO_ALLOWED = False

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = VAR_DIR / "media"
_s3 = {
    "BACKEND": "storages.backends.s3.S3Storage",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": S3_ENDPOINT or None,
        "region_name": S3_REGION or None,
        "access_key": S3_ACCESS_KEY or None,
        "secret_key": S3_SECRET_KEY or None,
        "default_acl": None,
        "file_overwrite": False,
        "querystring_auth": True,
        "querystring_expire": 300,
    },
}
STORAGES = {
    "default": _s3
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": MEDIA_ROOT}},
    "staticfiles": {"BACKEND": "common.storage.StaticStorage"},
}
# The body of a request in all, but where a view takes files (common/bodies.py), and one file there. deploy/nginx.conf
# has the same numbers.
ORDINARY_BODY_BYTES = 3 * 1024**2
UPLOAD_LIMIT_BYTES = 2 * 1024**3
# Left free by uploads, for the database's and the system's own writing.
DISK_RESERVE_BYTES = 1024**3
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 4
FILE_UPLOAD_HANDLERS = ["common.bodies.NoFiles"]
FILE_UPLOAD_PERMISSIONS = 0o640

# The bucket's own origin, where it has one: files are redirected to it.
_files_from = [SELF, S3_ENDPOINT] if S3_ENDPOINT else [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [*_files_from, "data:"],
        "media-src": _files_from,
        "connect-src": [SELF],
        "font-src": [NONE],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": _files_from,
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
# What may take minutes waits in a queue of its own, so that it delays nothing that somebody waits for.
CELERY_TASK_ROUTES = {
    "courses.tasks.do_media_jobs": {"queue": "media"},
    "courses.tasks.renew_readings": {"queue": "media"},
    "feedback.tasks.draw_work": {"queue": "media"},
}
# How many of them at a time, in all processes together. One worker of `make run` serves both queues.
MEDIA_JOBS_AT_ONCE = env.int("MEDIA_JOBS_AT_ONCE", 1)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Three times the longest task: a longer task would be delivered twice.
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "common.beat:PulsingScheduler"

# A mail server that hangs must not hold the worker for long.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = MAIL_FROM
ANYMAIL = {**MAIL_PROVIDER_KEYS, "WEBHOOK_SECRET": MAIL_WEBHOOK_SECRET, "REQUESTS_TIMEOUT": EMAIL_TIMEOUT}
# Nobody is watched while reading. The others cannot be asked by mail: there it is switched off in the account.
if MAIL_PROVIDER in {"mailersend", "mailgun", "mailjet", "mandrill", "postmark", "sparkpost", "unisender_go"}:
    ANYMAIL["SEND_DEFAULTS"] = {"track_opens": False, "track_clicks": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
