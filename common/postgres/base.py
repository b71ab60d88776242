"""Django's Postgres, with connections that are looked at before a page uses them rather than asked, and whose instants
are read quickly."""

import select
import time
from datetime import UTC, datetime
from typing import Any

from django.db.backends.postgresql import base, psycopg_any

# Whatever lies between may have forgotten, and told nobody, a connection that was quiet for longer.
TRUSTED_SECONDS = 60


class InstantLoader(psycopg_any.BaseTzLoader):
    """Django's takes each instant apart by a regular expression: 8 microseconds, and a list has a hundred of them."""

    timezone = UTC

    def load(self, data: Any) -> datetime:
        try:
            return datetime.fromisoformat(str(data, "ascii"))
        except ValueError:
            # It says why.
            return super().load(data)


class DatabaseWrapper(base.DatabaseWrapper):
    looked_at = 0.0

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if self.timezone is UTC:
            params["context"].register_loader("timestamptz", InstantLoader)
        return params

    def close_if_health_check_failed(self) -> None:
        """A server that ends a connection says so on it: one on which nothing has come in needs no question.

        Django asks `SELECT 1` at the first query of every request, and each page waits for the answer.
        """
        if self.health_check_done:
            return
        before, self.looked_at = self.looked_at, time.monotonic()
        if self.looked_at - before < TRUSTED_SECONDS and self._is_silent():
            self.health_check_done = True
        else:
            super().close_if_health_check_failed()

    def _is_silent(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        arriving = select.poll()
        arriving.register(self.connection.fileno(), select.POLLIN)
        return not arriving.poll(0)
