from celery import shared_task

from common import pulse


@shared_task
def heartbeat() -> None:
    """Says that a worker fetched and ran a task. The scheduler says the same of itself (common.beat)."""
    pulse.beat(pulse.WORKER)
