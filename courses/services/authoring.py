import hashlib
import json
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.kinds import KINDS
from courses.models import Activity, Course, CourseEditor, Module
from courses.services import news, passages, texts
from courses.services.cohorts import find_people
from drafts import services as drafts
from drafts.fields import Content, Stamp

# What people write of an activity, besides what its kind keeps.
WRITTEN = ("title", "heading", "module_id", "minutes_by_hand", "required", "published", "for_instructors", "rule")


class ChangedMeanwhile(Exception):
    """Somebody else has saved it since this form was opened; its text is a sentence."""


def next_position(siblings: models.Manager[Any]) -> int:
    last = siblings.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


@transaction.atomic
def add_module(course: Course, module: Module) -> Module:
    Course.objects.select_for_update().get(pk=course.pk)
    module.course, module.position = course, next_position(course.modules)
    module.save()
    return module


@transaction.atomic
def save_course(course: Course) -> Course:
    spoken = Course.objects.filter(pk=course.pk).values_list("language", flat=True).first()
    course.save()
    if spoken not in (None, course.language):
        passages.index_again(course)
    return course


@transaction.atomic
def save_module(module: Module) -> Module:
    """Store a module. What is in a hidden one is first seen when it is shown: new, and nobody is behind with it."""
    hidden = Module.objects.filter(pk=module.pk, published=False).exists()
    module.save()
    if hidden and module.published:
        now = timezone.now()
        module.activities.shown().update(published_at=now)
        news.content_changed(module.course_id, since=now)
    return module


@transaction.atomic
def save_activity(
    activity: Activity, content: dict[str, Any], *, look_again: bool = False, into: Module | None = None
) -> Activity:
    """Store an activity and what its kind keeps of it. A new one goes to the end of its module, one that is moved to
    the end of `into`.

    One that was optional and is now required is new to students who had finished without it.
    """
    if activity.pk is None:
        Module.objects.select_for_update().get(pk=activity.module_id)
        activity.position = next_position(activity.module.activities)
    comes_out = False
    if into and into.pk != activity.module_id:
        comes_out = into.published and not activity.module.published
        _go(activity, into)
    was_optional = Activity.objects.filter(pk=activity.pk, required=False).exists()
    now = timezone.now()
    is_new = activity.published and (activity.published_at is None or comes_out or (was_optional and activity.required))
    if is_new:
        activity.published_at = now
    if look_again:
        activity.ask_to_look_again()
    activity.save()
    texts.index_title(activity)
    KINDS[activity.kind].save(activity, content)
    if (is_new or look_again) and activity.published and activity.module.published:
        news.content_changed(activity.module.course_id, since=now)
    return activity


def _go(activity: Activity, into: Module, at: int | None = None) -> None:
    """To be saved by whoever calls. At `at` all others make room; else it is the last."""
    # In one order, whoever moves which way.
    list(Module.objects.select_for_update().filter(pk__in=[activity.module_id, into.pk]).order_by("pk"))
    if at is not None:
        into.activities.filter(position__gte=at).update(position=models.F("position") + 1)
    activity.position = next_position(into.activities) if at is None else at
    activity.module = into


@transaction.atomic
def put_back(activity: Activity, module: Module, position: int) -> None:
    """Into the module and to the place that it had before it was moved."""
    _go(activity, module, position)
    activity.save(update_fields=["module", "position"])


def place_of(activity: Activity) -> str:
    """Where its form keeps what is typed (`drafts`)."""
    if activity.pk is None:
        return f"courses/modules/{activity.module_id}/{activity.kind}"
    return f"courses/activities/{activity.pk}"


def version_of(activity: Activity) -> str:
    """What a form shows of it, in short: another one when somebody has saved something else."""
    if activity.pk is None:
        return ""
    written = {name: getattr(activity, name) for name in WRITTEN}
    written |= {"minutes": activity.minutes if activity.minutes_by_hand else None}
    shown = json.dumps([written, KINDS[activity.kind].initial(activity)], sort_keys=True, default=str)
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


@transaction.atomic
def save_typed(
    activity: Activity,
    content: dict[str, Any],
    *,
    by: User,
    stamp: Stamp,
    typed: Content,
    look_again: bool = False,
    into: Module | None = None,
) -> None:
    """As `save_activity`, from a form that kept what was typed. Sent again it changes nothing.

    Raises ChangedMeanwhile where it was opened over another state than the one that is stored.
    """
    place = place_of(activity)
    if not drafts.sent(by, place, stamp, typed):
        return
    if activity.pk is not None and stamp.base:
        stored = Activity.objects.select_for_update().filter(pk=activity.pk).first()
        if stored and version_of(stored) != stamp.base:
            raise ChangedMeanwhile(
                gettext(
                    "Someone has changed this activity since you opened it. Your version is below and is not saved "
                    "yet. Look at the lesson as it is now, then save yours only if it should take its place."
                )
            )
    save_activity(activity, content, look_again=look_again, into=into)


def add_editor(course: Course, name: str) -> CourseEditor | None:
    """Make the person with that username or address an editor of the course; None when there is no such account."""
    named = find_people(name)
    user = named[0].user if named else None
    return CourseEditor.objects.get_or_create(course=course, user=user)[0] if user else None


def remove_editors(course: Course, editors: list[int]) -> None:
    """`editors` are keys of CourseEditor; those of other courses are left alone."""
    course.editors.filter(pk__in=editors).delete()


@transaction.atomic
def move(row: Module | Activity, *, by: int) -> bool:
    """Change places with the neighbour before (`by=-1`) or after (`by=1`); at the end nothing happens.

    Whether there is one more to pass on that way.
    """
    siblings = row.course.modules if isinstance(row, Module) else row.module.activities
    # Locked in an order that never changes, and sorted after: while a row is waited for, its position may.
    ordered = sorted(siblings.select_for_update().order_by("pk"), key=lambda sibling: sibling.position)
    here = next(index for index, sibling in enumerate(ordered) if sibling.pk == row.pk)
    there = here + by
    if not 0 <= there < len(ordered):
        return False
    one, other = ordered[here], ordered[there]
    one.position, other.position = other.position, one.position
    one.save(update_fields=["position"])
    other.save(update_fields=["position"])
    return 0 <= there + by < len(ordered)
