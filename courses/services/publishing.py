"""Showing a whole course or module to students at once, and taking that back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from courses.models import Activity, Course, Module
from courses.querysets import ActivityQuerySet, shown
from courses.services import news

Ranges = list[list[int]]


@dataclass(frozen=True)
class Published:
    """What changed, as plain data: keys as ranges, since imported rows have them in a row."""

    at: str
    lessons: int
    modules: Ranges
    shown: Ranges
    held_back: Ranges

    @property
    def values(self) -> dict[str, Any]:
        return {"at": self.at, "modules": self.modules, "shown": self.shown, "held_back": self.held_back}


def publish(course: Course, module: Module | None = None) -> Published:
    """Show what is hidden, but for what is for instructors and what is empty."""
    now = timezone.now()
    modules = [module] if module else list(Module.objects.filter(course=course))
    with transaction.atomic():
        done = show(Activity.objects.filter(module__in=modules), modules)
        if done.lessons:
            news.content_changed(course, since=now)
    return done


@transaction.atomic
def show(activities: ActivityQuerySet, modules: Iterable[Module]) -> Published:
    """Show those of `activities` that can be, and those hidden of `modules` that hold one of them. They are new."""
    # Two clicks at once: the second finds nothing to do.
    hidden = {
        module.pk
        for module in Module.objects.select_for_update(no_key=True)
        .filter(pk__in=[one.pk for one in modules], published=False)
        .order_by("pk")
    }
    waiting = activities.exclude(shown()).order_by("pk")
    found = list(waiting.publishable().values_list("pk", "module", "published"))
    opened = {one for _, one, _ in found} & hidden
    # An answer key in a hidden module would otherwise come out with it.
    held_back = list(
        Activity.objects.filter(module__in=opened, published=True)
        .exclude(pk__in=[key for key, *_ in found])
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    now = timezone.now()
    Activity.objects.filter(pk__in=held_back).update(published=False)
    Activity.objects.filter(pk__in=[key for key, *_ in found]).update(published=True, published_at=now)
    Module.objects.filter(pk__in=opened).update(published=True)
    switched = [key for key, _, published in found if not published]
    return Published(now.isoformat(), len(found), _ranges(sorted(opened)), _ranges(switched), _ranges(held_back))


@transaction.atomic
def take_back(course: Course, at: datetime | str, modules: Ranges, shown: Ranges, held_back: Ranges) -> int:
    """Hide again what was shown at that moment and is as it was; how many lessons."""
    moment = parse_datetime(at) if isinstance(at, str) else at
    mine = Activity.objects.filter(module__course=course)
    Module.objects.filter(_within(modules), course=course).update(published=False)
    mine.filter(_within(held_back)).update(published=True, published_at=moment)
    return mine.filter(_within(shown), published_at=moment).update(published=False)


def _ranges(keys: Iterable[int]) -> Ranges:
    found: Ranges = []
    for key in keys:
        if found and found[-1][0] + found[-1][1] == key:
            found[-1][1] += 1
        else:
            found.append([key, 1])
    return found


def _within(ranges: Ranges) -> Q:
    """A thousand keys in a row are one comparison, and not a thousand for each row."""
    spans = [Q(pk__range=(first, first + count - 1)) for first, count in ranges]
    return Q(*spans, _connector=Q.OR) if spans else Q(pk=None)
