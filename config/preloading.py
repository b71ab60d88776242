"""What each process would load at its first request or job, loaded once before the fork, so that all share it."""

from django.conf.locale.en_GB import formats  # noqa: F401  loading it is all
from django.contrib.messages.storage import fallback  # noqa: F401  loading it is all
from django.db import connection
from django.db.utils import OperationalError
from django.template.loader import get_template

from common.collector import settle

# The frame of every page, which brings both engines of templates with all their tags.
FRAME = "base.html"


def preload() -> None:
    """Call it once everything is imported, and before any fork.

    A first connection makes OpenSSL load its ciphers, 5 MB in every process; with Postgres away it is made later.
    """
    get_template(FRAME)
    try:
        connection.ensure_connection()
    except OperationalError:
        pass
    finally:
        # A connection that two processes hold would mix their answers.
        connection.close()
    settle()
