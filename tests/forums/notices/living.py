"""What forums told whom, as they read it."""

from django.core import mail
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from forums.services import following, news
from notifications.models import Event, Notice
from notifications.services import letters
from tests.cast import Cast

# A little longer than a burst takes to settle.
SOON = {"minutes": 4}
EVERYBODY = ("student", "other_student", "elsewhere_student", "teacher", "assistant", "observer", "elsewhere_teacher")


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
    [words] = letters.in_words(told(person)[-1:])
    return words.text


def why_not(person: User, kind: str) -> list[str]:
    return list(Notice.objects.filter(person=person, kind=kind, state="skipped").values_list("reason", flat=True))


def follow(cast: Cast, person: User, choice: str = following.FOLLOW, **what: object) -> None:
    following.choose(person, cast.cohort, choice, **what)


def everything_about(person: User, client: Client) -> str:
    """All that notices hold and show: values, ids, inbox, mails, and what an operator sees."""
    rows = Notice.objects.filter(person=person, kind__in=news.ALL)
    found = [repr(list(rows.values())), repr(list(Event.objects.filter(kind__in=news.ALL).values("values", "actor")))]
    client.force_login(person)
    found.append(client.get("/inbox/").content.decode())
    found += [one.body + one.alternatives[0].content for one in mail.outbox if one.to == [person.email]]
    mine = list(rows)
    found.append(
        repr(
            letters.in_words(mine)
            + letters.in_words(mine, letters.Form.IN_FULL)
            + letters.in_words(mine, letters.Form.IN_DIGEST)
        )
    )
    return "\n".join(found)
