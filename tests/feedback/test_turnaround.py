"""How long half of feedback takes, and the share of promises kept."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Enrolment
from feedback.models import Submission
from feedback.pages import promises as pages
from feedback.selectors import turnaround
from feedback.selectors.reading import pace
from feedback.selectors.turnaround import Week
from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db
AsUser = Callable[[User | None], Client]
WEDNESDAY = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> object:
    with time_machine.travel(WEDNESDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def work(enrolment: Enrolment, step: Activity, attempt: int, **values: object) -> Submission:
    came = values.pop("came", WEDNESDAY - timedelta(days=20))
    given = {"promised_at": WEDNESDAY - timedelta(days=8), **values}
    return Submission.objects.create(
        enrolment=enrolment, activity=step, attempt=attempt, key=uuid4(), counts_at=came, sent_at=came, **given
    )


def test_what_is_late_now_is_named_by_cohort_with_a_way_to_it(cast: Cast, step: Activity, as_user: AsUser) -> None:
    work(cast.enrolment, step, 1, promised_at=WEDNESDAY - timedelta(days=2))
    work(cast.enrolment, step, 2, promised_at=WEDNESDAY - timedelta(days=1))
    work(cast.enrolment, step, 3, promised_at=WEDNESDAY + timedelta(days=1))
    work(cast.enrolment, step, 4, promised_at=WEDNESDAY - timedelta(days=5), release_at=WEDNESDAY - timedelta(days=4))
    work(cast.enrolment, step, 5, promised_at=WEDNESDAY - timedelta(days=9), taken_back_at=WEDNESDAY)
    (late,) = turnaround.late(WEDNESDAY)
    assert (late.name, late.count, late.since) == ("Morning group", 2, WEDNESDAY - timedelta(days=2))
    page = as_user(cast.admin).get("/manage/promises/").content.decode()
    assert "2 pieces of work, the first promised by" in page
    assert f"?cohort={cast.cohort.pk}" in page
    assert as_user(cast.admin).get(f"/marking/?cohort={cast.cohort.pk}").status_code == 200


def test_half_is_said_of_five_pieces_and_not_of_four(cast: Cast, step: Activity) -> None:
    came = WEDNESDAY - timedelta(days=20)
    for number, hours in enumerate((10, 20, 30, 400), 1):
        work(cast.enrolment, step, number, came=came, release_at=came + timedelta(hours=hours))
    mine = work(cast.enrolment, step, 9, promised_at=WEDNESDAY + timedelta(days=2))
    assert pace(mine, timezone.now()).half_within is None
    # What nobody can read yet says nothing, nor what was long ago, or elsewhere.
    work(cast.enrolment, step, 5, came=came, release_at=WEDNESDAY + timedelta(hours=1))
    old = WEDNESDAY - timedelta(days=120)
    work(cast.enrolment, step, 6, came=old, release_at=old + timedelta(hours=1))
    work(Enrolment.objects.get(user=cast.elsewhere_student), step, 1, release_at=WEDNESDAY)
    assert pace(mine, timezone.now()).half_within is None
    work(cast.enrolment, step, 7, came=came, release_at=came + timedelta(hours=40))
    assert pace(mine, timezone.now()).half_within == timedelta(hours=30)


def test_promise_is_kept_by_its_day_and_broken_once(cast: Cast, step: Activity) -> None:
    last, this = date(2026, 11, 16), date(2026, 11, 23)
    passed = WEDNESDAY - timedelta(days=8)  # a Tuesday
    work(cast.enrolment, step, 1, release_at=passed - timedelta(minutes=1))
    work(cast.enrolment, step, 2, release_at=passed)
    # Late, before a beat saw it; broken and given later; broken and moved and still waiting.
    work(cast.enrolment, step, 3, release_at=passed + timedelta(minutes=1))
    work(cast.enrolment, step, 4, promised_at=WEDNESDAY, broken_at=passed, release_at=WEDNESDAY - timedelta(hours=2))
    work(cast.enrolment, step, 5, promised_at=WEDNESDAY + timedelta(days=1), broken_at=passed)
    # Moved in time, and kept this week.
    work(
        cast.enrolment,
        step,
        6,
        promised_at=WEDNESDAY,
        first_promised_at=passed,
        release_at=WEDNESDAY - timedelta(hours=1),
    )
    # Waiting, and taken back.
    work(cast.enrolment, step, 7, promised_at=WEDNESDAY + timedelta(days=2))
    work(cast.enrolment, step, 8, promised_at=None, taken_back_at=passed)
    found = {one.first: one for one in turnaround.weeks(timezone.now()) if one.count}
    assert found == {last: Week(last, 2, 3), this: Week(this, 1, 0)}
    assert turnaround.weeks(timezone.now(), cast.course.pk) == turnaround.weeks(timezone.now())
    assert not any(one.count for one in turnaround.weeks(timezone.now(), 0))
    assert len(turnaround.weeks(timezone.now())) == turnaround.WEEKS


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(0, 0, "0%"), (0, 9, "0%"), (1, 900, "1%"), (899, 900, "99%"), (9, 9, "100%")]
)
def test_only_all_of_it_is_a_hundred_percent(part: int, whole: int, words: str) -> None:
    assert pages.percent(part, whole) == words


def test_bars_are_as_high_as_their_share() -> None:
    drawn = pages.kept([Week(date(2026, 11, 16), 3, 1), Week(date(2026, 11, 23), 0, 0)])
    assert drawn.drawing
    [lane] = drawn.drawing.lanes
    assert [shape.path for shape in lane.shapes] == ["M0 25h16v75h-16z", "M0 0h16v25h-16z"]
    assert drawn.drawing.table.rows == [["23 Nov 2026", "0", "0", "–"], ["16 Nov 2026", "3", "1", "75%"]]
    assert drawn.sentence == "In the last 2 weeks 4 promises came to their day; 75% of them were kept."


def test_admin_sees_shares_and_no_name_of_anybody(cast: Cast, step: Activity, as_user: AsUser) -> None:
    for person in (cast.teacher, cast.student, cast.assistant):
        User.objects.filter(pk=person.pk).update(display_name="Canary Bird")
    client = as_user(cast.admin)
    assert "Nothing to show yet" in client.get("/manage/promises/").content.decode()
    made = work(cast.enrolment, step, 1, release_at=WEDNESDAY - timedelta(days=9))
    Submission.objects.filter(pk=made.pk).update(marker=cast.teacher)
    page = client.get("/manage/promises/").content.decode()
    assert "1 promise came to its day; 100% was kept" in page
    assert "Canary" not in page
    assert "Bees and flowers" not in page  # one course is no choice
    assert client.get(f"/manage/promises/?course={cast.course.pk}").status_code == 200
    assert client.get("/manage/promises/?course=no").status_code == 200
    assert "/manage/promises/" in client.get("/manage/").content.decode()
