"""The scheduler that Celery's beat runs: the standard one, which also leaves its pulse."""

import logging
import time

from celery.beat import PersistentScheduler
from django.db import DatabaseError, close_old_connections

from common import pulse

logger = logging.getLogger(__name__)
PULSE_EVERY_SECONDS = 20


class PulsingScheduler(PersistentScheduler):
    pulsed_at = float("-inf")

    def tick(self, *args: object, **kwargs: object) -> float:
        if time.monotonic() - self.pulsed_at >= PULSE_EVERY_SECONDS:
            self.pulsed_at = time.monotonic()
            self.leave_pulse()
        return min(super().tick(*args, **kwargs), PULSE_EVERY_SECONDS)

    def leave_pulse(self) -> None:
        close_old_connections()
        try:
            pulse.beat(pulse.SCHEDULER)
        except DatabaseError:
            # The database may be restarting; ticking goes on, and /readyz tells that the pulse is old.
            logger.warning("The scheduler's pulse could not be written.", exc_info=True)
