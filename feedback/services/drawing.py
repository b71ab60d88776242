"""Pages of what students brought, drawn by a worker (`files.documents`). What a worker had that died is taken again
after its lease; until a page of it is there for good, none is."""

import logging
import time
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from common.claims import Claims
from feedback.models import PageImage, WorkFile
from files import documents
from files import services as files
from files.models import File

logger = logging.getLogger(__name__)
# Longer than any drawing may take, and after two workers that died of it a third is not sent.
CLAIMS = Claims(lease=timedelta(seconds=documents.LONGEST_SECONDS * 2 + 60), most_attempts=3)
LONGEST_TURN = 120
KIND: dict[str, str] = {WorkFile.Shape.PAGES: documents.PAGES, WorkFile.Shape.IMAGE: documents.PICTURE}


def draw_some(until: float | None = None) -> int:
    """Draw what waits, one after the other, until the clock of `time.monotonic` shows `until`; how many."""
    until = time.monotonic() + LONGEST_TURN if until is None else until
    done = 0
    while time.monotonic() < until and (found := claim()):
        draw(found)
        done += 1
    give_up()
    return done


def claim() -> WorkFile | None:
    waiting = WorkFile.objects.filter(state=WorkFile.State.WAITING)
    return next(iter(CLAIMS.take(waiting)), None)


def draw(found: WorkFile) -> None:
    """It ends as ready or failed; where its claim was lost meanwhile, as whoever has it says."""
    brought = File.objects.filter(pk=found.pk).first()
    if brought is None:
        # Thrown away by who brought it.
        return
    try:
        with files.stored(brought) as stream, documents.drawn(stream, KIND[found.shape]) as made:
            _keep(found, made)
    except (documents.Undrawable, OSError) as fault:
        logger.info("The file %s of work cannot be drawn: %r", found.pk, fault)
        CLAIMS.held([found]).update(state=WorkFile.State.FAILED, lease_until=None)


@transaction.atomic
def _keep(found: WorkFile, made: documents.Drawing) -> None:
    held = CLAIMS.held([found]).select_for_update().first()
    if held is None:
        return
    for number, page in enumerate(made.pages, 1):
        with page.path.open("rb") as stream:
            stored = files.store(stream, f"{number}.webp", by=None, claimed=True, content_type=documents.CONTENT_TYPE)
        PageImage.objects.create(work_file=held, number=number, file=stored, width=page.width, height=page.height)
    WorkFile.objects.filter(pk=held.pk).update(state=WorkFile.State.READY, lease_until=None, pages_in_all=made.in_all)


def give_up() -> int:
    """What took its worker along each time is downloaded only."""
    spent = WorkFile.objects.filter(state=WorkFile.State.WAITING, attempts__gte=CLAIMS.most_attempts)
    return spent.exclude(lease_until__gt=timezone.now()).update(state=WorkFile.State.FAILED, lease_until=None)
