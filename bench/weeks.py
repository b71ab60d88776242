"""Week by week: a class of 500 over half a year, and one student of it, in floors, beside a million days at work.

`python -m bench.weeks` measures this part alone.
"""

import statistics
import sys
from dataclasses import dataclass

import django

import bench.environment  # noqa: F401  before the settings

if __name__ == "__main__":
    django.setup()

from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from accounts.models import User
from bench import floors, inside, pages_in_floors
from bench.fill_people import TEACHER
from bench.pages_in_floors import OF_STAFF, Most, Page
from courses.models import Cohort, Enrolment
from progress.models import Completion, Presence

CLASS, DAYS, ROUNDS = 500, 182, 40
# Of the school in all, and so many of them of the class.
MOST_DAYS = 1_000_000
FEW = 30
SMALL, LARGE, MINE = f"a class of {FEW}", f"a class of {CLASS}", "a student's own"
# What a large class takes once in five minutes.
MOST_ANEW = 150.0
# Four days a week, every third of them in two sittings.
AT_WORK = """
INSERT INTO progress_presence (enrolment_id, day, minutes)
SELECT e.id, current_date - n::int,
       CASE WHEN mod(n, 3) = 0 THEN '{[600,630),[900,910)}' ELSE '{[600,630)}' END::int4multirange
  FROM courses_enrolment e CROSS JOIN generate_series(0, %(days)s - 1) AS n
 WHERE e.role = 'student' AND mod(n + e.id, 7) < 4
    ON CONFLICT DO NOTHING
"""
DONE = """
INSERT INTO progress_completion (enrolment_id, activity_id, completed_at, how, evidence, activity_revision)
SELECT e.id, a.id, now() - make_interval(hours => mod(e.id * 7 + a.id * 13, %(days)s * 24)::int), 'read', '{}', 1
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN courses_module m ON m.course_id = h.course_id
  JOIN courses_activity a ON a.module_id = m.id
 WHERE h.id = ANY(%(cohorts)s) AND e.role = 'student' AND mod(e.id + a.id, 10) > 0
    ON CONFLICT DO NOTHING
"""
WATCHED = """
INSERT INTO progress_watch (enrolment_id, activity_id, covered, played, position_ms, position_at, since)
SELECT e.id, a.id, '{[0,60000)}', '{}', 0, now(), now()
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
  JOIN courses_module m ON m.course_id = h.course_id
  JOIN courses_activity a ON a.module_id = m.id
 WHERE h.id = ANY(%(cohorts)s) AND e.role = 'student'
    ON CONFLICT DO NOTHING
"""
# Everything has a date, one every third day.
DATED = """
INSERT INTO courses_duedate (cohort_id, activity_id, zone, suggested_wall)
SELECT h.id, a.id, 'Europe/Berlin',
       (current_date - %(days)s)::timestamp + make_interval(days => (3 * row_number() OVER (PARTITION BY h.id))::int)
  FROM courses_cohort h
  JOIN courses_module m ON m.course_id = h.course_id
  JOIN courses_activity a ON a.module_id = m.id
 WHERE h.id = ANY(%(cohorts)s)
    ON CONFLICT DO NOTHING
"""
# Each handed in ten pieces of work, and had each back within a week.
GIVEN_BACK = """
INSERT INTO feedback_submission (enrolment_id, activity_id, attempt, key, source, html, cleaned_by, links, sent_at,
                                 counts_at, sha256, promised_at, release_at)
SELECT e.id, (SELECT min(a.id) FROM courses_activity a JOIN courses_module m ON m.id = a.module_id
               WHERE m.course_id = h.course_id),
       n, gen_random_uuid(), 'x', '', 0, '{}', came, came, '', came + interval '3 days',
       came + make_interval(hours => mod(e.id * n, 168)::int)
  FROM courses_enrolment e
  JOIN courses_cohort h ON h.id = e.cohort_id
 CROSS JOIN generate_series(1, 10) AS n
 CROSS JOIN LATERAL (SELECT now() - make_interval(days => (8 + mod(e.id * n, 170))::int) AS came) AS sent
 WHERE h.id = ANY(%(cohorts)s) AND e.role = 'student' AND e.state = 'active'
"""


@dataclass(frozen=True)
class Figures:
    pages: list[Page]
    # Floors of the large class where nothing is kept of it.
    anew: float
    days: int
    ticks: int
    name: str = "week by week"

    @property
    def words(self) -> str:
        return (
            f"Week by week, beside {self.days} days at work and {self.ticks} ticks: "
            f"{'; '.join(page.words for page in self.pages)}. Once in five minutes {LARGE} is read anew, which "
            f"takes {self.anew:.0f} floors (at most {MOST_ANEW:.0f})."
        )

    @property
    def over(self) -> list[str]:
        slow = [f"{LARGE} anew in {self.anew:.0f} floors"] if self.anew > MOST_ANEW else []
        return [words for page in self.pages for words in page.over] + slow


def measured() -> Figures:
    """In this process and in a transaction that is taken back; the floor is asked by turns with the pages."""
    teacher = User.objects.get(username=TEACHER)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    with inside.undone(), override_settings(REQUIRE_STAFF_SECOND_FACTOR=False):
        large, small = _classes(teacher)
        _live([large.pk, small.pk])
        student = large.enrolments.active().students().select_related("user").order_by("pk").first()
        assert student
        asked = {
            SMALL: (f"/teach/cohorts/{small.pk}/weeks/", teacher, OF_STAFF),
            LARGE: (f"/teach/cohorts/{large.pk}/weeks/", teacher, OF_STAFF),
            MINE: (f"/courses/{large.course_id}/my-weeks/", student.user, Most(3.0, 6)),
        }
        # Kept from the first visit on; the queries of that one are pinned by a test.
        for name in (SMALL, LARGE):
            inside.seconds(inside.signed_in(teacher), asked[name][0])
        pages = pages_in_floors.measured(asked, teacher, ROUNDS)
        anew = _anew(asked[LARGE][0], teacher) / (pages[0].floor + floors.spared())
        figures = Figures(pages, anew, Presence.objects.count(), Completion.objects.count())
    if figures.days < MOST_DAYS:
        raise SystemExit(f"{figures.days} of {MOST_DAYS} days at work were written.")
    return figures


def _anew(path: str, teacher: User) -> float:
    """In seconds."""
    client, took = inside.signed_in(teacher), []
    for _ in range(5):
        cache.clear()
        took.append(inside.seconds(client, path))
    return statistics.median(took)


def _classes(teacher: User) -> tuple[Cohort, Cohort]:
    """Of 500 and of 30, in the same course, since half a year. Who is one too many has left."""
    large = Cohort.objects.get(name=f"Class of {CLASS}")
    small = Cohort.objects.get(name="Class of 300")
    for cohort, size in ((large, CLASS), (small, FEW)):
        others = cohort.enrolments.students().order_by("pk").values_list("pk", flat=True)[size:]
        Enrolment.objects.filter(pk__in=list(others)).update(state="left")
    with connection.cursor() as cursor:
        for table, of in (("courses_cohort SET starts_on", "id"), ("courses_enrolment SET started_on", "cohort_id")):
            cursor.execute(f"UPDATE {table} = current_date - %s WHERE {of} = ANY(%s)", [DAYS, [large.pk, small.pk]])
    return large, small


def _live(cohorts: list[int]) -> None:
    Completion.objects.filter(enrolment__cohort__in=cohorts).delete()
    with inside.without_triggers(), connection.cursor() as cursor:
        for statement in (AT_WORK, DONE, WATCHED, DATED, GIVEN_BACK):
            cursor.execute(statement, {"cohorts": cohorts, "days": DAYS})
    inside.analyse()


if __name__ == "__main__":
    from bench import alone

    sys.exit(alone.measure(measured))
