import os

import kombu.transport.redis  # noqa: F401  loading it takes half a second, which no page is to wait for
from django.core.wsgi import get_wsgi_application
from django.urls import reverse

import config.celery  # noqa: F401  a page that wakes a worker needs the configured Celery app
from config.preloading import preload

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()
# Loads every view now, before gunicorn forks its workers.
reverse("healthz")
preload()
