"""What happens to a notice once it lies in an inbox: it is read, or taken back."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from common.literals import Literal
from notifications.models import Mailbox, Notice
from notifications.querysets import gone

AT_A_TIME = 2_000
# In order of person, as everything that counts (services/telling.py).
FEWER = """
WITH fewer AS (SELECT * FROM unnest(%(people)s::bigint[], %(fewer)s::int[]) AS t(person, fewer)),
held AS MATERIALIZED (
    SELECT m.person_id FROM notifications_mailbox m JOIN fewer ON fewer.person = m.person_id
     ORDER BY m.person_id FOR UPDATE OF m
)
UPDATE notifications_mailbox m SET unread = greatest(m.unread - fewer.fewer, 0)
  FROM fewer, held WHERE m.person_id = fewer.person AND held.person_id = m.person_id
"""


@transaction.atomic
def read(notice: Notice) -> None:
    if Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now()):
        fewer_unread([notice.person_id])


@transaction.atomic
def read_all(person: User) -> int:
    """All that lies in the inbox now; how many were unread."""
    marked = Notice.objects.inbox_of(person).unread().update(read_at=timezone.now())
    recount(person)
    return marked


def recount(person: User) -> int:
    """Put the number in the bar right, for what was hidden or deleted since it was counted."""
    unread = Notice.objects.inbox_of(person).unread().count()
    Mailbox.objects.filter(person=person).exclude(unread=unread).update(unread=unread)
    return unread


@transaction.atomic
def retract_some(now: datetime) -> int:
    """Take back unread notices of what was hidden or deleted; how many those were. Read ones are just not shown."""
    told = Notice.objects.filter(gone(), state=Literal("told"), in_inbox=True, read_at=None).order_by("pk")
    found = list(told.values_list("pk", "person")[:AT_A_TIME])
    Notice.objects.filter(pk__in=[pk for pk, _ in found]).update(state="retracted", reason="gone", settled_at=now)
    fewer_unread(person for _, person in found)
    return len(found)


def fewer_unread(people: Iterable[int]) -> None:
    fewer = Counter(people)
    if fewer:
        with connection.cursor() as cursor:
            cursor.execute(FEWER, {"people": [*fewer], "fewer": [*fewer.values()]})
