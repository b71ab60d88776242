"""What a teacher should know on a Monday of all their cohorts: a fixed number of queries, and one for each course."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from courses.models import Enrolment
from courses.querysets import ACTIVE_SQL, SHOWN_SQL, WORKS_SQL
from dashboards.selectors.needed import places
from notifications.models import Notice
from notifications.services.hours import READER
from progress.selectors import nudging, tallies

HOUR = 8
LASTS = timedelta(hours=36)
NOT_SEEN_FOR = WEEK = timedelta(days=7)
# What a letter holds at most: of names in each list, and of cohorts.
MOST, MOST_COHORTS = 8, 10

# On which day a letter goes to who teaches something that runs in the week of a Monday: the first of that week on which
# they work for any of these cohorts. A class that is at work needs its teacher, whatever another one celebrates; and in
# a week off there is no letter.
DAYS = """
SELECT e.user_id AS person_id, w.monday, min(d.day) AS day
  FROM {weeks}
  JOIN courses_cohort h ON h.id = e.cohort_id AND h.deleted_at IS NULL
       AND h.starts_on < w.monday + 7 AND (h.ends_on IS NULL OR h.ends_on >= w.monday)
  LEFT JOIN courses_workingcalendar k ON k.cohort_id = h.id
 CROSS JOIN LATERAL (SELECT w.monday + n AS day FROM generate_series(0, 6) AS n) AS d
 WHERE e.role = 'teacher' AND {active} AND {works}
 GROUP BY e.user_id, w.monday
""".replace("{works}", WORKS_SQL.replace("{day}", "d.day")).replace("{active}", ACTIVE_SQL)
WEEKS = """
       courses_enrolment e JOIN {reader} AS r ON r.person_id = e.user_id AND r.is_active
 CROSS JOIN LATERAL (SELECT date_trunc('week', %(now)s::timestamptz AT TIME ZONE r.zone)::date AS this) AS week
 CROSS JOIN LATERAL (VALUES (week.this), (week.this + 7)) AS w(monday)
""".replace("{reader}", READER)
NAMED = """
       unnest(%(people)s::bigint[], %(mondays)s::date[]) AS w(person, monday)
  JOIN courses_enrolment e ON e.user_id = w.person
"""
DUE = """
SELECT d.person_id FROM ({days}) AS d JOIN accounts_user u ON u.id = d.person_id
 WHERE d.day <= (%(now)s::timestamptz AT TIME ZONE u.timezone)::date
""".replace("{days}", DAYS.replace("{weeks}", NAMED))
# By the clock of who reads it. A letter is that of its week, whichever day it goes on: so there is one, and what was
# planned moves with the calendar.
LETTERS = """
SELECT t.person_id, 0 AS subject, 0 AS context, 0 AS lead, t.monday AS local_day, '{}'::jsonb AS "values",
       t.at AS not_before, t.at + %(lasts)s AS not_after
  FROM (SELECT r.person_id, d.monday,
               notifications_at_hour(d.day, %(hour)s, r.zone, r.quiet_from, r.quiet_hours) AS at
          FROM ({days}) AS d JOIN {reader} AS r ON r.person_id = d.person_id) AS t
 WHERE t.at <= %(until)s AND t.at + %(lasts)s > %(now)s
""".replace("{days}", DAYS.replace("{weeks}", WEEKS)).replace("{reader}", READER)
TAUGHT = """
SELECT e.user_id, h.id, h.name, o.id, o.title, h.starts_on, h.ends_on
  FROM unnest(%(people)s::bigint[], %(mondays)s::date[]) AS t(person, monday)
  JOIN courses_enrolment e ON e.user_id = t.person AND e.role = 'teacher' AND {active}
  JOIN courses_cohort h ON h.id = e.cohort_id AND h.deleted_at IS NULL
       AND h.starts_on < t.monday + 7 AND (h.ends_on IS NULL OR h.ends_on >= t.monday)
  JOIN courses_course o ON o.id = h.course_id
 ORDER BY h.name, h.id
""".replace("{active}", ACTIVE_SQL)
# With the day on which each was last at work, by their own calendar.
STUDENTS = """
SELECT e.cohort_id, e.id, u.display_name, greatest(e.started_on, h.starts_on),
       greatest((e.last_seen_at AT TIME ZONE r.zone)::date,
                (SELECT max(p.day) FROM progress_presence p WHERE p.enrolment_id = e.id)),
       coalesce(r.break_until >= (%(now)s::timestamptz AT TIME ZONE r.zone)::date, false)
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN accounts_user u ON u.id = e.user_id
  JOIN {reader} AS r ON r.person_id = u.id
 WHERE e.cohort_id = ANY(%(cohorts)s::bigint[]) AND e.role = 'student' AND {active}
 ORDER BY u.display_name, e.id
""".replace("{reader}", READER).replace("{active}", ACTIVE_SQL)
DATES = """
SELECT d.cohort_id, a.id, a.title, date_part('epoch', d.suggested_wall AT TIME ZONE d.zone)
  FROM unnest(%(cohorts)s::bigint[], %(mondays)s::date[]) AS t(cohort, monday)
  JOIN courses_duedate d ON d.cohort_id = t.cohort
       AND d.suggested_wall >= t.monday AND d.suggested_wall < t.monday + 7
  JOIN courses_activity a ON a.id = d.activity_id
  JOIN courses_module m ON m.id = a.module_id
 WHERE {shown}
 ORDER BY d.suggested_wall, a.id
""".replace("{shown}", SHOWN_SQL)
# Whose enrolment has gone, has gone with their account or was erased by itself.
NAMING_THE_ERASED = """
SELECT n.id FROM notifications_notice n
 WHERE n.kind = %(kind)s AND EXISTS (
       SELECT FROM jsonb_path_query(n."values", '$.cohorts[*].*[*] ? (@.name != "")') AS row
        WHERE NOT EXISTS (SELECT FROM courses_enrolment e WHERE e.id = (row ->> 'id')::bigint))
"""


def parameters(now: datetime, horizon: timedelta) -> dict[str, object]:
    return {"now": now, "until": now + horizon, "hour": HOUR, "lasts": LASTS}


def due(mondays: Mapping[int, date], now: datetime) -> set[int]:
    """The people whose letter of that Monday's week has its day today, or had it before."""
    found = _rows(DUE, people=list(mondays), mondays=list(mondays.values()), now=now)
    return {person for (person,) in found}


def letters(mondays: Mapping[int, date], now: datetime) -> dict[int, dict[str, Any]]:
    """By person, what their letter of that Monday says; nothing for whom there is nothing to say."""
    taught = _rows(TAUGHT, people=list(mondays), mondays=list(mondays.values()))
    cohorts = {row[1]: (mondays[row[0]], row) for row in taught}
    said = _of_cohorts(cohorts, now)
    found: dict[int, dict[str, Any]] = {}
    for person, cohort, *_rest in taught:
        if cohort in said:
            found.setdefault(person, {"cohorts": [], "more": 0})["cohorts"].append(said[cohort])
    for letter in found.values():
        letter["more"] = max(len(letter["cohorts"]) - MOST_COHORTS, 0)
        del letter["cohorts"][MOST_COHORTS:]
    return found


def without_the_erased(kind: str) -> list[Notice]:
    """Letters that named students who are no longer here, with the names taken out and not yet stored."""
    found = Notice.objects.filter(pk__in=[pk for (pk,) in _rows(NAMING_THE_ERASED, kind=kind)])
    letters = list(found.only("values"))
    named = {row["id"] for letter in letters for row in _students_in(letter.values)}
    here = set(Enrolment.everything.filter(pk__in=named).values_list("pk", flat=True))
    for letter in letters:
        for row in _students_in(letter.values):
            if row["id"] not in here:
                row["name"] = ""
    return letters


def _students_in(values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for cohort in values["cohorts"]:
        for title in ("not_seen", "overdue", "stopped"):
            yield from cohort[title]


def _of_cohorts(cohorts: Mapping[int, tuple[date, tuple[Any, ...]]], now: datetime) -> dict[int, dict[str, Any]]:
    students = defaultdict(list)
    for cohort, *student in _rows(STUDENTS, cohorts=list(cohorts), now=now):
        students[cohort].append(student)
    counted = _tallies(cohorts, students, now)
    place = places(list(cohorts), now)
    stopped = nudging.stopped([one[0] for some in students.values() for one in some], now - WEEK)
    dates = defaultdict(list)
    mondays = [monday for monday, _ in cohorts.values()]
    for cohort, activity, title, due_at in _rows(DATES, cohorts=list(cohorts), mondays=mondays):
        dates[cohort].append({"id": activity, "title": title, "due": due_at})
    said, last = {}, len(place)
    for cohort, (monday, (_, _, name, _, course, starts_on, ends_on)) in cohorts.items():
        people = {
            "not_seen": _not_seen(students[cohort], counted, monday),
            "overdue": _overdue(students[cohort], counted),
            "stopped": [{"id": pk, "name": who} for pk, who, *_ in students[cohort] if pk in stopped],
        }
        # By the order of the page of who needs somebody; whoever came since it was reckoned stands at the end.
        ordered = {title: sorted(some, key=lambda row: place.get(row["id"], last)) for title, some in people.items()}
        lists = {**ordered, "due": dates[cohort]}
        days = {
            "opens": starts_on.isoformat() if starts_on >= monday else "",
            "closes": ends_on.isoformat() if ends_on and ends_on < monday + WEEK else "",
        }
        if any(lists.values()) or any(days.values()):
            counts = {title: len(some) for title, some in lists.items()}
            some = {title: rows[:MOST] for title, rows in lists.items()}
            said[cohort] = {"id": cohort, "name": name, "course": course, "counts": counts, **some, **days}
    return said


def _tallies(
    cohorts: Mapping[int, tuple[date, tuple[Any, ...]]], students: Mapping[int, list[Any]], now: datetime
) -> dict[int, tallies.Tally]:
    of_course: dict[int, list[int]] = defaultdict(list)
    for cohort, (_, row) in cohorts.items():
        of_course[row[3]] += [one[0] for one in students[cohort]]
    counted: dict[int, tallies.Tally] = {}
    for course, enrolments in of_course.items():
        counted |= tallies.of_class(enrolments, course, now)
    return counted


def _not_seen(students: Iterable[Any], counted: Mapping[int, tallies.Tally], monday: date) -> list[dict[str, Any]]:
    """Whom a word would reach most easily comes first. Who is done, or said that they are away, is not missed."""
    missed = [
        (seen or opens, {"id": pk, "name": name, "seen": seen.isoformat() if seen else ""})
        for pk, name, opens, seen, away in students
        if (seen or opens) <= monday - NOT_SEEN_FOR and not away and not _finished(counted[pk])
    ]
    return [row for _, row in sorted(missed, key=lambda pair: pair[0], reverse=True)]


def _overdue(students: Iterable[Any], counted: Mapping[int, tallies.Tally]) -> list[dict[str, Any]]:
    late = [{"id": pk, "name": name, "late": counted[pk].late} for pk, name, *_ in students if counted[pk].late]
    return sorted(late, key=lambda row: -row["late"])


def _finished(tally: tallies.Tally) -> bool:
    return 0 < tally.total == tally.done


def _rows(sql: str, **values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()
