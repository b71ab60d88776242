"""From inboxes into mails: what is ready for one person at one time goes together, and no more than three a day."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import OutgoingMail
from accounts.services import outgoing
from notifications.kinds import KINDS, Cadence, Rank, Reason
from notifications.models import Notice
from notifications.services import digests, hours
from notifications.services.hours import Hours

MAIL = "notices"
AT_A_TIME = 500
A_DAY = 3
# Words that are older than this are read in the inbox.
LASTS = timedelta(days=1)


@transaction.atomic
def mail_some(now: datetime) -> int:
    """Make mails of the told notices that are to be mailed by now; how many notices that settled."""
    ready = Notice.objects.to_mail(now).order_by("mail_after", "pk")
    people = list(dict.fromkeys(ready.values_list("person", flat=True)[:AT_A_TIME]))
    if not people:
        return 0
    # All of these people's, so that none of what belongs together stays behind.
    notices = list(ready.filter(person__in=people).select_for_update(skip_locked=True))
    clocks = hours.of(people, now)
    sent = _mailed_today(clocks)
    of_person = defaultdict(list)
    for notice in notices:
        of_person[notice.person_id].append(notice)
    mails: dict[int, list[list[Notice]]] = {}
    for person, some in of_person.items():
        clock = clocks[person]
        if clock.decent > now:
            _put_off(some, clock.decent)
            continue
        parcels = _parcels(some)
        mails[person] = parcels[: max(A_DAY - sent[person], 0)]
        _leave_for_digest([notice for parcel in parcels[len(mails[person]) :] for notice in parcel])
    _post(mails, now)
    return len(notices)


def _mailed_today(clocks: dict[int, Hours]) -> dict[int, int]:
    """How many of our mails each reader was sent on their own calendar day."""
    since = min(clock.day_began for clock in clocks.values())
    recent = OutgoingMail.objects.filter(person__in=clocks, kind=MAIL, created_at__gte=since, failed_at=None)
    counts = dict.fromkeys(clocks, 0)
    for person, created in recent.values_list("person", "created_at"):
        counts[person] += created >= clocks[person].day_began
    return counts


def _parcels(notices: Sequence[Notice]) -> list[list[Notice]]:
    """What goes in one mail, the most important mail first."""
    together = [notice for notice in notices if KINDS[notice.kind].may_be_bundled]
    parcels = [[notice] for notice in notices if not KINDS[notice.kind].may_be_bundled]
    if together:
        parcels.append(sorted(together, key=_rank))
    return sorted(parcels, key=lambda parcel: _rank(parcel[0]))


def _rank(notice: Notice) -> tuple[Rank, datetime, int]:
    return KINDS[notice.kind].rank, notice.not_before, notice.pk


def _put_off(notices: Sequence[Notice], until: datetime) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail_after=until)


def _leave_for_digest(notices: Sequence[Notice]) -> None:
    """What does not fit into a day stays in the inbox, and goes into the next digest; so does what a digest held."""
    if not notices:
        return
    left = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
    of_digests = [name for name, kind in KINDS.items() if kind.takes_along]
    left.exclude(kind__in=of_digests).update(mail_by=Cadence.DAILY, mail_reason=Reason.TOO_MANY)
    left.filter(kind__in=of_digests).update(mail_by="", mail_reason=Reason.TOO_MANY)


def _post(mails: dict[int, list[list[Notice]]], now: datetime) -> None:
    """A row for each mail. The n-th mails of all people are made together."""
    for number in range(max(map(len, mails.values()), default=0)):
        parcels = {person: some[number] for person, some in mails.items() if len(some) > number}
        rows = outgoing.queue(MAIL, sorted(parcels), lasts=LASTS, now=now)
        changed = []
        for person, parcel in parcels.items():
            for notice in parcel:
                notice.mail = rows[person]
                changed.append(notice)
        Notice.objects.bulk_update(changed, ["mail"], batch_size=500)
        digests.take_along((one, rows[one.person_id]) for one in changed if KINDS[one.kind].takes_along)
