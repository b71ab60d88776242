"""What the people of the demo would have been told in the past fortnight, had the demo been there."""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import OutgoingMail
from accounts.services.letters import NotWanted
from notifications.models import Notice
from notifications.services import letters, mailing, planning, reading, telling

DAYS, STEP = timedelta(days=14), timedelta(hours=4)
READ_BEFORE = timedelta(days=3)


def write(now: datetime) -> None:
    """Plan, tell and mail as the worker would have at the time, a few times a day."""
    # Four hours after midnight in UTC, and so on: five o'clock in most of Europe is among them.
    at = (now - DAYS).replace(hour=0, minute=5, second=0, microsecond=0)
    while at < now:
        planning.plan(at)
        while telling.tell_some(at) or mailing.mail_some(at):
            pass
        for mail in OutgoingMail.objects.filter(kind=mailing.MAIL, sent_at=None, failed_at=None):
            _send(mail, at)
        at += STEP
    old = Notice.objects.filter(state="told", in_inbox=True, read_at=None, settled_at__lt=now - READ_BEFORE)
    people = list(old.values_list("person", flat=True))
    old.update(read_at=timezone.now())
    reading.fewer_unread(people)


def _send(mail: OutgoingMail, at: datetime) -> None:
    try:
        letters.letter(mail, at).send()
    except NotWanted as reason:
        mail.failed_at, mail.last_error = at, str(reason)
    else:
        mail.sent_at = at
        letters.sent(mail)
    mail.save(update_fields=["sent_at", "failed_at", "last_error"])
