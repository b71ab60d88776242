import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    Func,
    IntegerField,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)
from django.utils import timezone

from accounts.models import User
from common.paging import COUNTED
from common.parts import holds
from common.rows import Select
from courses import access
from courses.access import Membership
from courses.models import (
    Activity,
    Announcement,
    CaptionTrack,
    Cohort,
    Course,
    CourseImport,
    DueDate,
    Enrolment,
    Module,
)
from courses.permissions import SEEING_DRAFTS, TEACHING, Permission, roles_with
from courses.querysets import ACTIVE_SQL, AUDIENCE_SQL, empty, shown

COUNT = IntegerField()


def _lacks_captions() -> Q:
    """A lecture that nobody can read: what its author should do next."""
    spoken = CaptionTrack.objects.captions().filter(recording__used_as_activity=OuterRef("pk"))
    return Q(kind="lecture") & ~Q(Exists(spoken))


def authoring_modules(course: Course) -> QuerySet[Module]:
    """The modules as their author sees them, drafts and kept items included: three queries.

    What could be shown is counted, and not asked for by EXISTS: Postgres would gather that of all courses once.
    """
    inside = Activity.objects.annotate(lacks_captions=_lacks_captions(), is_empty=empty()).order_by("position")
    waiting = Activity.objects.filter(module=OuterRef("pk")).exclude(shown()).publishable()
    return (
        course.modules.annotate(ready_count=_counted(waiting))
        .order_by("position")
        .prefetch_related(Prefetch("activities", inside), Prefetch("kept_items", to_attr="kept"))
    )


def _counted(rows: QuerySet[Any]) -> Func:
    """How many of `rows` belong to the row outside, counted up to COUNTED: a list of large cohorts stays quick."""
    return Func(ArraySubquery(rows.order_by().values("pk")[:COUNTED]), function="cardinality", output_field=COUNT)


def courses_overview(viewer: User, words: str = "") -> QuerySet[Course]:
    """The courses that `viewer` may write, by title; with `words`, those whose title holds them."""
    return (
        Course.objects.editable_by(viewer)
        .titled_like(words)
        .annotate(
            activity_count=_counted(Activity.objects.filter(module__course=OuterRef("pk"))),
            cohort_count=_counted(Cohort.objects.filter(course=OuterRef("pk"))),
        )
    )


def cohorts_overview(words: str = "") -> QuerySet[Cohort]:
    """All cohorts, by name; with `words`, those whose name or course holds them."""
    members = Enrolment.objects.active().filter(cohort=OuterRef("pk"))
    return (
        Cohort.objects.named_like(words)
        .select_related("course")
        .annotate(
            student_count=_counted(members.students()),
            teacher_count=_counted(members.filter(role=Enrolment.Role.TEACHER)),
        )
    )


def imports_overview(viewer: User, words: str = "") -> QuerySet[CourseImport]:
    """Imports without their reports, the latest first; with `words`, those of files whose name holds them."""
    found = CourseImport.objects.visible_to(viewer).defer("lines", "faults")
    return found.filter(file_name__icontains=words) if words else found


def dated_activities(cohort: Cohort, words: str = "") -> QuerySet[Activity]:
    """What the students of a cohort are shown, in its order; with `words`, what has them in its title."""
    return Activity.objects.filter(module__course=cohort.course_id).shown().titled_like(words).in_order()


@dataclass(frozen=True)
class DatedActivity:
    activity: Activity
    due: DueDate | None


def with_dates(cohort: Cohort, activities: Sequence[Activity]) -> list[DatedActivity]:
    due = {row.activity_id: row for row in DueDate.objects.filter(cohort=cohort, activity__in=activities)}
    return [DatedActivity(activity, due.get(activity.pk)) for activity in activities]


def due_date_of(cohort: Cohort, activity: Activity) -> DueDate | None:
    return DueDate.objects.filter(cohort=cohort, activity=activity).first()


def siblings(cohort: Cohort, words: str = "") -> QuerySet[Cohort]:
    """The other cohorts of its course, to which somebody can move, each with its `teachers`."""
    teaching = Enrolment.objects.active().filter(role=Enrolment.Role.TEACHER).select_related("user")
    found = Cohort.objects.filter(course=cohort.course_id).exclude(pk=cohort.pk)
    found = found.prefetch_related(Prefetch("enrolments", teaching, to_attr="teachers"))
    return found.filter(holds("name", words)) if words else found


@dataclass(frozen=True)
class Company:
    """Who teaches a student, and how many study beside them, whom a page of its own names.

    A teacher or assistant under 18 has the name that classmates would see.
    """

    teachers: list[str]
    assistants: list[str]
    others: int


# Who teaches in the cohort `h`, by name, and how many are taught, where `e` is taught there. Roles are written out: as
# a parameter they take Postgres longer than all the rest.
COMPANY = """
CASE WHEN e.role = 'student' THEN jsonb_build_object(
    'teaching', (SELECT jsonb_agg(jsonb_build_array(u.display_name, u.username, u.minor, o.role)
                                  ORDER BY u.display_name, u.id)
                   FROM courses_enrolment o JOIN accounts_user u ON u.id = o.user_id
                  WHERE o.cohort_id = h.id AND o.state = 'active' AND o.deleted_at IS NULL
                    AND o.role IN ({teaching}) AND u.is_active),
    'taught', (SELECT count(*)
                 FROM (SELECT FROM courses_enrolment s
                        WHERE s.cohort_id = h.id AND s.role = 'student' AND s.state = 'active' AND s.deleted_at IS NULL
                        LIMIT {counted}) AS counted)) END
""".replace("{teaching}", ", ".join(f"'{role}'" for role in TEACHING)).replace("{counted}", str(COUNTED))
# Along with the membership: a query of its own would be a tenth of the page of a course.
IN_COMPANY = Select({"c": Course, "h": Cohort, "e": Enrolment}, access.OF_COURSE, also=(COMPANY,))
# More than teach anybody.
MOST_TEACHERS = 20


def course_in_company(viewer: User, course_id: int) -> tuple[Membership, Company | None]:
    """As `access.readable_course`, with the company of somebody who studies in it."""
    if found := IN_COMPANY.first(viewer=viewer.pk, course=course_id):
        *known, company = found
        return access.member(*known), _company(json.loads(company)) if company else None
    return access.readable_course(viewer, course_id), None


def _company(told: dict[str, Any]) -> Company:
    company = Company([], [], told["taught"] - 1)
    for name, username, minor, role in (told["teaching"] or ())[:MOST_TEACHERS]:
        shown = User(display_name=name, username=username, minor=minor).peer_name
        (company.teachers if role == Enrolment.Role.TEACHER else company.assistants).append(shown)
    return company


@dataclass(frozen=True)
class Visibility:
    """How many lessons of a course students see. Of those hidden, one button shows all but the last two sorts."""

    lessons: int
    shown: int
    ready: int
    for_instructors: int
    empty: int

    @property
    def hidden(self) -> int:
        return self.lessons - self.shown


def visibility(course: Course) -> Visibility:
    """What is shown is counted alone: whether it is empty would take longer to find out than all the rest."""
    inside = Activity.objects.filter(module__course=course)
    counts = inside.aggregate(lessons=Count("pk"), seen=Count("pk", filter=shown()))
    lessons, seen = counts["lessons"], counts["seen"]
    if lessons == seen:
        return Visibility(lessons, seen, 0, 0, 0)
    hidden = inside.filter(~shown()).aggregate(
        instructors=Count("pk", filter=Q(for_instructors=True)),
        blank=Count("pk", filter=Q(for_instructors=False) & empty()),
    )
    instructors, blank = hidden["instructors"], hidden["blank"]
    return Visibility(lessons, seen, lessons - seen - instructors - blank, instructors, blank)


LATEST = ("-deleted_at", "pk")


def deleted_in(course: Course) -> tuple[QuerySet[Module], QuerySet[Activity]]:
    """What was deleted or archived by itself, the latest first: what went with a module comes back with it."""
    modules = Module.everything.filter(course=course, deleted_at__isnull=False)
    of_modules = Activity.everything.filter(module__course=course, module__deleted_at=None)
    activities = of_modules.filter(deleted_at__isnull=False).select_related("module")
    return modules.select_related("deleted_by").order_by(*LATEST), activities.select_related("deleted_by").order_by(
        *LATEST
    )


def deleted_courses(viewer: User) -> QuerySet[Course]:
    gone = Course.everything.editable_by(viewer).filter(deleted_at__isnull=False)
    return gone.select_related("deleted_by").order_by(*LATEST)


def deleted_cohorts(viewer: User) -> QuerySet[Cohort]:
    """Those of courses that are still there; of a teacher, those that were theirs."""
    gone = Cohort.everything.filter(deleted_at__isnull=False, course__deleted_at=None)
    if not viewer.is_staff:
        then = Enrolment.everything.filter(user=viewer, state=Enrolment.State.ACTIVE, cohort=OuterRef("pk"))
        mine = then.filter(role__in=roles_with(Permission.DELETE_COHORT), deleted_at=OuterRef("deleted_at"))
        gone = gone.filter(Exists(mine))
    return gone.select_related("deleted_by").order_by(*LATEST)


def deleted_people(viewer: User) -> QuerySet[User]:
    gone = User.everything.manageable_by(viewer).filter(deleted_at__isnull=False)
    return gone.select_related("deleted_by").order_by(*LATEST)


# By hand, as docs/adr/0011 allows: it was a seventh of the page of a search.
SEARCHED = Select(
    {"c": Course},
    """
  FROM courses_course c
  JOIN (SELECT course_id, bool_or(drafts) AS drafts
          FROM (SELECT h.course_id, e.role = ANY(%(seeing_drafts)s::text[]) AS drafts
                  FROM courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id
                 WHERE e.user_id = %(viewer)s AND {active}
                 UNION ALL
                SELECT course_id, true FROM courses_courseeditor WHERE user_id = %(viewer)s) place
         GROUP BY course_id) mine ON mine.course_id = c.id
 WHERE c.deleted_at IS NULL
 ORDER BY c.id
""".replace("{active}", ACTIVE_SQL),
    also=("mine.drafts",),
)


def searched_by(viewer: User) -> list[tuple[Course, bool]]:
    """What `readable_by` says of courses and of activities: the courses of `viewer`, and whether drafts are shown."""
    if viewer.is_staff:
        return [(course, True) for course in Course.objects.only("title", "language")]
    return [(course, drafts) for course, drafts in SEARCHED.all(viewer=viewer.pk, seeing_drafts=list(SEEING_DRAFTS))]


ANNOUNCEMENTS_SHOWN = 3


def announcements(viewer: User, cohort: Cohort | None = None) -> QuerySet[Announcement]:
    """What `viewer` may read, of one cohort or of all, the latest first; with those they have not read marked."""
    found = Announcement.objects.readable_by(viewer).select_related("author").defer("source", "html")
    is_unread = ExpressionWrapper(Q(pk__in=_unread(viewer)), BooleanField())
    found = found.annotate(is_unread=is_unread)
    return found.to_any_of([cohort.pk]) if cohort else found.prefetch_related(_known_cohorts(viewer))


def _known_cohorts(viewer: User) -> "Prefetch[Any]":
    """Nobody is told by an announcement which cohorts there are beside their own."""
    return Prefetch("cohorts", Cohort.objects.known_to(viewer).select_related("course"), to_attr="known_cohorts")


def cohorts_of(announcement: Announcement, viewer: User) -> QuerySet[Cohort]:
    return Cohort.objects.known_to(viewer).filter(announcements=announcement).select_related("course")


def may_write(viewer: User, announcement: Announcement) -> bool:
    return Announcement.objects.writable_by(viewer).filter(pk=announcement.pk).exists()


def unread_announcements(viewer: User, course: Course | None = None) -> list[Announcement]:
    """Of one course or of all, the latest. No query for who has read them all, which came along with the account."""
    unread = _unread(viewer)
    if not unread:
        return []
    found = Announcement.objects.readable_by(viewer).select_related("author").defer("source", "html")
    found = found.filter(pk__in=unread)
    if course:
        found = found.to_any_of(Cohort.objects.filter(course=course).values("pk"))
    return list(found[:ANNOUNCEMENTS_SHOWN])


def _unread(viewer: User) -> list[int]:
    """Keys of announcements (`courses.receivers`)."""
    return getattr(viewer, "announcements", None) or []


def audience(cohorts: Sequence[Cohort], *, everybody: bool, author: User | None) -> dict[str, int]:
    """How many get an announcement, by role; "" for those who are in none of its cohorts."""
    given = {"cohorts": [one.pk for one in cohorts], "everybody": everybody, "author": author.pk if author else None}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT role, count(*) FROM ({AUDIENCE_SQL}) a GROUP BY role", given)  # noqa: S608  all of it ours
        return dict(cursor.fetchall())


MOST_COHORTS_OFFERED = 200


def open_cohorts(viewer: User, words: str = "") -> QuerySet[Cohort]:
    """Those that have not ended, for a list to choose from."""
    found = Cohort.objects.taught_by(viewer).named_like(words).select_related("course")
    return found.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()))
