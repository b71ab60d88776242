"""A rehearsed term as lines of text: day by day, each person's by their own clock."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext

from accounts.models import User
from common.dates import local
from common.templatetags.ui import zone_city
from dashboards.pages.reasons import in_words
from dashboards.services.rehearsal import Diary, Entry, What

LABELS = {
    What.MAIL: "email",
    What.INBOX: "inbox",
    What.SKIPPED: "not sent",
    What.HELD_OUT: "held out",
    What.NOT_MAILED: "no email",
}
WIDTH = max(map(len, LABELS.values()))


def lines(diary: Diary, *, only: str = "", with_text: bool = False) -> Iterator[str]:
    """`only` is a username. `with_text` adds what each mail says."""
    found = [(one, diary.people[one.person]) for one in diary.entries if one.person in diary.people]
    told = [(one, person) for one, person in found if only in ("", person.username)]
    told.sort(key=lambda pair: (_day(*pair), str(pair[1]), pair[1].pk, pair[0].at))
    for day, of_day in groupby(told, key=lambda pair: _day(*pair)):
        yield ""
        yield date_format(day, "l j F Y")
        for _pk, of_person in groupby(of_day, key=lambda pair: pair[1].pk):
            yield from _person(list(of_person), with_text=with_text)
    yield ""
    yield from _sums(told)


def _day(one: Entry, person: User) -> date:
    return local(one.at, person.timezone).date()


def _person(told: list[tuple[Entry, User]], *, with_text: bool) -> Iterator[str]:
    person = told[0][1]
    yield f"  {person} ({zone_city(person.timezone)})"
    for one, _person in told:
        why = f" ({in_words(one.reason)})" if one.reason else ""
        yield f"    {local(one.at, person.timezone):%H:%M}  {LABELS[one.what]:{WIDTH}}  {one.title}{why}"
        if with_text:
            yield from (f"           | {line}" for line in one.text.splitlines())


def _sums(told: list[tuple[Entry, User]]) -> Iterator[str]:
    mails = [(one, person) for one, person in told if one.what is What.MAIL]
    of_person = Counter(person.pk for _one, person in mails)
    a_day = Counter((person.pk, _day(one, person)) for one, person in mails)
    a_week = Counter((person.pk, *_day(one, person).isocalendar()[:2]) for one, person in mails)
    yield gettext("Emails in all: %(n)d. Of one person: %(most)d; on one day: %(day)d; in one week: %(week)d.") % {
        "n": len(mails),
        "most": max(of_person.values(), default=0),
        "day": max(a_day.values(), default=0),
        "week": max(a_week.values(), default=0),
    }
    for kind, whats in sorted(_by_kind(told).items()):
        yield f"  {kind}: " + ", ".join(f"{count} {LABELS[what]}" for what, count in sorted(whats.items()))


def _by_kind(told: list[tuple[Entry, User]]) -> dict[str, Counter[What]]:
    kinds: dict[str, Counter[What]] = {}
    for one, _person in told:
        kinds.setdefault(one.kind, Counter())[one.what] += 1
    return kinds
