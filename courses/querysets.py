"""Who may see what, as querysets named for the viewer. Every view starts from one of these."""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from common.literals import Literal
from common.parts import holds
from courses.permissions import ANNOUNCING, ROLES, SEEING_DRAFTS, TEACHING

if TYPE_CHECKING:
    from accounts.models import User

# The one definition of what students are shown: for querysets by `shown`, and for statements by hand that join an
# activity as `a` and its module as `m`.
SHOWN_SQL = "(a.published AND m.published AND a.deleted_at IS NULL)"
# Of what is not only for students; what was deleted took its activities and enrolments along (`common.removal`).
STANDING_SQL = "a.deleted_at IS NULL"
ACTIVE_SQL = "(e.state = 'active' AND e.deleted_at IS NULL)"
# Whether those who teach the cohort `h` work on {day}; with `k`, its working calendar, by an outer join.
WORKS_SQL = """
(extract(isodow FROM {day}) = ANY(coalesce(k.weekdays, '{1,2,3,4,5}'::smallint[]))
 AND NOT EXISTS (SELECT FROM courses_dayoff o WHERE o.cohort_id = h.id AND o.day = {day}))"""
# Who gets an announcement, each person once: of somebody in two of its cohorts, as a student before any other role.
AUDIENCE_SQL = """
SELECT DISTINCT ON (u.id) u.id AS person, u.timezone AS zone, coalesce(e.role, '') AS role, h.id AS cohort,
       coalesce(c.title, '') AS course
  FROM accounts_user u
  LEFT JOIN (courses_enrolment e JOIN courses_cohort h ON h.id = e.cohort_id
                                 JOIN courses_course c ON c.id = h.course_id)
         ON e.user_id = u.id AND {active} AND e.cohort_id = ANY(%(cohorts)s::bigint[])
 WHERE u.is_active AND u.deleted_at IS NULL AND u.id IS DISTINCT FROM %(author)s
   AND (%(everybody)s OR e.id IS NOT NULL)
 ORDER BY u.id, e.role = 'student' DESC, e.id DESC
""".replace("{active}", ACTIVE_SQL)
# An import may make another kind of what was a lecture; its recording stays, and is shown no more.
LECTURES = {"activity__kind": "lecture"}


def shown(activity: str = "") -> Q:
    """Whether students see the activity that the path `activity` leads to ("" for a row that is one)."""
    path = f"{activity}__" if activity else ""
    return Q(**{f"{path}published": True, f"{path}module__published": True, f"{path}deleted_at": None})


def empty() -> Q:
    """Whether an activity has nothing to open: a text without a word, picture or formula, a file that is not there."""
    words = Q(reading__words=0) & ~Q(reading__html__regex=r"<(img|math|picture|audio|video)[ />]")
    return (
        Q(kind="reading") & (Q(reading=None) | words)
        | Q(kind="file", file_content=None)
        | Q(kind="link", link_content=None)
        | Q(kind="lecture", lecture=None)
    )


# What a person may see is asked as a set: beside "or", Postgres looks each row of EXISTS up by itself.


def enrolled(viewer: "User", course: str, roles: tuple[str, ...] | None = None) -> Q:
    """Whether `viewer` is active in a cohort of the row's course; `course` is the path to its id."""
    mine = apps.get_model("courses", "Enrolment").objects.active().filter(user=viewer)
    mine = mine.filter(role__in=roles) if roles else mine
    return Q(**{f"{course}__in": mine.values("cohort__course")})


def edits(viewer: "User", course: str) -> Q:
    mine = apps.get_model("courses", "CourseEditor").objects.filter(user=viewer)
    return Q(**{f"{course}__in": mine.values("course")})


def told_member(cohort: str) -> Q:
    """For EXISTS beside a notice: whether its person is active in the cohort or cohorts at the end of the path."""
    mine = f"{cohort}enrolments__"
    return Q(**{f"{mine}user": OuterRef("person"), f"{mine}state": "active", f"{mine}deleted_at": None})


class CourseQuerySet(models.QuerySet["Course"]):
    def readable_by(self, viewer: "User") -> "CourseQuerySet":
        return self if viewer.is_staff else self.filter(enrolled(viewer, "pk") | edits(viewer, "pk"))

    def editable_by(self, viewer: "User") -> "CourseQuerySet":
        return self if viewer.is_staff else self.filter(edits(viewer, "pk"))

    def titled_like(self, words: str) -> "CourseQuerySet":
        return self.filter(holds("title", words)) if words else self


class ModuleQuerySet(models.QuerySet["Module"]):
    def readable_by(self, viewer: "User") -> "ModuleQuerySet":
        """As for activities below: a hidden module is none to those who are not shown drafts."""
        if viewer.is_staff:
            return self
        seen = Q(published=True) & enrolled(viewer, "course")
        return self.filter(seen | enrolled(viewer, "course", SEEING_DRAFTS) | edits(viewer, "course"))


class ActivityQuerySet(models.QuerySet["Activity"]):
    def readable_by(self, viewer: "User") -> "ActivityQuerySet":
        """Published ones for every member of the course; drafts too for those who teach or write it."""
        if viewer.is_staff:
            return self
        course = "module__course"
        return self.filter(
            shown() & enrolled(viewer, course) | enrolled(viewer, course, SEEING_DRAFTS) | edits(viewer, course)
        )

    def editable_by(self, viewer: "User") -> "ActivityQuerySet":
        return self if viewer.is_staff else self.filter(edits(viewer, "module__course"))

    def shown(self) -> "ActivityQuerySet":
        return self.filter(shown())

    def publishable(self) -> "ActivityQuerySet":
        """What one button shows together with others."""
        return self.filter(~empty(), for_instructors=False)

    def titled_like(self, words: str) -> "ActivityQuerySet":
        return self.filter(holds("title", words)) if words else self

    def in_order(self) -> "ActivityQuerySet":
        """With their modules, in the order of the course."""
        return self.select_related("module").order_by("module__position", "position")


def shown_in_readable(viewer: "User", rows: str, **which: object) -> Exists:
    """Whether an activity that `viewer` may read shows the row: one of the model `rows`, which joins the two."""
    activities = apps.get_model("courses", "Activity").objects.readable_by(viewer)
    return Exists(apps.get_model("courses", rows).objects.filter(activity__in=activities, **which))


class CourseFileQuerySet(models.QuerySet["CourseFile"]):
    def readable_by(self, viewer: "User") -> "CourseFileQuerySet":
        """As the activities that show it are; who writes the course also sees what nothing shows yet."""
        standing = self.filter(course__deleted_at=None)
        if viewer.is_staff:
            return standing
        course = {"activity__module__course": OuterRef("course")}
        return standing.filter(
            shown_in_readable(viewer, "FileUse", course_file=OuterRef("pk"), **course) | edits(viewer, "course")
        )


class RecordingQuerySet(models.QuerySet["Recording"]):
    def readable_by(self, viewer: "User") -> "RecordingQuerySet":
        """As the lecture is, a rendition as the one that it was made of."""
        standing = self.filter(course__deleted_at=None)
        if viewer.is_staff:
            return standing
        whole = Coalesce(OuterRef("rendition_of"), OuterRef("pk"))
        return standing.filter(
            shown_in_readable(viewer, "LectureContent", recording=whole, **LECTURES) | edits(viewer, "course")
        )


class CaptionTrackQuerySet(models.QuerySet["CaptionTrack"]):
    def readable_by(self, viewer: "User") -> "CaptionTrackQuerySet":
        """As the lecture is."""
        standing = self.filter(recording__course__deleted_at=None)
        if viewer.is_staff:
            return standing
        lecture = shown_in_readable(viewer, "LectureContent", recording=OuterRef("recording"), **LECTURES)
        return standing.filter(lecture | edits(viewer, "recording__course"))

    def captions(self) -> "CaptionTrackQuerySet":
        return self.filter(kind="captions")


class CohortQuerySet(models.QuerySet["Cohort"]):
    def member(self, viewer: "User", roles: tuple[str, ...]) -> "CohortQuerySet":
        mine = apps.get_model("courses", "Enrolment").objects.active().filter(user=viewer, role__in=roles)
        return self.filter(pk__in=mine.values("cohort"))

    def taught_by(self, viewer: "User") -> "CohortQuerySet":
        """Cohorts whose students `viewer` may see: those they teach or assist; all for a site admin."""
        return self if viewer.is_staff else self.member(viewer, TEACHING)

    def named_like(self, words: str) -> "CohortQuerySet":
        return self.filter(Q(holds("name", words)) | Q(holds("course__title", words))) if words else self

    def known_to(self, viewer: "User") -> "CohortQuerySet":
        return self if viewer.is_staff else self.member(viewer, ROLES)


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def active(self) -> "EnrolmentQuerySet":
        return self.filter(state=Literal("active"))

    def of(self, viewer: "User") -> "EnrolmentQuerySet":
        return self.active().filter(user=viewer)

    def students(self) -> "EnrolmentQuerySet":
        return self.filter(role=Literal("student"))

    def taught_by(self, viewer: "User") -> "EnrolmentQuerySet":
        """Enrolments in cohorts that `viewer` teaches or assists; all for a site admin."""
        if viewer.is_staff:
            return self
        cohorts = self.model.objects.of(viewer).filter(role__in=TEACHING).values("cohort")
        return self.filter(cohort__in=cohorts)


class CourseImportQuerySet(models.QuerySet["CourseImport"]):
    def known_to(self, viewer: "User") -> "CourseImportQuerySet":
        """Those of courses that `viewer` may read, beside their own."""
        standing = self.filter(course__deleted_at=None)
        if viewer.is_staff:
            return standing
        return standing.filter(
            enrolled(viewer, "course") | edits(viewer, "course") | Q(requested_by=viewer, course=None)
        )

    def visible_to(self, viewer: "User") -> "CourseImportQuerySet":
        standing = self.filter(course__deleted_at=None)
        if viewer.is_staff:
            return standing
        return standing.filter(Q(requested_by=viewer, course=None) | edits(viewer, "course"))


class AnnouncementQuerySet(models.QuerySet["Announcement"]):
    def published(self) -> "AnnouncementQuerySet":
        return self.filter(publish_at__lte=timezone.now())

    def to_any_of(self, cohorts: object) -> "AnnouncementQuerySet":
        return self.filter(pk__in=self._addressed().filter(cohort__in=cohorts).values("announcement"))

    def writable_by(self, viewer: "User") -> "AnnouncementQuerySet":
        """Those that go to cohorts of `viewer` and to nobody else."""
        if viewer.is_staff:
            return self
        mine = apps.get_model("courses", "Enrolment").objects.of(viewer).filter(role__in=ANNOUNCING).values("cohort")
        others = self._addressed().filter(announcement=OuterRef("pk")).exclude(cohort__in=mine)
        return self.filter(~Exists(others), for_everybody=False).to_any_of(mine)

    def readable_by(self, viewer: "User") -> "AnnouncementQuerySet":
        """Published ones for whoever is addressed; those of a set hour for whoever may write them."""
        if viewer.is_staff:
            return self
        mine = apps.get_model("courses", "Enrolment").objects.of(viewer).values("cohort")
        to_me = Q(pk__in=self._addressed().filter(cohort__in=mine).values("announcement"))
        read = Q(Q(for_everybody=True) | to_me, publish_at__lte=timezone.now())
        return self.filter(read | Q(pk__in=self.model.everything.writable_by(viewer).values("pk")))

    def _addressed(self) -> models.QuerySet:
        return self.model.cohorts.through.objects.all()
