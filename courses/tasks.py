import time

from celery import shared_task

from courses.services import import_runs, lectures, passages, texts

# Below the broker's visibility timeout of 900 s, above which a task would be handed out twice.
LONGEST_SECONDS = 800
# Then the next turn goes on, and other jobs of this worker come in between.
RENEWING_SECONDS = 120


@shared_task(time_limit=LONGEST_SECONDS)
def run_waiting_imports() -> None:
    """Works off every waiting import. Woken by an upload, and once a minute for those whose wake-up was lost."""
    while run := import_runs.claim_next():
        import_runs.run_uploaded(run)


@shared_task(time_limit=LONGEST_SECONDS)
def prepare_recordings() -> None:
    """Makes pictures and sounds of new recordings. Woken by an upload, and once a minute for lost wake-ups."""
    while recording := lectures.claim_unprepared():
        lectures.prepare(recording)


@shared_task(time_limit=LONGEST_SECONDS)
def renew_readings() -> None:
    """Render texts of an older cleaner and passages of an older cutter again. Each is tried once."""
    until = time.monotonic() + RENEWING_SECONDS
    while (texts.renew_some() or passages.renew_some()) and time.monotonic() < until:
        pass
