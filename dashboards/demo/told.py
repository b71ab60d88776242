"""What the people of the demo would have been told in the past fortnight, had the demo been there."""

from datetime import datetime, time, timedelta
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.services.letters import NotWanted
from courses.models import Announcement, Cohort, Enrolment
from courses.services import announcements
from notifications.models import Notice
from notifications.services import events, letters, mailing, planning, reading, telling

DAYS, STEP = timedelta(days=14), timedelta(hours=4)
READ_BEFORE = timedelta(days=3)
# On the day before.
ANNOUNCED_AT = time(12, 0)


def write(cohort: Cohort, now: datetime) -> None:
    """Plan, tell and mail as the worker would have at the time, a few times a day."""
    written = _announcement(cohort, now)
    # Four hours after midnight in UTC, and so on: five o'clock in most of Europe is among them.
    at = (now - DAYS).replace(hour=0, minute=5, second=0, microsecond=0)
    while at < now:
        planning.plan(at)
        announcements.bring_inboxes_in_line([written.pk], at)
        events.spread_some(at)
        while telling.tell_some(at) or mailing.mail_some(at):
            pass
        for mail in OutgoingMail.objects.filter(kind=mailing.MAIL, sent_at=None, failed_at=None):
            _send(mail, at)
        at += STEP
    old = Notice.objects.filter(state="told", in_inbox=True, read_at=None, settled_at__lt=now - READ_BEFORE)
    people = list(old.values_list("person", flat=True))
    old.update(read_at=timezone.now())
    reading.fewer_unread(people)


def _announcement(cohort: Cohort, now: datetime) -> Announcement:
    heading, source = (settings.BASE_DIR / "demo" / "announcement.md").read_text("utf-8").split("\n", 1)
    wall = datetime.combine(now.astimezone(cohort.timezone).date() - timedelta(days=1), ANNOUNCED_AT)
    given = {"cohorts": [cohort], "wall": wall, "zone": cohort.timezone}
    words = announcements.Written(heading.removeprefix("# "), source.strip(), **given)
    teacher = cohort.enrolments.filter(role=Enrolment.Role.TEACHER).order_by("pk").first()
    return announcements.publish(uuid4(), words, by=teacher.user)[0]


def _send(mail: OutgoingMail, at: datetime) -> None:
    try:
        letters.letter(mail, at).send()
    except NotWanted as reason:
        mail.failed_at, mail.last_error = at, str(reason)
    else:
        mail.sent_at = at
        letters.sent(mail)
    mail.save(update_fields=["sent_at", "failed_at", "last_error"])
