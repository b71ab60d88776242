"""A school of any size beside what the bench fills once: written by statements, and gone afterwards."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import OutgoingMail, User
from bench import inside
from courses.models import Activity, Cohort, Course, Enrolment, Module
from notifications.models import Mailbox, Notice

STUDENTS_EACH = 1000  # of a cohort
PEOPLE = """
INSERT INTO accounts_user (username, email, display_name, timezone, password, language, minor, is_active, is_staff,
                           joined_at, reached_at, theme, text_size, reading_font, captions, playback_percent, low_data)
SELECT 'school' || i, 'school' || i || '@example.org', 'Student ' || i, (%(zones)s::text[])[1 + mod(i, %(few)s)], '!',
       'en-gb', false, true, false, now(), now(), 'system', 'normal', 'serif', true, 100, false
  FROM generate_series(1, %(students)s) AS i RETURNING id
"""
COURSE = """
INSERT INTO courses_course (title, summary, language, licence, origin, created_at)
VALUES ('School', '', 'en', '', '', now()) RETURNING id
"""
MODULE = """
INSERT INTO courses_module (course_id, title, position, published, origin)
VALUES (%(course)s, 'All', 0, true, '') RETURNING id
"""
ACTIVITIES = """
INSERT INTO courses_activity (module_id, kind, title, heading, position, minutes, minutes_by_hand, required, published,
                              published_at, rule, dwell_seconds, revision, origin)
SELECT %(module)s, 'reading', 'Reading ' || i, '', i, 10, false, true, true, now(), 'read', 0, 1, ''
  FROM generate_series(1, %(dates)s) AS i
"""
COHORTS = """
INSERT INTO courses_cohort (course_id, name, timezone, pacing, starts_on, feedback_days)
SELECT %(course)s, 'School ' || i, %(zone)s, 'scheduled', %(first)s, 3 FROM generate_series(1, %(cohorts)s) AS i
"""
ENROLMENTS = """
INSERT INTO courses_enrolment (user_id, cohort_id, role, started_on, state, state_changed_at)
SELECT u.id, h.id, 'student', %(first)s, 'active', now()
  FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM unnest(%(people)s::bigint[]) AS id) AS u
  JOIN (SELECT id, row_number() OVER (ORDER BY id) AS place FROM courses_cohort WHERE course_id = %(course)s) AS h
    ON h.place = 1 + mod(u.place, %(cohorts)s)
"""
DUE = """
INSERT INTO courses_duedate (cohort_id, activity_id, zone, suggested_wall)
SELECT h.id, a.id, %(zone)s, %(wall)s FROM courses_cohort h CROSS JOIN courses_activity a
 WHERE h.course_id = %(course)s AND a.module_id = %(module)s
"""
NOTICES = """
INSERT INTO notifications_notice (person_id, kind, subject, context, lead, local_day, "values", not_before, planned_at,
                                  state, reason, settled_at, in_inbox, mail_by, mail_reason)
SELECT %(person)s, 'due_soon', (%(activities)s::bigint[])[1 + mod(i, %(few)s)], 0, 1, current_date - i / %(few)s,
       jsonb_build_object('title', 'Reading ' || i, 'minutes', 10, 'course', 'School', 'module', 'All',
                          'due', date_part('epoch', now())),
       now(), now(), 'told', '', now() - make_interval(hours => i), true, '', ''
  FROM generate_series(1, %(count)s) AS i
"""


@transaction.atomic
def fill(students: int, dates: int, *, at: datetime, zone: str = "UTC", zones: tuple[str, ...] = ()) -> list[int]:
    """Students of a course of so many dates, all of them at the wall time of `at` in `zone`; their ids."""
    first = (timezone.now() - timedelta(days=30)).date()
    given = {"students": students, "dates": dates, "zone": zone, "first": first, "wall": at.replace(tzinfo=None)}
    given["cohorts"] = max(students // STUDENTS_EACH, 1)
    given["zones"] = list(zones or ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Sydney"))
    given["few"] = len(given["zones"])
    with inside.without_triggers(), connection.cursor() as cursor:
        for name, statement in (("people", PEOPLE), ("course", COURSE), ("module", MODULE)):
            cursor.execute(statement, given)
            ids = [found for (found,) in cursor.fetchall()]
            given[name] = ids if name == "people" else ids[0]
        for statement in (ACTIVITIES, COHORTS, ENROLMENTS, DUE):
            cursor.execute(statement, given)
    inside.analyse()
    return given["people"]


def due_now(students: int) -> None:
    """Students to whom a reminder of tomorrow's date goes at this hour, wherever that is a decent one."""
    now = timezone.now()
    # Where it is about six in the evening; the names of these zones have their sign the other way round.
    ahead = (18 - now.hour + 12) % 24 - 12
    there = now + timedelta(hours=ahead)
    zone = f"Etc/GMT{-ahead:+d}"
    at = there.replace(hour=20, minute=0, second=0, microsecond=0) + timedelta(days=1)
    fill(students, 1, at=at, zone=zone, zones=(zone,))


def reader(notices: int) -> User:
    """Somebody whose inbox holds so many, the latest tenth of them unread."""
    person = User.objects.get(pk=fill(1, 50, at=timezone.now())[0])
    activities = list(Activity.objects.filter(module__course__title="School").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        given = {"person": person.pk, "count": notices, "activities": activities, "few": len(activities)}
        cursor.execute(NOTICES, given)
    unread = Notice.objects.filter(person=person).order_by("-settled_at").values("pk")[: notices // 10]
    Notice.objects.filter(person=person).exclude(pk__in=unread).update(read_at=timezone.now())
    Mailbox.objects.create(person=person, unread=notices // 10)
    return person


def take_back() -> None:
    """What `fill` committed, in this run or in one that was ended."""
    people = User.objects.filter(username__regex=r"^school\d+$")
    for model in (Notice, OutgoingMail, Mailbox):
        model.objects.filter(person__in=people).delete()
    Enrolment.objects.filter(user__in=people).delete()
    people.delete()
    for course in Course.objects.filter(title="School"):
        Cohort.objects.filter(course=course).delete()
        Module.objects.filter(course=course).delete()
        course.delete()
