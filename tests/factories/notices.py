from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from notifications.models import Notice
from notifications.services import telling


def notice(person: User, **values: Any) -> Notice:
    """One that lies unread in an inbox: a date that is near, unless told otherwise."""
    now = timezone.now()
    words = {"title": "Bee eyes", "course": "Bees and flowers", "module": "Nectar", "minutes": 5}
    given = {
        "kind": "due_soon",
        "subject": 1,
        "lead": 1,
        "local_day": now.date(),
        "not_before": now,
        "state": "told",
        "settled_at": now,
        "values": {**words, "due": (now + timedelta(days=1)).timestamp()},
        **values,
    }
    made = Notice.objects.create(person=person, **given)
    if made.state == "told" and made.in_inbox and not made.read_at:
        telling.count_unread([person.pk])
    return made
