"""What packages held of kinds that came later: made into activities, at the place that the package gave them."""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from courses.kinds import KINDS
from courses.models import Activity, Course, CourseFile, Enrolment, KeptItem
from courses.packages import assignments, topics
from courses.packages.draft import ASSIGNMENT, KEPT_KIND, ItemDraft
from courses.packages.earlier import Kept, resource_of
from courses.packages.kinds import ANNOUNCEMENT, READABLE
from courses.packages.links import Linker
from courses.packages.listing import Listing
from courses.packages.rubrics import Rubric
from courses.services import imports, news, texts
from courses.services.references import CourseReferences

UPLOADS, PAGES = "web_resources/", "wiki_content/"
# What can't be read stays kept, under a kind that is tried no more.
UNREADABLE = "unknown"
logger = logging.getLogger(__name__)


@transaction.atomic
def convert_some() -> int:
    """Make what one course has kept and can be made by now; how many were looked at, each of them once."""
    waiting = KeptItem.objects.filter(
        kind__in=[kind for kind in READABLE if kind in KINDS],
        module__deleted_at=None,
        module__isnull=False,
        course__deleted_at=None,
    )
    course = (
        Course.objects.filter(pk__in=waiting.values("course"))
        .select_for_update(skip_locked=True)
        .order_by("pk")
        .first()
    )
    if course is None:
        return 0
    rows = list(waiting.filter(course=course).select_related("module").order_by("module", "position", "pk"))
    linker, rubrics = _linker(course), _rubrics(course)
    now = timezone.now()
    # Nobody asked for more to be done in a course that is under way: whoever teaches it can require what was made.
    is_studied = Enrolment.objects.active().students().filter(cohort__course=course).exists()
    made: list[tuple[KeptItem, Activity, ItemDraft]] = []
    for row in rows:
        if item := _read(row, linker, rubrics):
            item.required = item.required and not is_studied
            made.append((row, _placed(row, item, {one.pk for one, _, _ in made}), item))
    # Only now, when each has its id, can the links between them be written.
    references = CourseReferences(course)
    for row, activity, item in made:
        _receive(row, activity, item, references)
    texts.render_again(course, [row.identifier for row, _, _ in made])
    if made:
        news.content_changed(course, since=now)
    return len(rows)


def _read(row: KeptItem, linker: Linker, rubrics: dict[str, Rubric]) -> ItemDraft | None:
    kept = Kept(row.identifier, row.title, row.raw)
    try:
        if row.kind == ASSIGNMENT:
            item = assignments.read_kept(kept, linker, rubrics)
        elif topics.is_announcement(kept):
            KeptItem.objects.filter(pk=row.pk).update(kind=ANNOUNCEMENT)
            return None
        else:
            item = topics.read_kept(kept, linker)
    except Exception:
        logger.exception("What was kept as %s of course %s cannot be read", row.pk, row.course_id)
        KeptItem.objects.filter(pk=row.pk).update(kind=UNREADABLE)
        return None
    if item.kind == KEPT_KIND:
        KeptItem.objects.filter(pk=row.pk).update(kind=item.kept_kind)
        return None
    if Activity.everything.filter(module__course=row.course_id, origin=row.identifier).exists():
        row.delete()  # made by another import since, or deleted by somebody here
        return None
    return item


def _placed(row: KeptItem, item: ItemDraft, made: set[int]) -> Activity:
    """A new activity where the package has it, among those that are no longer kept."""
    kept = KeptItem.objects.filter(module=row.module_id, position__lt=row.position).exclude(pk__in=made)
    return imports.insert(row.module, item, row.position - kept.count())


def _linker(course: Course) -> Linker:
    """Finds what the archive held from what became of it: files by their path, pages by the slug of their title."""
    paths = list(CourseFile.objects.filter(course=course).values_list("path", flat=True))
    base = next((path.partition(UPLOADS)[0] for path in paths if UPLOADS in path), "")
    there = Activity.objects.filter(module__course=course).exclude(origin="")
    pages = {
        f"{base}{PAGES}{slugify(title)}.html": origin
        for origin, title in there.filter(kind="reading").order_by("-pk").values_list("origin", "title")
    }
    linker = Linker(Listing([*paths, *pages], base), lambda path: pages.get(path, path))
    linker.pages = pages
    kept = KeptItem.objects.filter(course=course).values_list("identifier", "title", "raw")
    named = [Kept(*row) for row in kept]
    linker.objects = {resource: one.identifier for one in named if (resource := resource_of(one))}
    linker.objects |= {origin: origin for origin in there.values_list("origin", flat=True)}
    linker.objects |= {one.identifier: one.identifier for one in named}
    return linker


def _rubrics(course: Course) -> dict[str, Rubric]:
    """Those of Canvas's course settings, which are kept whole with the rest."""
    found: dict[str, Rubric] = {}
    for raw in KeptItem.objects.filter(course=course, kind="unknown").values_list("raw", flat=True):
        files = raw.get("files")
        found |= assignments.rubrics_of(files) if isinstance(files, dict) else {}
    return found


def _receive(row: KeptItem, activity: Activity, item: ItemDraft, references: CourseReferences) -> None:
    try:
        with transaction.atomic():
            KINDS[item.kind].receive(activity, item, references)
    except Exception:
        logger.exception("What was kept as %s of course %s cannot be made", row.pk, row.course_id)
        activity.delete()
        KeptItem.objects.filter(pk=row.pk).update(kind=UNREADABLE)
    else:
        row.delete()
