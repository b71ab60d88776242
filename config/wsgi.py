import os

from django.core.wsgi import get_wsgi_application

import config.celery  # noqa: F401  a page that wakes a worker needs the configured Celery app

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()
