"""Who is in a cohort or may write a course: lists of people by name, a page at a time."""

from dataclasses import replace

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When

from accounts.models import OutgoingMail, User
from accounts.querysets import NAME_SQL, PEER_NAME_SQL
from common.paging import COUNTED, Sliced
from common.parts import holds_sql
from common.walks import Keyed, Walk, walked
from courses.models import Cohort, Course, CourseEditor, Enrolment
from courses.querysets import ACTIVE_SQL


def members_walk(who: str, found: str) -> Walk:
    """Those of a cohort by their names: `who` of them, as a condition on an enrolment `e`."""
    inside = f"""
SELECT e.id, e.user_id AS row_id FROM courses_enrolment e
 WHERE e.cohort_id = %(cohort)s AND e.deleted_at IS NULL AND {who}"""  # noqa: S608  all of it is ours
    return Walk("accounts_user r", "display_name", inside, f"{inside} AND e.user_id = r.id", found=found)


IN_NAMES = " OR ".join(holds_sql(f"r.{name}") for name in ("display_name", "username", "email"))
MEMBERS = {
    studying: members_walk(f"e.role {sign} 'student'", IN_NAMES) for studying, sign in ((True, "="), (False, "<>"))
}


def members(cohort: Cohort, words: str = "", *, studying: bool) -> Sliced:
    """The students of a cohort by name, or all others in it; with `words`, whose name, username or address has them."""
    shown = Enrolment.objects.select_related("user").order_by("user__display_name", "user_id")
    return walked(shown, MEMBERS[studying], cohort=cohort.pk, words=words)


def newcomers(cohort: Cohort) -> QuerySet[User]:
    """Whoever is in a cohort and has not chosen a password yet, by name, with `asked_at`: of the last mailed link."""
    links = OutgoingMail.objects.filter(person=OuterRef("pk"), kind=OutgoingMail.Kind.PASSWORD_LINK)
    asked = Subquery(links.order_by("-created_at").values("created_at")[:1])
    return _without_password(cohort).annotate(asked_at=asked).order_by("display_name", "pk")


def newcomer_count(cohort: Cohort) -> int:
    """Counted up to `common.paging.COUNTED`."""
    return _without_password(cohort)[:COUNTED].count()


def _without_password(cohort: Cohort) -> QuerySet[User]:
    inside = Enrolment.objects.filter(cohort=cohort, state="active", user=OuterRef("pk"))
    waiting = User.objects.filter(password__startswith=UNUSABLE_PASSWORD_PREFIX, last_login=None, is_active=True)
    return waiting.filter(Exists(inside))


# Of those who are in a cohort now. A name is searched as the viewer sees it: what is left out of it finds nobody.
PRESENT = "r.is_active AND r.deleted_at IS NULL"
AS_SEEN = {
    in_full: f"strpos(upper({name}), upper(%(words)s::text)) > 0"
    for in_full, name in ((True, NAME_SQL), (False, PEER_NAME_SQL))
}
CLASSMATES = {
    in_full: replace(members_walk(f"e.role = 'student' AND {ACTIVE_SQL}", found), which=PRESENT)
    for in_full, found in AS_SEEN.items()
}
STAFF = {
    in_full: f"""
SELECT e.id FROM courses_enrolment e JOIN accounts_user r ON r.id = e.user_id
 WHERE e.cohort_id = %(cohort)s AND e.role <> 'student' AND {ACTIVE_SQL} AND {PRESENT}
   AND (%(words)s = '' OR {found})
 ORDER BY e.role = 'teacher' DESC, e.role = 'assistant' DESC, r.display_name, r.id
OFFSET {{start}} LIMIT {{stop}} - {{start}}"""  # noqa: S608  all of it is ours
    for in_full, found in AS_SEEN.items()
}
BY_ROLE = Case(When(role="teacher", then=0), When(role="assistant", then=1), default=2)


def classmates(cohort: Cohort, words: str = "", *, in_full: bool) -> Sliced:
    """Those who study in a cohort now, by name; with `words`, whose name has them, as the viewer sees it."""
    shown = Enrolment.objects.select_related("user").order_by("user__display_name", "user_id")
    return walked(shown, CLASSMATES[in_full], cohort=cohort.pk, words=words)


def staff(cohort: Cohort, words: str = "", *, in_full: bool) -> Sliced:
    """All others in it now, those who teach it first."""
    shown = Enrolment.objects.select_related("user").order_by(BY_ROLE, "user__display_name", "user_id")
    return Keyed(shown, STAFF[in_full], cohort=cohort.pk, words=words)


COHORTS_OF = (
    "SELECT e.id, e.cohort_id AS row_id FROM courses_enrolment e WHERE e.user_id = %(person)s AND e.deleted_at IS NULL"
)
COHORTS_OF_BY_NAME = Walk("courses_cohort r", "name", COHORTS_OF, f"{COHORTS_OF} AND e.cohort_id = r.id")


def enrolments_of(person: User) -> Sliced:
    """The cohorts that somebody is or was in, by name."""
    shown = Enrolment.objects.select_related("cohort__course").order_by("cohort__name", "cohort_id")
    return walked(shown, COHORTS_OF_BY_NAME, person=person.pk)


def editors(course: Course, words: str = "") -> QuerySet[CourseEditor]:
    found = (
        course.editors.filter(user__deleted_at=None).select_related("user").order_by("user__display_name", "user_id")
    )
    return found.filter(user__in=User.objects.named_like(words)) if words else found
