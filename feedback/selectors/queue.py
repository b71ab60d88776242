"""Work to mark, over all cohorts in which somebody marks: what is closest to breaking its promise comes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db import connection
from django.utils import timezone

from accounts.models import User
from accounts.names import called
from common.numbers import row_key
from common.paging import COUNTED
from common.parts import holds_sql
from common.rows import limited
from courses.models import Cohort
from courses.permissions import MARKING
from courses.querysets import ACTIVE_SQL
from feedback.models import Submission
from feedback.querysets import DUE_SQL

MOST_CHOICES = 200


class Show(StrEnum):
    """Which work, by the word that stands in the address. The last three are not to be marked any more."""

    ALL = "all"
    MINE = "mine"
    FREE = "free"
    MARKED = "marked"
    TIMED = "timed"
    RELEASED = "released"


@dataclass(frozen=True)
class Filter:
    """What a marker asked to see; 0 and "" for everything."""

    show: Show = Show.ALL
    cohort: int = 0
    activity: int = 0
    words: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filter":
        show = asked.get("show", "")
        words = asked.get("q", "").replace("\0", "").strip()[:100]
        return cls(
            Show(show) if show in list(Show) else Show.ALL,
            row_key(asked.get("cohort", "")),
            row_key(asked.get("activity", "")),
            words,
        )

    def query(self, **other: object) -> str:
        """For an address, with its "?"; "" where it asks for everything."""
        values = {"show": self.show, "cohort": self.cohort, "activity": self.activity, "q": self.words, **other}
        said = {name: str(value) for name, value in values.items() if value and value != Show.ALL}
        return f"?{urlencode(said)}" if said else ""


# By hand, as the queue and every screen of it wait for them. Which work it is, is that of `markable_by`, asked of each
# row: joined, Postgres believes that nearly nothing is left, and sorts thousands of rows that the index holds in their
# order. Beside LATERAL it believes that all are left, and remembers each student whom it looked up. With all their
# columns to remember, counting took a third longer.
_MINE = f"e.user_id = %(viewer)s AND e.role = ANY(%(marking)s::varchar[]) AND {ACTIVE_SQL}"
_COHORTS = "SELECT e.cohort_id FROM courses_enrolment e WHERE {mine}".replace("{mine}", _MINE)
_IN_MINE = f"AND x.cohort_id = ANY(ARRAY({_COHORTS}))"
_STUDENT = """
 CROSS JOIN LATERAL (SELECT x.cohort_id, x.user_id FROM courses_enrolment x
                      WHERE x.id = s.enrolment_id AND x.role = 'student' AND x.deleted_at IS NULL {in_mine} LIMIT 1) t
"""
_FROM = f"""
  FROM feedback_submission s {_STUDENT}
  JOIN courses_activity a ON a.id = s.activity_id
"""
_NAMES = """
  LEFT JOIN feedback_assignment g ON g.activity_id = a.id
  JOIN accounts_user u ON u.id = t.user_id
"""
_SAID = """
  LEFT JOIN feedback_feedback f ON f.submission_id = s.id
"""
_TO_MARK = "s.release_at IS NULL"
_SHOWN = {
    Show.ALL: _TO_MARK,
    Show.MINE: f"{_TO_MARK} AND s.marker_id = %(viewer)s",
    Show.FREE: f"{_TO_MARK} AND s.marker_id IS NULL",
    Show.MARKED: f"{_TO_MARK} AND f.revision > 0",
    Show.TIMED: "s.release_at > %(now)s",
    Show.RELEASED: "s.release_at <= %(now)s",
}
# A name finds nothing that is marked without names.
_NAMED = f"(NOT g.nameless OR s.release_at <= %(now)s) AND {holds_sql('u.display_name')}"
# Of one's own cohorts the students of that name are found first: few of them, while thousands of rows are walked for a
# name that nobody there has. An admin has all the students of the site.
_NAMED_IN_MINE = f"""
(NOT g.nameless OR s.release_at <= %(now)s) AND s.enrolment_id = ANY(ARRAY(
 SELECT x.id FROM courses_enrolment x JOIN accounts_user y ON y.id = x.user_id
  WHERE x.cohort_id = ANY(ARRAY({_COHORTS})) AND {holds_sql("y.display_name")}))
"""  # noqa: S608  all of it is ours
# What a row shows of the work that stands on a page, which was found before: rows that a later page passes over are
# joined to nothing but what the filter asks. Most work has no marker and no feedback: without LATERAL all accounts are
# read for one, and all feedback.
_LISTED = f"""
SELECT s.id, s.enrolment_id, s.activity_id, s.attempt, s.counts_at, s.promised_at, s.broken_at, s.release_at,
       s.marker_id, h.name, a.title, coalesce(g.nameless, false), coalesce(f.revision, 0) > 0, {DUE_SQL},
       u.display_name, u.username, v.display_name, v.username
  FROM ({{keys}}) s
  JOIN courses_enrolment t ON t.id = s.enrolment_id
  JOIN courses_activity a ON a.id = s.activity_id
  JOIN courses_cohort h ON h.id = t.cohort_id
  LEFT JOIN feedback_assignment g ON g.activity_id = a.id
  JOIN accounts_user u ON u.id = t.user_id
  LEFT JOIN LATERAL (SELECT y.* FROM accounts_user y WHERE y.id = s.marker_id LIMIT 1) v ON true
  LEFT JOIN LATERAL (SELECT y.revision FROM feedback_feedback y WHERE y.submission_id = s.id LIMIT 1) f ON true
 ORDER BY {{order}}
"""  # noqa: S608  all of it is ours


class ToMark(NamedTuple):
    """A piece of work as a row shows it. Eight instances for each would take as long as all else that is read."""

    pk: int
    enrolment_id: int
    activity_id: int
    attempt: int
    counts_at: datetime
    promised_at: datetime | None
    broken_at: datetime | None
    release_at: datetime | None
    marker_id: int | None
    cohort: str
    assignment: str
    nameless: bool
    # Whether feedback on it was saved.
    is_begun: bool
    due_at: datetime | None
    # Not to be shown where it is marked without names: `feedback.pages.queue.called`.
    student: str
    marker: str


def _whose(viewer: User) -> str:
    return "" if viewer.is_staff else _IN_MINE


def _from(whose: str, asked: Filter) -> str:
    """No more than the filter asks of."""
    joins = _FROM + (_NAMES if asked.words else "") + (_SAID if asked.show is Show.MARKED else "")
    return joins.replace("{in_mine}", whose)


def _where(asked: Filter, viewer: User) -> str:
    """All that the filter lets through."""
    conditions = ["s.taken_back_at IS NULL AND a.deleted_at IS NULL", _SHOWN[asked.show]]
    conditions += ["t.cohort_id = %(cohort)s"] if asked.cohort else []
    conditions += ["s.activity_id = %(activity)s"] if asked.activity else []
    conditions += [_NAMED if viewer.is_staff else _NAMED_IN_MINE] if asked.words else []
    return " AND ".join(conditions)


def _by(asked: Filter) -> str:
    return "release_at" if asked.show in (Show.TIMED, Show.RELEASED) else "promised_at"


def _values(viewer: User, asked: Filter, now: datetime) -> dict[str, Any]:
    values = {"viewer": viewer.pk, "marking": list(MARKING), "now": now}
    return values | {"cohort": asked.cohort, "activity": asked.activity, "words": asked.words}


class Listed:
    """All that the filter lets through, in the order in which it is marked, to be read a part at a time."""

    def __init__(self, viewer: User, asked: Filter, now: datetime) -> None:
        way = "DESC" if asked.show is Show.RELEASED else "ASC"
        self._order = f"s.{_by(asked)} {way}, s.id {way}"
        self._found = f"SELECT s.* {_from(_whose(viewer), asked)} WHERE {_where(asked, viewer)} ORDER BY {self._order}"
        self._values = _values(viewer, asked, now)

    def __getitem__(self, part: slice) -> list[ToMark]:
        sql = _LISTED.replace("{keys}", limited(self._found, part)).replace("{order}", self._order)
        with connection.cursor() as cursor:
            cursor.execute(sql, self._values)
            return [
                ToMark._make((*row, called(name, username), called(marker, marks_as) if marks_as else ""))
                for *row, name, username, marker, marks_as in cursor.fetchall()
            ]


@dataclass(frozen=True)
class Ahead:
    """How much is to be marked, counted up to `common.paging.COUNTED`, and what is promised next."""

    count: int
    promised_at: datetime | None


# Of up to so many pieces, what was promised first.
_FIRST = f"""
SELECT s.id, s.activity_id, s.promised_at, t.user_id
  FROM feedback_submission s {{student}}
 CROSS JOIN LATERAL (SELECT FROM courses_activity a
                      WHERE a.id = s.activity_id AND a.deleted_at IS NULL LIMIT 1) there
 WHERE s.taken_back_at IS NULL AND s.release_at IS NULL
 ORDER BY s.promised_at, s.id LIMIT {COUNTED}
"""  # noqa: S608  all of it is ours
# Whose it is, and nobody's where it is marked without names.
_OWED = f"""
SELECT CASE WHEN NOT g.nameless THEN s.user_id END, s.id, s.promised_at
  FROM ({_FIRST}) s LEFT JOIN feedback_assignment g ON g.activity_id = s.activity_id
"""  # noqa: S608  all of it is ours
_AHEAD = f"SELECT count(*), min(promised_at) FROM ({_FIRST}) first"  # noqa: S608  all of it is ours
_WAITING = """
SELECT t.cohort_id, count(*)
  FROM feedback_submission s {student}
  JOIN courses_activity a ON a.id = s.activity_id AND a.deleted_at IS NULL
 WHERE s.taken_back_at IS NULL AND s.release_at IS NULL AND t.cohort_id = ANY(%(cohorts)s::bigint[])
 GROUP BY t.cohort_id
"""


_UNRELEASED = "SELECT count(*) FROM (SELECT {from} WHERE {where} LIMIT {counted}) found".replace(
    "{counted}", str(COUNTED)
)


def unreleased(viewer: User, cohort: Cohort) -> int:
    """How much of a cohort is marked and not released, for who marks there; counted up to `common.paging.COUNTED`."""
    asked = Filter(Show.MARKED, cohort.pk)
    sql = _UNRELEASED.replace("{from}", _from(_whose(viewer), asked)).replace("{where}", _where(asked, viewer))
    with connection.cursor() as cursor:
        cursor.execute(sql, _values(viewer, asked, timezone.now()))
        return int(cursor.fetchone()[0])


def ahead(viewer: User) -> Ahead:
    return Ahead(*_asked(_AHEAD, viewer)[0])


def owed_to(viewer: User) -> list[tuple[int | None, int, datetime | None]]:
    """Whose work, which, and what was promised, of all that the queue lists, up to `common.paging.COUNTED`."""
    return _asked(_OWED, viewer)


def waiting(viewer: User, cohorts: Sequence[int]) -> dict[int, int]:
    """How much is to be marked in each of these cohorts, for who marks there."""
    return dict(_asked(_WAITING, viewer, cohorts=list(cohorts)))


def _asked(statement: str, viewer: User, **values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        sql = statement.replace("{student}", _STUDENT).replace("{in_mine}", _whose(viewer))
        cursor.execute(sql, {"viewer": viewer.pk, "marking": list(MARKING), **values})
        return cursor.fetchall()


# What to choose from, in one statement: cohorts with an assignment by name, and the assignments of their courses.
_OFFERED = """
WITH mine AS (
  SELECT h.id, h.name, h.course_id, c.title
    FROM courses_cohort h JOIN courses_course c ON c.id = h.course_id
   WHERE h.deleted_at IS NULL {whose}
     AND h.course_id IN (SELECT m.course_id FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
                          WHERE a.deleted_at IS NULL AND a.kind = 'assignment')
   ORDER BY h.name, h.id LIMIT {most})
(SELECT true, id, name, title FROM mine ORDER BY name, id)
UNION ALL
(SELECT false, a.id, a.title, '' FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
  WHERE a.deleted_at IS NULL AND a.kind = 'assignment'
    AND m.course_id IN (SELECT course_id FROM mine WHERE %(cohort)s IN (0, id))
  ORDER BY a.title, a.id LIMIT {most})
""".replace("{most}", str(MOST_CHOICES))


class Named(NamedTuple):
    """Something to choose; of a cohort also the title of its course."""

    pk: int
    name: str
    course: str


def offered(viewer: User, cohort: int) -> tuple[list[Named], list[Named]]:
    """Cohorts and assignments to choose from; of one cohort, its assignments alone."""
    whose = "" if viewer.is_staff else f"AND h.id IN ({_COHORTS})"
    cohorts: list[Named] = []
    assignments: list[Named] = []
    with connection.cursor() as cursor:
        values = {"viewer": viewer.pk, "marking": list(MARKING), "cohort": cohort}
        cursor.execute(_OFFERED.replace("{whose}", whose), values)
        for is_cohort, *named in cursor.fetchall():
            (cohorts if is_cohort else assignments).append(Named(*named))
    return cohorts, assignments


@dataclass(frozen=True)
class Around:
    before: int | None
    after: int | None


_AROUND = """
(SELECT s.id, true {from} WHERE {where} AND (s.{by}, s.id) < (%(at)s, %(key)s)
  ORDER BY s.{by} DESC, s.id DESC LIMIT 1)
UNION ALL
(SELECT s.id, false {from} WHERE {where} AND (s.{by}, s.id) > (%(at)s, %(key)s) ORDER BY s.{by}, s.id LIMIT 1)
"""


def around(viewer: User, submission: Submission, asked: Filter, now: datetime) -> Around:
    """What comes before and after a piece of work in a filter, whether it is in it any more or not; in one query."""
    by = _by(asked)
    # What has left the list stood where its promise put it.
    at = getattr(submission, by) or submission.promised_at or submission.release_at or submission.sent_at
    with connection.cursor() as cursor:
        sql = (
            _AROUND.replace("{from}", _from(_whose(viewer), asked))
            .replace("{where}", _where(asked, viewer))
            .replace("{by}", by)
        )
        cursor.execute(sql, {**_values(viewer, asked, now), "at": at, "key": submission.pk})
        sides = {earlier: key for key, earlier in cursor.fetchall()}
    is_backwards = asked.show is Show.RELEASED
    return Around(sides.get(not is_backwards), sides.get(is_backwards))
