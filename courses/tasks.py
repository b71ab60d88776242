from celery import shared_task

from courses.services import import_runs


@shared_task
def run_waiting_imports() -> None:
    """Works off every waiting import. Woken by an upload, and once a minute for those whose wake-up was lost."""
    while run := import_runs.claim_next():
        import_runs.run_uploaded(run)
