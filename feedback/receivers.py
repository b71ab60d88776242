"""What follows where something below has changed: bytes go with the work, and promises with the working days."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from accounts.selectors import come_along
from courses.models import Cohort
from courses.querysets import ACTIVE_SQL
from courses.services import calendars
from feedback.models import PageImage, PromiseMove, WorkFile
from feedback.services import answering, promises
from files import services as files
from files.models import File

# Today has no query left for them. Of everybody but who has one open this looks up a row of an index, and finds none.
WAITING = f"""
(SELECT array_agg(w.id ORDER BY w.id DESC)
   FROM feedback_asked w JOIN courses_enrolment e ON e.id = w.enrolment_id AND {ACTIVE_SQL}
  WHERE w.person_id = u.id AND w.opened_at IS NOT NULL AND w.answered_at IS NULL AND w.expires_at > now())
"""  # noqa: S608  all of it is ours
come_along(check_ins=WAITING)


@receiver(post_delete, sender=WorkFile)
@receiver(post_delete, sender=PageImage)
def file_goes_along(instance: WorkFile | PageImage, **_: Any) -> None:
    """Nothing else uses the bytes: they go after the commit, however the row went."""
    files.delete(list(File.objects.filter(pk=instance.file_id)))


@receiver(calendars.CHANGED)
def promises_move(cohorts: list[int], **_: Any) -> None:
    for cohort in Cohort.objects.filter(pk__in=cohorts).order_by("pk"):
        promises.move(cohort, PromiseMove.Why.CALENDAR)
        answering.move(cohort)
