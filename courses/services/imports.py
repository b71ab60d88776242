"""From a draft to rows: made once, updated in place ever after, in one transaction."""

from collections.abc import Callable
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from courses.kinds import KINDS
from courses.models import Activity, Course, KeptItem, Module
from courses.packages import reasons
from courses.packages.draft import (
    EMPTY,
    FILE,
    FOR_INSTRUCTORS,
    KEPT_KIND,
    LEFT_OUT,
    CourseDraft,
    ItemDraft,
    Line,
    ModuleDraft,
)
from courses.querysets import empty
from courses.services import file_uses, news, package_files, passages, publishing, texts
from courses.services.package_files import Files, Stored
from courses.services.references import CourseReferences

LOOSE = "loose"
Progress = Callable[[int, int], None]


class Made(NamedTuple):
    """What was not there before."""

    activities: list[int]
    modules: list[Module]


def apply(
    draft: CourseDraft,
    files: Files,
    *,
    into: Course | None,
    by: User | None,
    progress: Progress,
    publish: bool = False,
) -> Course:
    """Write `draft` into the course it was imported to before, or a new one (or `into`).

    What is there already keeps its id, its ticks, and what a person set by hand: publication, minutes, the rule of the
    tick. What the package no longer holds stays as it is. Appends a line to `draft.lines` for each such item.
    With `publish` students see what is new as soon as it is there. What somebody deleted here is not brought back.
    Whatever goes wrong leaves neither rows nor bytes behind.
    """
    stored, begun = Stored(), timezone.now()
    try:
        with transaction.atomic():
            course, made = _write(draft, files, stored, into=into, by=by, progress=progress)
            if publish:
                publishing.show(Activity.objects.filter(pk__in=made.activities), made.modules)
            news.content_changed(course, since=begun)
            return course
    except BaseException:
        stored.undo()
        raise


def _write(
    draft: CourseDraft, files: Files, stored: Stored, *, into: Course | None, by: User | None, progress: Progress
) -> tuple[Course, Made]:
    with connection.cursor() as cursor:
        # A large file is copied between two statements; the import's own limit is its worker's.
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '15min'")
    course = into or Course.objects.filter(origin=_origin(draft)).first() or Course(origin=_origin(draft))
    spoken = course.language
    course.title = draft.title[:200]
    course.language = draft.language or course.language
    course.summary = draft.description or course.summary
    course.save()
    if course.language != spoken:
        passages.index_again(course)

    modules = [*draft.modules, *_loose(draft)]
    step = _counter(len(draft.files) + 2 * sum(len(module.items) for module in modules), progress)
    package_files.store(course, draft, files, stored, by=by, step=step)
    for module in modules:
        _leave_out(module, stored.damaged, draft, step)
    modules = _without_deleted(course, modules, draft, step)
    known = set(course.modules.values_list("pk", flat=True))
    placed = _place(course, modules, draft, step)
    _no_longer_kept(course, {item.identifier for _, item, _ in placed})
    # Only now, when every activity has its id, can the links between them be written.
    references = CourseReferences(course, replaced=stored.replaced)
    for activity, item, is_new in placed:
        changed = KINDS[activity.kind].receive(activity, item, references)
        if item.remark:
            for line in draft.lines:
                line.reason = item.remark if line.identifier == item.identifier else line.reason
        if changed and not is_new:
            activity.ask_to_look_again()
            activity.save(update_fields=["revision", "revised_at"])
        step()
    _report_missing(course, modules, draft)
    new = [activity.pk for activity, _, is_new in placed if is_new]
    made = Module.objects.filter(course=course).exclude(pk__in=known)
    return course, Made(new, list(made))


def _origin(draft: CourseDraft) -> str:
    # Some producers give every course they export the same identifier, so the title is part of the key.
    return f"{draft.identifier} {draft.title}"[:255]


def _loose(draft: CourseDraft) -> list[ModuleDraft]:
    """Pages that only other pages lead to; a module of their own, optional, so that those links work."""
    for item in draft.loose:
        item.required = False
    identifier = LOOSE if all(module.identifier != LOOSE for module in draft.modules) else f"{LOOSE}~"
    return [ModuleDraft(identifier, gettext("More pages"), True, draft.loose)] if draft.loose else []


def _leave_out(module: ModuleDraft, damaged: set[str], draft: CourseDraft, step: Callable[[], None]) -> None:
    lost = {item.identifier for item in module.items if item.kind == FILE and item.path in damaged}
    _drop(module, lost, reasons.FILE_IS_DAMAGED, draft, step)


def _without_deleted(
    course: Course, modules: list[ModuleDraft], draft: CourseDraft, step: Callable[[], None]
) -> list[ModuleDraft]:
    """What somebody deleted here stays away, for as long as the site remembers it."""
    deleted = {"deleted_at__isnull": False}
    there = set(course.modules.values_list("origin", flat=True))
    gone = set(Module.everything.filter(course=course, **deleted).values_list("origin", flat=True)) - there
    items = set(Activity.everything.filter(module__course=course, **deleted).values_list("origin", flat=True))
    items -= set(Activity.objects.filter(module__course=course).values_list("origin", flat=True))
    for module in modules:
        away = module.identifier in gone
        lost = {item.identifier for item in module.items if away or item.identifier in items}
        _drop(module, lost, reasons.DELETED_HERE, draft, step)
    return [module for module in modules if module.identifier not in gone]


def _drop(
    module: ModuleDraft, lost: set[str], reason: reasons.Reason, draft: CourseDraft, step: Callable[[], None]
) -> None:
    for item in module.items:
        if item.identifier in lost:
            step()
            step()
    module.items = [item for item in module.items if item.identifier not in lost]
    for line in draft.lines:
        if line.identifier in lost:
            line.outcome, line.reason = LEFT_OUT, reason


def _counter(total: int, progress: Progress) -> Callable[[], None]:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        progress(done, total)

    return step


def _place(
    course: Course, drafts: list[ModuleDraft], draft: CourseDraft, step: Callable[[], None]
) -> list[tuple[Activity, ItemDraft, bool]]:
    modules = {module.origin: module for module in course.modules.all() if module.origin}
    there = Activity.objects.filter(module__course=course)
    activities = {activity.origin: activity for activity in there.exclude(origin="")}
    blank = set(there.filter(empty()).values_list("pk", flat=True))
    untouched = [module for module in course.modules.all() if module.origin not in {d.identifier for d in drafts}]
    placed = []
    for position, wanted in enumerate(drafts):
        module = modules.get(wanted.identifier) or Module(
            course=course, origin=wanted.identifier, published=wanted.published
        )
        module.title, module.position = wanted.title[:255], position
        module.save()
        placed += _place_items(module, wanted, activities, blank, step)
        _keep(course, module, wanted, draft, step)
    for position, module in enumerate(untouched, start=len(drafts)):
        module.position = position
        module.save(update_fields=["position"])
    return placed


def _place_items(
    module: Module, wanted: ModuleDraft, known: dict[str, Activity], blank: set[int], step: Callable[[], None]
) -> list[tuple[Activity, ItemDraft, bool]]:
    placed = []
    items = [item for item in wanted.items if item.kind != KEPT_KIND]
    own = [a for a in module.activities.order_by("position") if a.origin not in {item.identifier for item in items}]
    for position, item in enumerate(items):
        activity = known.get(item.identifier)
        is_new = activity is None
        if activity is None:
            activity = _new_activity(item)
        elif activity.kind != item.kind:
            _become(activity, item.kind)
        activity.module, activity.position = module, position
        activity.title, activity.heading = item.title[:255], item.heading[:255]
        _hold_back(activity, item, is_new=is_new, was_empty=activity.pk in blank)
        activity.save()
        texts.index_title(activity)
        placed.append((activity, item, is_new))
        step()
    for position, activity in enumerate(own, start=len(items)):
        activity.position = position
        activity.save(update_fields=["position"])
    return placed


def _new_activity(item: ItemDraft) -> Activity:
    return Activity(
        origin=item.identifier,
        kind=item.kind,
        required=item.required,
        published=item.published,
        published_at=timezone.now() if item.published else None,
        rule=KINDS[item.kind].rules[0].code,
        minutes=item.minutes or None,
        minutes_by_hand=bool(item.minutes),
    )


def insert(module: Module, item: ItemDraft, place: int) -> Activity:
    """One more activity of a package, as the `place`th of its module, under the heading of the one before it."""
    if module.origin in (LOOSE, f"{LOOSE}~"):
        item.required = False
    there = list(module.activities.order_by("position"))
    activity = _new_activity(item)
    activity.module, activity.title = module, item.title[:255]
    activity.heading = there[place - 1].heading if 0 < place <= len(there) else ""
    activity.position = there[place].position if place < len(there) else len(there) and there[-1].position + 1
    _hold_back(activity, item, is_new=True, was_empty=False)
    Activity.objects.filter(module=module, position__gte=activity.position).update(position=F("position") + 1)
    activity.save()
    texts.index_title(activity)
    return activity


def _hold_back(activity: Activity, item: ItemDraft, *, is_new: bool, was_empty: bool) -> None:
    """Hide what is for instructors, also where an earlier import showed it; what is empty is nothing to do.

    Once it is marked, showing it is a person's to decide: the next import changes nothing of that.
    """
    if item.held_back == FOR_INSTRUCTORS:
        if not is_new and not activity.for_instructors:
            activity.published, activity.required = False, item.required
        activity.for_instructors = True
    elif not is_new and was_empty != (item.held_back == EMPTY):
        activity.required = item.required


def _become(activity: Activity, kind: str) -> None:
    """Another kind under the same identifier: its tick stays, and students are asked to look again."""
    rules = [rule.code for rule in KINDS[kind].rules]
    activity.kind, activity.dwell_seconds = kind, 0
    activity.rule = activity.rule if activity.rule in rules else rules[0]
    activity.ask_to_look_again()
    passages.exchange(activity, activity.passages.all(), [])
    file_uses.record(activity, [])


def _keep(course: Course, module: Module, wanted: ModuleDraft, draft: CourseDraft, step: Callable[[], None]) -> None:
    for position, item in enumerate(wanted.items):
        if item.kind != KEPT_KIND:
            continue
        values = {"module": module, "package": draft.identifier[:255], "kind": item.kept_kind}
        values |= {"title": item.title[:255], "position": position, "raw": item.raw}
        KeptItem.objects.update_or_create(course=course, identifier=item.identifier[:255], defaults=values)
        step()
        step()


def _no_longer_kept(course: Course, made: set[str]) -> None:
    """What an earlier import could only keep, and this one makes: what leads to it, by whoever it was written."""
    kept = KeptItem.objects.filter(course=course, identifier__in=made)
    if identifiers := list(kept.values_list("identifier", flat=True)):
        kept.delete()
        texts.render_again(course, identifiers)


def _report_missing(course: Course, modules: list[ModuleDraft], draft: CourseDraft) -> None:
    here = {item.identifier for module in modules for item in module.items}
    gone = Activity.objects.filter(module__course=course).exclude(origin="").exclude(origin__in=here)
    reason = reasons.NO_LONGER_THERE
    draft.lines += [Line(activity.origin, activity.title, activity.kind, "left as it is", reason) for activity in gone]
