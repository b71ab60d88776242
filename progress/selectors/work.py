"""What students did in a course, counted before somebody deletes it."""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from courses.kinds import Who
from courses.work import Held, Where
from progress.models import Completion, Note, Waiting, Watch


def held(where: Where) -> Iterator[Held]:
    """Ticks, notes, lectures begun, and what waits for somebody: a query each."""
    yield _counted(Completion.objects.standing().filter(**where), lambda n: ngettext("%d tick", "%d ticks", n))
    yield _counted(Note.objects.kept().filter(**where), lambda n: ngettext("%d note", "%d notes", n))
    yield _counted(Watch.objects.filter(**where), lambda n: ngettext("%d lecture started", "%d lectures started", n))
    yield _counted(
        Waiting.objects.filter(**where, ended_at=None, waits_for=Who.TEACHER),
        lambda n: ngettext("%d piece of work with a teacher", "%d pieces of work with a teacher", n),
    )


def _counted(rows: QuerySet[Any], words: Callable[[int], str]) -> Held:
    found = rows.aggregate(n=Count("pk"), people=ArrayAgg("enrolment__user", distinct=True, default=[]))
    return Held(words(found["n"]) % found["n"], frozenset(found["people"]))
