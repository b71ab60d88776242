"""What people were told of work, as they read it."""

from django.core import mail
from django.utils import timezone, translation

from accounts.models import User
from feedback.services import news
from notifications.models import Notice
from notifications.services import letters

# A little longer than a burst takes to settle.
SETTLED = {"minutes": 6}


def told(person: User) -> list[Notice]:
    mine = Notice.objects.filter(person=person, state="told", kind__in=news.ALL)
    return list(mine.order_by("settled_at", "pk"))


def heard(person: User) -> list[tuple[str, str]]:
    """By which kind, and in which words."""
    mine = told(person)
    with translation.override(person.language), timezone.override(person.timezone):
        return [(one.kind, words.title) for one, words in zip(mine, letters.in_words(mine), strict=True)]


def kinds(person: User) -> list[str]:
    return [kind for kind, _ in heard(person)]


def text(person: User) -> str:
    """Of the last that was told."""
    with translation.override(person.language), timezone.override(person.timezone):
        return letters.in_words(told(person)[-1:])[0].text


def why_not(person: User, kind: str) -> list[str]:
    return list(Notice.objects.filter(person=person, kind=kind, state="skipped").values_list("reason", flat=True))


def mails(person: User) -> list[str]:
    """Whole, with their subjects."""
    return [
        "\n".join([one.subject, one.body, *(part.content for part in one.alternatives)])
        for one in mail.outbox
        if one.to == [person.email]
    ]
