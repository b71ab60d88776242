"""What somebody might write into a rubric, a big task, a reason or an absence; and what these pages cost."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Enrolment
from feedback.criteria import Criteria, Criterion, Level
from feedback.models import Absence, Pause, Submission
from feedback.services import absences, assignments, news
from notifications.kinds import KINDS
from notifications.models import Notice
from tests.cast import Cast
from tests.common.mutations import KNOWN
from tests.common.payloads import HTML, MARKDOWN
from tests.conftest import SOAK
from tests.factories import feedback as make
from tests.factories.notices import notice
from tests.factories.people import UserFactory
from tests.progress.test_queries import queries

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
ALL = [*HTML, *MARKDOWN, *KNOWN]
PAYLOADS = ALL if SOAK else ALL[::8]
MOST = 12


def test_there_are_two_hundred_of_them() -> None:
    assert len(set(ALL)) >= 200


def line(payload: str, most: int) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in payload)[:most].strip() or "a"


def skeleton(page: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page and the names of their attributes."""
    tree = lxml.html.document_fromstring(page.decode())
    return [(one.tag, tuple(sorted(one.attrib))) for one in tree.iter() if isinstance(one.tag, str)]


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def test_rubric_is_words_and_nothing_else(cast: Cast, as_user: SignIn, step: Activity) -> None:
    editor, student = as_user(cast.editor), as_user(cast.student)
    pages = [(editor, f"/edit/activities/{step.pk}/rubric/"), (student, f"/lessons/{step.pk}/")]
    shapes: dict[str, Any] = {}
    for payload in ["Plain words", *PAYLOADS]:
        level = Level("one", line(payload, 120), line(payload, 1000))
        rubric = Criteria((Criterion("all", line(payload, 120), line(payload, 1000), (level,)),))
        assignments.write_rubric(step.assignment, rubric, by=cast.editor)
        for client, path in pages:
            shape = skeleton(client.get(path).content)
            assert shapes.setdefault(path, shape) == shape, payload


def test_reason_of_a_pause_is_words_and_nothing_else(cast: Cast, as_user: SignIn, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    today = timezone.now().date()
    pause = Pause.objects.create(
        cohort=cast.cohort, first=today, last=today + timedelta(days=9), reason="Ill.", by=cast.teacher
    )
    absences.pause_after_all(pause)
    teacher, path = as_user(cast.teacher), f"/cohorts/{cast.cohort.pk}/marking/settings/"
    shape = skeleton(teacher.get(path).content)
    for payload in PAYLOADS:
        Pause.objects.update(reason=line(payload, 300))
        assert skeleton(teacher.get(path).content) == shape, payload
    assert work.pk


def test_notices_are_words_and_nothing_else(cast: Cast, as_user: SignIn, step: Activity) -> None:
    work = make.hand_in(cast.enrolment, step)
    told = notice(cast.student, kind=news.MOVED, subject=work.pk, context=cast.cohort.pk)
    student = as_user(cast.student)
    shapes = []
    for payload in ["Plain words", *PAYLOADS]:
        values = {"becomes": 1.8e9, "was": 1.7e9, "why": "paused", "words": line(payload, 300)}
        named = {"title": line(payload, 100), "course": line(payload, 100)}
        Notice.objects.filter(pk=told.pk).update(values={**values, **named})
        shapes.append(skeleton(student.get("/inbox/").content))
    assert all(shape == shapes[0] for shape in shapes)
    assert news.MOVED in KINDS


def test_big_task_keeps_what_was_typed_as_words(cast: Cast, as_user: SignIn) -> None:
    editor, path = as_user(cast.editor), f"/edit/modules/{cast.module.pk}/assignments/"
    shapes = []
    for payload in ["Plain words", *PAYLOADS]:
        typed = {"task": line(payload, 120), "source": "", "parts": "1", "title_0": line(payload, 60)}
        answer = editor.post(path, {**typed, "words_0": line(payload, 2000)})
        assert answer.status_code == 422
        shapes.append(skeleton(answer.content))
    assert all(shape == shapes[0] for shape in shapes)


def test_nonsense_in_every_field_breaks_no_page(cast: Cast, as_user: SignIn, step: Activity) -> None:
    editor, teacher = as_user(cast.editor), as_user(cast.teacher)
    fields = {
        f"/edit/activities/{step.pk}/rubric/": (
            "criteria",
            "base",
            "c0_key",
            "c0_levels",
            "c0_title",
            "step",
            "copied",
        ),
        f"/edit/modules/{cast.module.pk}/assignments/": ("parts", "title_0", "step", "task"),
        f"/cohorts/{cast.cohort.pk}/marking/settings/": ("feedback_days", "counted_from"),
        f"/cohorts/{cast.cohort.pk}/marking/pauses/": ("last", "activity", "confirmed"),
        "/me/away/": ("first", "last", "substitute", "confirmed"),
    }
    for path, names in fields.items():
        client = editor if path.startswith("/edit/") else teacher
        for payload in [*PAYLOADS[::4], "9" * 5000, "-1", "1e9", "٣", "\x00", "2026-02-31"]:
            answer = client.post(path, dict.fromkeys(names, payload))
            assert answer.status_code in (200, 400, 422), (path, payload)
    assert not Absence.objects.exists()
    assert not Pause.objects.exists()


def test_pages_cost_as_much_with_many_rows_as_with_few(cast: Cast, as_user: SignIn, step: Activity) -> None:
    paths = {
        "editor": [
            f"/edit/activities/{step.pk}/rubric/",
            f"/edit/modules/{cast.module.pk}/assignments/",
            f"/edit/courses/{cast.course.pk}/",
        ],
        "teacher": [
            f"/cohorts/{cast.cohort.pk}/marking/settings/",
            f"/cohorts/{cast.cohort.pk}/marking/pauses/",
            "/me/away/",
        ],
        "admin": ["/manage/promises/"],
    }

    def costs() -> dict[str, int]:
        return {path: queries(as_user(cast.person(who)), path) for who, some in paths.items() for path in some}

    make.release(make.hand_in(cast.enrolment, step), cast.teacher)
    day = timezone.now().date() + timedelta(days=3)
    Pause.objects.create(cohort=cast.cohort, activity=step, first=day, last=day, reason="Ill.")
    Absence.objects.create(person=cast.teacher, first=day, last=day, substitute=cast.assistant)
    few = costs()
    for number in range(3):
        other = make.assignment(cast.module, f"Another {number}")
        make.assignment(cast.module, f"Bare {number}", rubric=None)
        pupil = Enrolment.objects.create(user=UserFactory(), cohort=cast.cohort, started_on=cast.cohort.starts_on)
        make.release(make.hand_in(pupil, other), cast.teacher)
        Pause.objects.create(cohort=cast.cohort, activity=other, first=day, last=day, reason="Ill.")
        Absence.objects.create(person=cast.teacher, first=day, last=day, substitute=cast.assistant)
    many = costs()
    assert Submission.objects.count() == 4
    assert {path: (few[path], many[path]) for path in few if many[path] > few[path] or many[path] > MOST} == {}
