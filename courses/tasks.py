import time
from contextlib import AbstractContextManager

from celery import shared_task
from django.conf import settings

from common.turns import turn
from courses.services import (
    announcements,
    calendars,
    erasing,
    import_reports,
    import_runs,
    kept,
    lectures,
    page_words,
    passages,
    texts,
)
from notifications.services import revising

# Below the broker's visibility timeout of 900 s, above which a task would be handed out twice.
LONGEST_SECONDS = 800
# Then the next turn goes on, and other jobs of this worker come in between.
BREAK_AFTER_SECONDS = 120


@shared_task(time_limit=LONGEST_SECONDS)
def do_media_jobs() -> None:
    """Work off imports and new recordings. Woken by an upload, and once a minute for those whose wake-up was lost."""
    until = time.monotonic() + BREAK_AFTER_SECONDS
    with _turn() as mine:
        while mine and _do_one() and time.monotonic() < until:
            pass


@shared_task(time_limit=LONGEST_SECONDS)
def renew_readings() -> None:
    """Render texts and announcements of an older cleaner and passages of an older cutter again, and let search find
    what was stored before it looked for such words. Each is tried once.

    What packages held of a kind that has come since is made first: texts that link to it are rendered again then.
    """
    until = time.monotonic() + BREAK_AFTER_SECONDS
    with _turn() as mine:
        while mine and _renew_some() and time.monotonic() < until:
            pass


@shared_task(time_limit=LONGEST_SECONDS)
def erase_what_was_deleted() -> int:
    """Erases what was deleted 30 days ago, a batch at a time; what is left over waits for the next night."""
    until, erased = time.monotonic() + BREAK_AFTER_SECONDS, 0
    while some := erasing.erase_expired(until):
        erased += some
    revising.forget_the_erased()
    return erased


@shared_task(time_limit=LONGEST_SECONDS)
def fill_calendars() -> int:
    """Adds the holidays of another year, and what a newer release of their package knows better."""
    return calendars.fill_lacking(time.monotonic() + BREAK_AFTER_SECONDS)


def _renew_some() -> int:
    return (
        import_reports.keep_one_of_before()
        or kept.convert_some()
        or texts.renew_some()
        or page_words.index_some()
        or passages.renew_some()
        or announcements.renew_some()
    )


def _turn() -> AbstractContextManager[bool]:
    return turn("media", settings.MEDIA_JOBS_AT_ONCE)


def _do_one() -> bool:
    """Imports first, because somebody waits for their report."""
    if run := import_runs.claim_next():
        import_runs.run_uploaded(run)
        return True
    if recording := lectures.claim_unprepared():
        lectures.prepare(recording)
        return True
    return False
