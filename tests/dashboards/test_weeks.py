"""The weeks of a class and of a student: every number is exact, and a drawing holds those of its table."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from common.drawing import Drawing
from courses.models import Accommodation, Activity, Cohort, DayOff, Enrolment, Extension
from dashboards.pages.weeks import working_days
from feedback.models import Marking, Submission
from progress.fields import literal
from progress.models import Completion, Presence, Waiting
from tests.cast import Cast
from tests.dashboards.steps import NOW, due, text
from tests.factories import courses as make
from tests.factories import feedback as work
from tests.factories import talks

pytestmark = pytest.mark.usefixtures("clock")
AsUser = Callable[[User | None], Client]
# Weeks of the cohort, by the clocks of Berlin.
WEEKS = [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]
# Sunday's midnight between the first two of them.
MIDNIGHT = datetime(2026, 11, 8, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def cohort(cast: Cast) -> Cohort:
    """Two students in Berlin, since four weeks."""
    Cohort.objects.filter(pk=cast.cohort.pk).update(starts_on=WEEKS[0])
    Enrolment.objects.filter(cohort=cast.cohort).update(started_on=WEEKS[0])
    User.objects.filter(enrolments__cohort=cast.cohort).update(timezone="Europe/Berlin")
    cast.cohort.refresh_from_db()
    cast.student.refresh_from_db()
    return cast.cohort


def of(person: User, cohort: Cohort) -> Enrolment:
    return Enrolment.objects.get(user=person, cohort=cohort)


def done(enrolment: Enrolment, activity: Activity, at: datetime, until: datetime | None = None) -> None:
    values = {"how": "marked", "activity_revision": 1, "withdrawable_by": "student"}
    Completion.objects.create(enrolment=enrolment, activity=activity, completed_at=at, withdrawn_at=until, **values)


def at_work(enrolment: Enrolment, day: date, *parts: tuple[int, int]) -> None:
    Presence.objects.create(enrolment=enrolment, day=day, minutes=literal(parts))


def class_of(client: Client, cast: Cast) -> dict:
    """As it is now: nothing is kept of it."""
    cache.clear()
    response = client.get(f"/teach/cohorts/{cast.cohort.pk}/weeks/")
    assert response.status_code == 200
    return response.context


def own(client: Client, cast: Cast) -> dict:
    response = client.get(f"/courses/{cast.course.pk}/my-weeks/")
    assert response.status_code == 200
    return response.context


@pytest.fixture
def teacher(cast: Cast, as_user: AsUser) -> Client:
    return as_user(cast.teacher)


@pytest.fixture
def student(cast: Cast, as_user: AsUser) -> Client:
    return as_user(cast.student)


def sixths(found: list[float]) -> list[int]:
    assert all(abs(share * 6 - round(share * 6)) < 1e-6 for share in found)
    return [round(share * 6) for share in found]


def test_progress_is_the_mean_share_of_required_lessons_as_it_stood(cast: Cast, teacher: Client) -> None:
    mine, other = of(cast.student, cast.cohort), of(cast.other_student, cast.cohort)
    done(mine, cast.reading, MIDNIGHT - SECOND)
    done(other, cast.reading, MIDNIGHT)
    # Withdrawn a week later; and a tick that was taken back at once and made again, with the seconds of before.
    done(mine, cast.file, MIDNIGHT + timedelta(days=2), until=MIDNIGHT + timedelta(days=9))
    done(mine, cast.link, NOW - timedelta(hours=3), until=NOW - timedelta(hours=1))
    done(mine, cast.link, NOW - timedelta(hours=2))
    way = class_of(teacher, cast)["way"]
    assert [week.first for week in way.weeks] == WEEKS
    assert sixths([week.done for week in way.weeks]) == [1, 3, 2, 3]
    assert [week.steps for week in way.weeks] == [1, 2, 0, 1]
    assert (way.students, way.steps, way.has_dates) == (2, 3, False)


def test_who_left_what_is_not_shown_and_what_is_optional_do_not_count(cast: Cast, teacher: Client) -> None:
    gone = make.EnrolmentFactory(cohort=cast.cohort, state="left")
    optional = make.reading(cast.module, position=9, required=False)
    for enrolment in (gone, of(cast.student, cast.cohort), of(cast.observer, cast.cohort)):
        done(enrolment, cast.reading, MIDNIGHT - SECOND)
        done(enrolment, cast.draft, MIDNIGHT - SECOND)
        done(enrolment, optional, MIDNIGHT)
        at_work(enrolment, WEEKS[0], (600, 630))
    done(of(cast.elsewhere_student, cast.elsewhere), cast.reading, MIDNIGHT - SECOND)
    due(cast.cohort, cast.draft, MIDNIGHT - SECOND)
    due(cast.cohort, optional, MIDNIGHT - SECOND)
    way = class_of(teacher, cast)["way"]
    assert sixths([week.done for week in way.weeks]) == [1, 1, 1, 1]
    assert [(week.steps, week.active, week.minutes) for week in way.weeks] == [(1, 1, 30), (1, 0, 0), *[(0, 0, 0)] * 2]
    assert not way.has_dates
    assert "No required lesson has a date" in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/weeks/")


def test_plan_is_what_was_due_for_each_student(cast: Cast, teacher: Client) -> None:
    other = of(cast.other_student, cast.cohort)
    due(cast.cohort, cast.reading, MIDNIGHT - SECOND)
    due(cast.cohort, cast.file, MIDNIGHT)
    due(cast.cohort, cast.link, NOW + timedelta(minutes=1))
    Extension.objects.create(
        enrolment=other, activity=cast.file, agreed_wall=datetime(2026, 11, 18, 12), zone="UTC", by_student=False
    )
    shares = [week.due for week in class_of(teacher, cast)["way"].weeks]
    assert sixths(shares) == [2, 3, 4, 4]
    Accommodation.objects.create(enrolment=other, extra_days=7)
    assert sixths([week.due for week in class_of(teacher, cast)["way"].weeks]) == [1, 3, 4, 4]


def test_who_is_excused_has_less_to_do(cast: Cast, teacher: Client) -> None:
    other = of(cast.other_student, cast.cohort)
    for step in (cast.file, cast.link):
        Waiting.objects.create(enrolment=other, activity=step, waits_for="nobody", since=MIDNIGHT)
        due(cast.cohort, step, MIDNIGHT - SECOND)
    done(other, cast.reading, MIDNIGHT - SECOND)
    # Done and excused is done.
    done(other, cast.file, MIDNIGHT)
    found = class_of(teacher, cast)["way"].weeks
    # One of two and then two of two, beside nothing of three.
    assert [round(week.done, 6) for week in found] == [0.25, 0.5, 0.5, 0.5]
    assert [round(week.due, 6) for week in found] == [round((1 / 2 + 2 / 3) / 2, 6)] * 4


def test_study_counts_students_once_a_week_and_minutes_once(cast: Cast, teacher: Client) -> None:
    mine, other = of(cast.student, cast.cohort), of(cast.other_student, cast.cohort)
    at_work(mine, date(2026, 11, 8), (600, 630), (700, 710))
    at_work(mine, date(2026, 11, 9), (0, 5))
    at_work(mine, date(2026, 11, 10), (1430, 1440))
    at_work(other, date(2026, 11, 15), (600, 661))
    at_work(other, date(2026, 11, 16))
    at_work(other, date(2026, 11, 1), (600, 700))
    found = class_of(teacher, cast)
    assert [(week.active, week.minutes) for week in found["way"].weeks] == [(1, 40), (2, 76), (0, 0), (0, 0)]
    assert found["activity"].gist == (
        "Last week 0 of 2 students studied, 0 min in all. This week so far: 0 of 2 students, 0 min in all."
    )
    students, time = found["activity"].drawing.lanes
    assert (students.marks, time.marks) == (["2", "0"], ["2 h", "0"])
    assert students.shapes[0].path == "M0 50h16v50h-16zM20 0h16v100h-16z"


def sent(
    enrolment: Enrolment, step: Activity, attempt: int, came: datetime, back: datetime | None, **values: object
) -> None:
    given = {"promised_at": back, **values}
    Submission.objects.create(
        enrolment=enrolment,
        activity=step,
        attempt=attempt,
        key=uuid4(),
        counts_at=came,
        sent_at=came,
        release_at=back,
        **given,
    )


def wall(day: int, hour: int, minute: int = 0) -> datetime:
    """In November, by the clocks of the cohort."""
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo("Europe/Berlin"))


def test_feedback_is_counted_in_working_days_as_promises_are(cast: Cast, teacher: Client) -> None:
    step, mine = work.assignment(cast.module), of(cast.student, cast.cohort)
    DayOff.objects.create(cohort=cast.cohort, day=date(2026, 11, 12), typed=True)
    # The same day; from Tuesday after five, which is Wednesday, to Friday with Thursday off; over a weekend.
    sent(mine, step, 1, wall(3, 9), wall(3, 16))
    sent(mine, step, 2, wall(10, 17, 1), wall(13, 12), broken_at=wall(12, 17))
    sent(mine, step, 3, wall(6, 12), wall(9, 12))
    # After five counts as the next; what is handed in on a Saturday came on Monday.
    sent(mine, step, 4, wall(13, 9), wall(17, 17, 1), promised_at=wall(17, 17))
    sent(mine, step, 5, wall(14, 9), wall(16, 9))
    # Neither what nobody can read yet, nor what was given back before these weeks, nor what is of another cohort.
    sent(mine, step, 6, wall(23, 9), NOW + SECOND)
    sent(mine, step, 7, datetime(2026, 10, 27, 9, tzinfo=UTC), datetime(2026, 11, 1, 22, 59, 59, tzinfo=UTC))
    sent(of(cast.elsewhere_student, cast.elsewhere), step, 1, wall(3, 9), wall(13, 9))
    found = class_of(teacher, cast)["feedback"]
    assert found.drawing.table.rows == [
        ["23 Nov 2026", "0", "–", "0", "0", "–"],
        ["16 Nov 2026", "2", "1.5 working days", "1", "1", "50%"],
        ["9 Nov 2026", "2", "1 working day", "1", "1", "50%"],
        ["2 Nov 2026", "1", "0 working days", "1", "0", "100%"],
    ]
    assert found.gist == (
        "5 pieces of work were given back, half of them within 1 working day. 60% of the promises were kept."
    )
    days, promises = found.drawing.lanes
    # Promises of a cohort that moves together count from the due date, and are not drawn.
    assert (days.marks, len(days.shapes)) == (["2", "0"], 2)
    assert days.shapes[0].path == "M8 100L28 50L48 25"
    assert promises.shapes[0].path == "M0 0h16v100h-16zM20 50h16v50h-16zM40 50h16v50h-16z"


def test_promise_that_counts_from_handing_in_is_drawn_beside_the_feedback(cast: Cast, teacher: Client) -> None:
    Marking.objects.create(cohort=cast.cohort, counted_from=Marking.From.HANDED_IN)
    step, mine = work.assignment(cast.module), of(cast.student, cast.cohort)
    # Broken, and not given back yet: nothing is known of how long it took.
    sent(mine, step, 1, wall(3, 9), None, promised_at=wall(6, 17), broken_at=wall(6, 17))
    found = class_of(teacher, cast)["feedback"]
    assert found.gist == "0% of the promises were kept."
    promise, line, *_ = found.drawing.lanes[0].shapes
    assert (promise.label, promise.path, line.path) == ("Promised", "M8 0L28 0L48 0L68 0", "")


@pytest.mark.parametrize(
    ("count", "words"),
    [(0.0, "0 working days"), (1.0, "1 working day"), (2.0, "2 working days"), (2.5, "2.5 working days")],
)
def test_whole_days_are_said_as_whole(count: float, words: str) -> None:
    assert working_days(count) == words


def test_last_weeks_alone_are_drawn_and_the_page_says_so(cast: Cast, teacher: Client) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(starts_on=date(2026, 1, 5))
    done(of(cast.student, cast.cohort), cast.reading, datetime(2026, 1, 6, tzinfo=UTC))
    due(cast.cohort, cast.reading, datetime(2026, 1, 7, tzinfo=UTC))
    found = class_of(teacher, cast)
    assert (len(found["way"].weeks), found["way"].weeks[-1].first) == (26, WEEKS[-1])
    # What was done before counts, but not as done in a week.
    assert sixths([week.done for week in found["way"].weeks]) == [1] * 26
    assert sixths([week.due for week in found["way"].weeks]) == [2] * 26
    assert not any(week.steps for week in found["way"].weeks)
    assert "You see the last 26 weeks." in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/weeks/")


def test_weeks_end_with_the_cohort(cast: Cast, teacher: Client) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(ends_on=date(2026, 11, 15))
    done(of(cast.student, cast.cohort), cast.reading, MIDNIGHT)
    done(of(cast.student, cast.cohort), cast.file, NOW - SECOND)
    found = class_of(teacher, cast)["way"].weeks
    assert [week.first for week in found] == WEEKS[:2]
    assert sixths([week.done for week in found]) == [0, 1]


def test_cohort_that_has_not_begun_or_has_no_one(cast: Cast, teacher: Client) -> None:
    path = f"/teach/cohorts/{cast.cohort.pk}/weeks/"

    def read() -> str:
        cache.clear()
        return text(teacher, path)

    Cohort.objects.filter(pk=cast.cohort.pk).update(starts_on=date(2026, 11, 25))
    assert "This cohort starts on Wednesday 25 November 2026" in read()
    Cohort.objects.filter(pk=cast.cohort.pk).update(starts_on=WEEKS[0])
    assert "No one has studied in these weeks" in read()
    assert "No work was given back in these weeks" in read()
    Enrolment.objects.filter(cohort=cast.cohort, role="student").update(state="left")
    assert "No one is in this cohort yet" in read()
    Activity.objects.filter(module=cast.module).update(published=False)
    Enrolment.objects.filter(cohort=cast.cohort, role="student").update(state="active")
    assert "no required lessons yet" in read()


def test_class_is_read_once_in_five_minutes_and_the_page_says_how_old_it_is(
    cast: Cast, teacher: Client, clock: time_machine.Traveller
) -> None:
    path, mine = f"/teach/cohorts/{cast.cohort.pk}/weeks/", of(cast.student, cast.cohort)
    assert "worked out" not in text(teacher, path)
    done(mine, cast.reading, NOW - timedelta(hours=1))
    clock.shift(timedelta(minutes=4))
    page = text(teacher, path)
    assert "These numbers were worked out 4\xa0minutes ago." in page
    assert "has done 0% of" in page
    # Not those of another cohort.
    elsewhere = Cohort.objects.filter(pk=cast.elsewhere.pk)
    elsewhere.update(starts_on=WEEKS[0])
    Enrolment.objects.create(cohort=elsewhere.get(), user=cast.teacher, role="teacher", started_on=WEEKS[0])
    assert "worked out" not in text(teacher, f"/teach/cohorts/{cast.elsewhere.pk}/weeks/")
    clock.shift(timedelta(minutes=2))
    page = text(teacher, path)
    assert "worked out" not in page
    assert "has done 17% of" in page


def test_first_visit_asks_no_more_than_twelve_queries(cast: Cast, teacher: Client) -> None:
    path = f"/teach/cohorts/{cast.cohort.pk}/weeks/"
    text(teacher, path)
    cache.clear()
    with CaptureQueriesContext(connection) as captured:
        text(teacher, path)
    # A transaction within that of the test is said in statements; alone, it is not.
    asked = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(asked) <= 12, asked


def cells(page: str) -> list[list[str]]:
    return [
        re.findall(r"<t[hd][^>]*>([^<]*)<", row)
        for body in re.findall(r"<tbody>(.*?)</tbody>", page, re.S)
        for row in body.split("</tr>")[:-1]
    ]


def heights(drawing: Drawing, lane: int, look: str) -> list[float]:
    """Of a line, in percent from the foot."""
    path = next(shape.path for shape in drawing.lanes[lane].shapes if shape.look == look)
    return [100 - float(y) for y in re.findall(r"[ML]\d+ ([\d.]+)", path)]


def test_tables_hold_what_is_drawn(cast: Cast, teacher: Client) -> None:
    mine = of(cast.student, cast.cohort)
    due(cast.cohort, cast.reading, MIDNIGHT - SECOND)
    done(mine, cast.reading, MIDNIGHT)
    at_work(mine, WEEKS[1], (600, 630))
    drawing = class_of(teacher, cast)["progress"].drawing
    listed = [row[1:] for row in drawing.table.rows][::-1]
    assert [f"{height:.0f}%" for height in heights(drawing, 0, "line")] == [row[0] for row in listed]
    assert [f"{height:.0f}%" for height in heights(drawing, 0, "dashes")] == [row[1] for row in listed]
    assert listed == [["0%", "33%"], ["17%", "33%"], ["17%", "33%"], ["17%", "33%"]]
    shown = cells(text(teacher, f"/teach/cohorts/{cast.cohort.pk}/weeks/"))
    assert ["9 Nov 2026", "17%", "33%"] in shown
    assert ["9 Nov 2026", "1", "30 min"] in shown


# A student's own.


def test_student_sees_their_own_past_and_dates(cast: Cast, student: Client) -> None:
    mine, other = of(cast.student, cast.cohort), of(cast.other_student, cast.cohort)
    optional = make.reading(cast.module, position=9, required=False)
    due(cast.cohort, cast.reading, MIDNIGHT - SECOND)
    due(cast.cohort, cast.file, NOW - SECOND)
    Accommodation.objects.create(enrolment=mine, extra_days=1)
    for step in (cast.reading, cast.file, cast.link):
        done(other, step, MIDNIGHT - SECOND)
    at_work(other, WEEKS[0], (0, 600))
    done(mine, cast.reading, MIDNIGHT)
    done(mine, optional, MIDNIGHT)
    at_work(mine, date(2026, 11, 9), (600, 655))
    found = own(student, cast)["weeks"]
    assert found.progress.gist == "You have done 1 of 3 required lessons. Your dates ask for 1 by now."
    assert found.progress.drawing.table.rows == [
        ["23 Nov 2026", "33%", "33%"],
        ["16 Nov 2026", "33%", "33%"],
        ["9 Nov 2026", "33%", "33%"],
        ["2 Nov 2026", "0%", "0%"],
    ]
    assert found.study.gist == "In these weeks you have studied for 55 min and done 2 lessons."
    assert [row[1:] for row in found.study.drawing.table.rows] == [
        ["0 min", "0"],
        ["0 min", "0"],
        ["55 min", "2"],
        ["0 min", "0"],
    ]


def test_weeks_of_a_student_are_those_of_their_own_clocks(cast: Cast, as_user: AsUser) -> None:
    User.objects.filter(pk=cast.student.pk).update(timezone="America/New_York")
    cast.student.refresh_from_db()
    client, mine = as_user(cast.student), of(cast.student, cast.cohort)
    done(mine, cast.reading, MIDNIGHT + timedelta(hours=5, minutes=59))
    done(mine, cast.file, MIDNIGHT + timedelta(hours=6))
    rows = own(client, cast)["weeks"].study.drawing.table.rows
    assert [row[2] for row in rows[::-1]] == ["1", "1", "0", "0"]


def test_student_looks_back_at_their_own_answers(cast: Cast, student: Client, clock: time_machine.Traveller) -> None:
    clock.move_to(MIDNIGHT - timedelta(minutes=2))
    talks.answered(cast.cohort, cast.teacher, cast.student, "on track", "Fine.")
    talks.answered(cast.cohort, cast.teacher, cast.other_student, "stuck")
    clock.move_to(MIDNIGHT)
    talks.answered(cast.cohort, cast.teacher, cast.student, "word")
    clock.move_to(NOW)
    found = own(student, cast)["weeks"].answers
    assert found.gist == "You answered 2 check-ins."
    assert found.drawing.table.heads == ["Week from", "On track", "A bit behind", "Stuck", "I’d like a word"]
    assert found.drawing.table.rows[::-1][:2] == [["2 Nov 2026", "1", "", "", ""], ["9 Nov 2026", "", "", "", "1"]]
    assert found.drawing.lanes[0].shapes[0].path == "M8 12.5h0M28 87.5h0"


def test_page_of_a_student_says_kindly_that_there_is_nothing(cast: Cast, student: Client) -> None:
    path = f"/courses/{cast.course.pk}/my-weeks/"
    due(cast.cohort, cast.reading, MIDNIGHT)
    done(of(cast.other_student, cast.cohort), cast.reading, MIDNIGHT)
    assert "After your first week it is drawn here." in text(student, path)
    Enrolment.objects.filter(user=cast.student).update(started_on=date(2026, 11, 30))
    assert "You start on Monday 30 November 2026." in text(student, path)


def test_who_joins_a_cohort_that_has_ended_sees_their_weeks_until_today(cast: Cast, student: Client) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(ends_on=date(2026, 11, 8))
    Enrolment.objects.filter(user=cast.student).update(started_on=date(2026, 11, 12))
    done(of(cast.student, cast.cohort), cast.reading, NOW - SECOND)
    assert [row[0] for row in own(student, cast)["weeks"].study.drawing.table.rows] == [
        "23 Nov 2026",
        "16 Nov 2026",
        "9 Nov 2026",
    ]


def test_page_of_a_student_speaks_of_nobody_else(cast: Cast, student: Client) -> None:
    for person in (cast.other_student, cast.teacher):
        User.objects.filter(pk=person.pk).update(display_name="Canary Bird")
    done(of(cast.student, cast.cohort), cast.reading, MIDNIGHT)
    page = text(student, f"/courses/{cast.course.pk}/my-weeks/").split("<main", 1)[1]
    assert "Canary" not in page
    assert not re.search(r"\b(average|rank|class|behind others|students)\b", page.replace("class=", ""))


def test_course_and_dates_lead_to_the_weeks_of_a_student(cast: Cast, student: Client, teacher: Client) -> None:
    address = f'href="/courses/{cast.course.pk}/my-weeks/"'
    assert address in text(student, f"/courses/{cast.course.pk}/")
    assert address in text(student, "/dates/")
    assert address not in text(teacher, f"/courses/{cast.course.pk}/")
    assert f'href="/teach/cohorts/{cast.cohort.pk}/weeks/"' in text(teacher, f"/teach/cohorts/{cast.cohort.pk}/")
