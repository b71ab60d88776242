"""What every student did until today: completions, visits, minutes at work, a few agreements."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import connection
from django.db.models import F

from bench.fill_courses import Written
from bench.fill_people import DAYS_IN, People
from courses.models import Accommodation, Activity, DueDate, Enrolment, Extension
from progress.models import Completion

SEED = 100_000
# How far the measured students are in their courses; the fourth is finished but for what came later.
MEASURED_DONE = (110, 31, 12, None, 4, 31)
A_SITTING = 3

PLAN_TABLE = "CREATE TEMPORARY TABLE bench_plan (enrolment_id bigint, done int, days int, hour int)"
# Three activities in a sitting, the sittings spread evenly over the days, the last one opened and not done.
DEEDS = """
CREATE TEMPORARY TABLE bench_deed AS
SELECT p.enrolment_id, e.user_id, a.id AS activity_id, a.rule, a.dwell_seconds, place <= p.done AS done,
       (e.started_on + (p.days * ((place - 1) / %(sitting)s) / greatest(1, p.done / %(sitting)s))::int + make_interval(
           hours => p.hour, mins => 14 * ((place - 1) %% %(sitting)s)::int)) AT TIME ZONE k.timezone AS at
  FROM bench_plan p
  JOIN courses_enrolment e ON e.id = p.enrolment_id
  JOIN courses_cohort k ON k.id = e.cohort_id
  JOIN (SELECT m.course_id, a.*, row_number() OVER (PARTITION BY m.course_id ORDER BY m.position, a.position) AS place
          FROM courses_activity a JOIN courses_module m ON m.id = a.module_id) a
    ON a.course_id = k.course_id AND place <= p.done + 1
"""
COMPLETIONS = """
INSERT INTO progress_completion
       (enrolment_id, activity_id, completed_at, how, evidence, activity_revision, recorded_by_id)
SELECT enrolment_id, activity_id, at + interval '6 minutes', rule,
       CASE rule WHEN 'read' THEN jsonb_build_object('visible_seconds', dwell_seconds + 60,
                                                     'needed_seconds', dwell_seconds) ELSE '{}' END, 1, user_id
  FROM bench_deed WHERE done ORDER BY at
"""
VISITS = """
INSERT INTO progress_visit (enrolment_id, activity_id, opened_at, last_opened_at, visible)
SELECT enrolment_id, activity_id, at, at,
       int8multirange(int8range(extract(epoch FROM at)::bigint, extract(epoch FROM at)::bigint + 360))
  FROM bench_deed ORDER BY at
"""
PRESENCE = """
INSERT INTO progress_presence (enrolment_id, day, minutes)
SELECT enrolment_id, day, range_agg(int4range(minute, minute + 7))
  FROM (SELECT enrolment_id, local::date AS day, (extract(epoch FROM local::time) / 60)::int AS minute
          FROM (SELECT enrolment_id, at AT TIME ZONE 'Europe/Berlin' AS local FROM bench_deed) AS there) AS deeds
 GROUP BY enrolment_id, day
"""
SEEN = """
UPDATE courses_enrolment e SET last_seen_at = latest.at
  FROM (SELECT enrolment_id, max(at) AS at FROM bench_deed GROUP BY enrolment_id) AS latest
 WHERE e.id = latest.enrolment_id
"""


def tell(written: Written, people: People, completions: int) -> None:
    sizes = {e.pk: written.sizes[e.cohort.course_id] for e in people.enrolments}
    plan = _plan(sizes, people.measured, completions)
    chance = random.Random(SEED)
    with connection.cursor() as cursor:
        cursor.execute(PLAN_TABLE)
        with cursor.copy("COPY bench_plan FROM STDIN") as copy:
            for enrolment, done in plan.items():
                copy.write_row((enrolment, done, chance.randint(DAYS_IN // 3, DAYS_IN - 1), chance.randint(7, 21)))
        cursor.execute(DEEDS, {"sitting": A_SITTING})
        for statement in (COMPLETIONS, VISITS, PRESENCE, SEEN):
            cursor.execute(statement)
    _events(people.measured)
    _agreements(people)


def _plan(sizes: dict[int, int], measured: list[Enrolment], completions: int) -> dict[int, int]:
    """How many activities each enrolment has done: most have done little, and together they did `completions`."""
    chance = random.Random(SEED)
    fixed = dict(zip((e.pk for e in measured), MEASURED_DONE, strict=True))
    plan = {pk: sizes[pk] - 1 if done is None else done for pk, done in fixed.items()}
    others = {pk: size for pk, size in sizes.items() if pk not in plan}
    wished = {pk: size * chance.random() ** 2 for pk, size in others.items()}
    share = (completions - sum(plan.values())) / sum(wished.values())
    plan |= {pk: min(others[pk], int(wish * share)) for pk, wish in wished.items()}
    missing = completions - sum(plan.values())
    for pk in islice(_in_turn(others, plan), missing):
        plan[pk] += 1
    return plan


def _in_turn(others: dict[int, int], plan: dict[int, int]) -> Iterator[int]:
    while True:
        yield from (pk for pk, size in others.items() if plan[pk] < size)


def _events(measured: list[Enrolment]) -> None:
    """Something is new in the course that was finished, and something changed that was done."""
    finished = Activity.objects.filter(module__course=measured[3].cohort.course_id)
    newest = finished.order_by("-module__position", "-position").first()
    Activity.objects.filter(pk=newest.pk).update(required=True, published_at=_after_all(measured[3]))
    done = Completion.objects.filter(enrolment=measured[1]).order_by("-completed_at").first()
    Activity.objects.filter(pk=done.activity_id).update(revision=F("revision") + 1)


def _after_all(enrolment: Enrolment) -> datetime:
    return enrolment.completions.order_by("-completed_at").first().completed_at + timedelta(hours=2)


def _agreements(people: People) -> None:
    """One in fifty has a later date, one in a hundred a standing rule; the measured student has one of each."""
    Accommodation.objects.bulk_create(Accommodation(enrolment=one, extra_days=2) for one in people.enrolments[1::100])
    due = {}
    for date in DueDate.objects.filter(cohort__in={one.cohort_id for one in people.enrolments}).order_by("pk"):
        due[date.cohort_id] = date
    later = [(one, due[one.cohort_id]) for one in people.enrolments[::50] if one.cohort_id in due]
    Extension.objects.bulk_create(
        Extension(
            enrolment=one, activity_id=d.activity_id, agreed_wall=d.suggested_wall + timedelta(days=3), zone=d.zone
        )
        for one, d in later
    )
