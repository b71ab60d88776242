"""Running an import with its report: by the worker for the browser, or at once for the command line."""

import logging
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.db import connections, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import User
from common.claims import Claims
from common.enqueue import wake
from courses.kinds import KINDS
from courses.models import Course, CourseImport
from courses.packages.draft import CourseDraft, PackageError
from courses.packages.reader import read_package
from courses.services import import_reports, imports, news
from courses.services.package_words import in_words, report
from files import services as files
from files.models import File

logger = logging.getLogger(__name__)
CLAIMS = Claims(lease=timedelta(minutes=5), oldest="requested_at")
MOST_ATTEMPTS = 3
TOLD_EVERY = 10


@transaction.atomic
def request_import(upload: BinaryIO, name: str, *, by: User, publish: bool = False) -> CourseImport:
    """Keep the uploaded package and queue it; the worker is woken and claims it."""
    stored = files.store(upload, name, by=by, claimed=True)
    wake("courses.tasks.do_media_jobs")
    return CourseImport.objects.create(file_name=name[:255], upload=stored, requested_by=by, publish=publish)


def claim_next() -> CourseImport | None:
    """The oldest import that nobody works on, or whose worker died: its lease has run out."""
    # What the command line runs has no lease, and belongs to nobody else.
    unfinished = Q(state=CourseImport.State.WAITING) | Q(state=CourseImport.State.RUNNING, lease_until__isnull=False)
    claimed = CLAIMS.take(CourseImport.objects.filter(unfinished), state=CourseImport.State.RUNNING)
    return claimed[0] if claimed else None


def run_uploaded(run: CourseImport) -> None:
    """Import the package of a claimed run; the package itself is thrown away afterwards, its report stays."""
    upload = run.upload
    if upload is None:
        raise ValueError("This run has no uploaded package.")
    if run.attempts > MOST_ATTEMPTS:
        # Whatever killed the worker each time would kill the next one too.
        _finish(run, CourseImport.State.FAILED, gettext("The import stopped three times. Nothing has changed."))
        _discard(run, upload)
        return
    try:
        _execute_copy(run, upload)
    finally:
        # A worker that is stopped in between leaves the package to the next one.
        if run.finished_at:
            _discard(run, upload)


def _discard(run: CourseImport, upload: File) -> None:
    CourseImport.objects.filter(pk=run.pk).update(upload=None)
    with transaction.atomic():
        files.delete([upload])


def _execute_copy(run: CourseImport, upload: File) -> None:
    # The reader needs a file it can seek in; storage may be a bucket.
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "package"
        with upload.blob.open("rb") as source, copy.open("wb") as target:
            while block := source.read(files.CHUNK):
                target.write(block)
        execute(run, copy, into=None, by=run.requested_by)


def execute(
    run: CourseImport,
    path: Path,
    *,
    into: Course | None,
    by: User | None,
    tell: Callable[[int, int], None] = lambda done, total: None,
) -> CourseImport:
    """Read and apply one package. Always ends in state done or failed with a sentence; what failed wrote nothing."""
    draft: CourseDraft | None = None
    with _Told(run, tell) as told:
        try:
            with read_package(path, words=in_words, makes=KINDS.keys()) as package:
                draft = package.draft
                course = imports.apply(draft, package, into=into, by=by, progress=told, publish=run.publish)
        except PackageError as refusal:
            return _finish(run, CourseImport.State.FAILED, in_words(refusal.reason), draft=draft)
        except Exception:
            _finish(run, CourseImport.State.FAILED, gettext("The import stopped. Nothing has changed."), draft=draft)
            logger.exception("The import %s broke off.", run.pk)
            raise
    run.course = course
    was_here = into is not None or CourseImport.objects.filter(course=course).exclude(pk=run.pk).exists()
    sentence = gettext("The course was already here and has been updated.") if was_here else ""
    return _finish(run, CourseImport.State.DONE, f"{summary(draft)} {sentence}".strip(), draft=draft)


def summary(draft: CourseDraft) -> str:
    counts = {
        outcome: sum(line.outcome == outcome for line in draft.lines) for outcome in ("imported", "kept", "left out")
    }
    words = gettext("%(imported)d imported, %(kept)d kept for later, %(left_out)d left out.") % {
        "imported": counts["imported"],
        "kept": counts["kept"],
        "left_out": counts["left out"],
    }
    if not draft.faults:
        return words
    faults = ngettext("%(count)d problem was found.", "%(count)d problems were found.", len(draft.faults))
    return f"{words} {faults % {'count': len(draft.faults)}}"


@transaction.atomic
def _finish(run: CourseImport, state: str, sentence: str, *, draft: CourseDraft | None = None) -> CourseImport:
    run.state, run.sentence, run.finished_at, run.lease_until = state, sentence, timezone.now(), None
    told = report(draft) if draft is not None and state == CourseImport.State.DONE else None
    if told:
        run.lines, run.faults = told["lines"], told["faults"]
    run.save()
    if told:
        import_reports.keep(run, **told)
    news.import_finished(run)
    return run


class _Told:
    """Progress that others can see while the import's own transaction is still open, over a connection of its own."""

    def __init__(self, run: CourseImport, tell: Callable[[int, int], None]) -> None:
        self.run, self.tell = run, tell

    def __enter__(self) -> "_Told":
        self.connection = connections["default"].copy()
        return self

    def __call__(self, done: int, total: int) -> None:
        self.tell(done, total)
        self.run.steps_done, self.run.steps_total = done, total
        if done % TOLD_EVERY and done != total:
            return
        with self.connection.cursor() as cursor:
            cursor.execute(
                "UPDATE courses_courseimport SET steps_done = %s, steps_total = %s, lease_until = %s WHERE id = %s",
                [done, total, timezone.now() + CLAIMS.lease, self.run.pk],
            )

    def __exit__(self, *exception: object) -> None:
        self.connection.close()
