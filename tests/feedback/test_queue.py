"""The queue of those who mark: what is in it, in which order, and what it costs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, DueDate, Enrolment
from feedback.models import Submission
from feedback.selectors.queue import Filter, Listed, Show, around
from tests.cast import Cast
from tests.factories import courses as make_course
from tests.factories import feedback as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def student(cast: Cast, name: str) -> Enrolment:
    return make_course.EnrolmentFactory(user=UserFactory(display_name=name), cohort=cast.cohort)


def works(cast: Cast, step: Activity, *names: str) -> list[Submission]:
    """Promised an hour apart, the last named first."""
    now, made = timezone.now(), []
    for number, name in enumerate(names):
        made.append(make.hand_in(student(cast, name), step))
        Submission.objects.filter(pk=made[-1].pk).update(promised_at=now + timedelta(days=9, hours=-number))
    return made


def page(client: Client, query: str = "") -> str:
    return client.get(f"/marking/{query}").content.decode()


def names(text: str, *known: str) -> list[str]:
    return sorted((name for name in known if name in text), key=text.index)


def test_what_is_closest_to_breaking_comes_first(cast: Cast, as_user: SignIn, step: Activity) -> None:
    works(cast, step, "Ann", "Ben", "Cleo")
    assert names(page(as_user(cast.teacher)), "Ann", "Ben", "Cleo") == ["Cleo", "Ben", "Ann"]


def test_a_sentence_says_how_much_and_what_is_next(cast: Cast, as_user: SignIn, step: Activity) -> None:
    client = as_user(cast.teacher)
    assert "Nothing to mark." in page(client)
    assert "Everything is marked" in page(client)
    works(cast, step, "Ann", "Ben")
    later = timezone.now() + timedelta(days=1)
    Submission.objects.update(promised_at=later)
    assert "Two to mark; the next is promised for tomorrow" in page(client)


def test_a_promise_that_was_broken_is_told_as_late_and_one_that_is_near_as_soon(
    cast: Cast, as_user: SignIn, step: Activity
) -> None:
    (one,) = works(cast, step, "Ann")
    soon = timezone.now() + timedelta(hours=5)
    Submission.objects.update(promised_at=soon)
    assert "tag soon" in page(as_user(cast.teacher))
    Submission.objects.filter(pk=one.pk).update(broken_at=timezone.now())
    text = page(as_user(cast.teacher))
    assert "promise broken; now by" in text
    assert "tag late" in text


def test_late_work_is_told(cast: Cast, as_user: SignIn, step: Activity) -> None:
    works(cast, step, "Ann")
    assert ">late<" not in page(as_user(cast.teacher))
    DueDate.objects.create(cohort=cast.cohort, activity=step, zone="UTC", suggested_wall="2020-01-01T10:00")
    assert "late</span>" in page(as_user(cast.teacher))


def test_mine_free_and_all(cast: Cast, as_user: SignIn, step: Activity) -> None:
    ann, ben, _ = works(cast, step, "Ann", "Ben", "Cleo")
    client = as_user(cast.teacher)
    client.post(f"/marking/{ann.pk}/take/", {"list": "yes"})
    as_user(cast.assistant).post(f"/marking/{ben.pk}/take/")
    every = ("Ann", "Ben", "Cleo")
    assert names(page(client, "?show=mine"), *every) == ["Ann"]
    assert names(page(client, "?show=free"), *every) == ["Cleo"]
    assert names(page(client), *every) == ["Cleo", "Ben", "Ann"]
    assert names(page(as_user(cast.assistant), "?show=mine"), *every) == ["Ben"]


def test_marked_timed_and_released_have_lists_of_their_own(cast: Cast, as_user: SignIn, step: Activity) -> None:
    ann, ben, cleo = works(cast, step, "Ann", "Ben", "Cleo")
    make.feedback(ann, cast.assistant)
    make.release(ben, cast.teacher, at=timezone.now() + timedelta(hours=1))
    make.release(cleo, cast.teacher)
    client, every = as_user(cast.teacher), ("Ann", "Ben", "Cleo")
    assert names(page(client), *every) == ["Ann"]
    assert names(page(client, "?show=marked"), *every) == ["Ann"]
    assert names(page(client, "?show=timed"), *every) == ["Ben"]
    assert names(page(client, "?show=released"), *every) == ["Cleo"]


def test_it_is_narrowed_by_cohort_assignment_and_name(cast: Cast, as_user: SignIn, step: Activity) -> None:
    works(cast, step, "Ann", "Ben")
    other = make.assignment(cast.module, "Count a hive")
    make.hand_in(student(cast, "Cleo"), other)
    client, every = as_user(cast.admin), ("Ann", "Ben", "Cleo")
    assert names(page(client, f"?activity={other.pk}"), *every) == ["Cleo"]
    assert names(page(client, "?q=bE"), *every) == ["Ben"]
    assert names(page(client, f"?cohort={cast.elsewhere.pk}"), *every) == []
    assert "belongs to a student of that name" in page(client, "?q=zzz")
    assert page(client, "?cohort=x&activity=-1&show=what&q=%00")


def test_nothing_of_a_cohort_where_one_does_not_mark_is_in_it(cast: Cast, as_user: SignIn, step: Activity) -> None:
    works(cast, step, "Ann")
    for who in (cast.elsewhere_teacher, cast.observer, cast.student, cast.editor, cast.outsider):
        assert "Ann" not in page(as_user(who))
    assert "There is nothing for you to mark" in page(as_user(cast.outsider))


def test_the_next_and_the_one_before_are_those_of_the_same_list(cast: Cast, step: Activity) -> None:
    ann, ben, cleo = works(cast, step, "Ann", "Ben", "Cleo")
    for one in (ann, ben, cleo):
        one.refresh_from_db()
    now = timezone.now()
    sides = around(cast.teacher, ben, Filter(), now)
    assert (sides.before, sides.after) == (cleo.pk, ann.pk)
    Submission.objects.filter(pk=ann.pk).update(marker=cast.teacher)
    sides = around(cast.teacher, ben, Filter(Show.FREE), now)
    assert (sides.before, sides.after) == (cleo.pk, None)
    make.release(ben, cast.teacher)
    sides = around(cast.teacher, ben, Filter(), now)
    assert (sides.before, sides.after) == (cleo.pk, ann.pk)


def test_a_list_is_walked_to_its_end_and_each_stands_in_it_once(cast: Cast, step: Activity) -> None:
    made = works(cast, step, *(f"Pupil {number}" for number in range(5)))
    Submission.objects.update(promised_at=made[0].promised_at)
    seen, at = [], Submission.objects.order_by("pk").first()
    while at is not None:
        seen.append(at.pk)
        after = around(cast.teacher, at, Filter(), timezone.now()).after
        at = Submission.objects.filter(pk=after).first()
    assert seen == sorted(one.pk for one in made)


def test_work_is_taken_once(cast: Cast, as_user: SignIn, step: Activity) -> None:
    (ann,) = works(cast, step, "Ann")
    said = as_user(cast.teacher).post(f"/marking/{ann.pk}/take/", follow=True).content.decode()
    assert "It is yours now." in said
    said = as_user(cast.assistant).post(f"/marking/{ann.pk}/take/", follow=True).content.decode()
    assert "Someone else took it first." in said
    ann.refresh_from_db()
    assert ann.marker == cast.teacher


def test_a_teacher_gives_work_to_those_who_mark_there_and_to_nobody_else(
    cast: Cast, as_user: SignIn, step: Activity
) -> None:
    (ann,) = works(cast, step, "Ann")
    client, path = as_user(cast.teacher), f"/marking/{ann.pk}/give/"
    offered = client.get(path).content.decode()
    assert str(cast.assistant) in offered
    assert str(cast.elsewhere_teacher) not in offered
    client.post(path, {"to": cast.assistant.pk})
    ann.refresh_from_db()
    assert (ann.marker, ann.marker_given_by) == (cast.assistant, cast.teacher)
    client.post(path, {"to": cast.observer.pk})
    ann.refresh_from_db()
    assert ann.marker == cast.assistant
    helper = as_user(cast.assistant)
    assert helper.get(path).status_code == 403
    assert helper.post(path, {"to": cast.teacher.pk}).status_code == 403
    assert helper.post(path, {"to": ""}).status_code == 302
    ann.refresh_from_db()
    assert ann.marker is None


def test_the_class_says_how_much_is_to_be_marked(cast: Cast, as_user: SignIn, step: Activity) -> None:
    client = as_user(cast.teacher)
    assert "/marking/?cohort=" not in client.get(f"/teach/cohorts/{cast.cohort.pk}/").content.decode()
    works(cast, step, "Ann", "Ben")
    assert f"/marking/?cohort={cast.cohort.pk}" in client.get(f"/teach/cohorts/{cast.cohort.pk}/").content.decode()
    assert 'href="/marking/"' in client.get("/teach/").content.decode()


def test_a_queue_costs_the_same_for_one_and_for_many(cast: Cast, as_user: SignIn, step: Activity) -> None:
    client, costs = as_user(cast.teacher), []
    for names in (["Ann"], ["Ben", "Cleo", "Dan"]):
        works(cast, step, *names)
        with CaptureQueriesContext(connection) as asked:
            page(client)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= 12


def test_what_is_asked_of_each_row_lets_through_what_the_queryset_does(cast: Cast, step: Activity) -> None:
    made = works(cast, step, "Ann", "Ben", "Cleo", "Dan")
    elsewhere = make_course.EnrolmentFactory(cohort=cast.elsewhere)
    made.append(make.hand_in(elsewhere, step))
    Submission.objects.filter(pk=made[0].pk).update(taken_back_at=timezone.now(), promised_at=None)
    Enrolment.objects.filter(pk=made[1].enrolment_id).update(deleted_at=timezone.now())
    Enrolment.objects.filter(pk=made[2].enrolment_id).update(role="observer")
    for person in (cast.teacher, cast.assistant, cast.observer, cast.elsewhere_teacher, cast.admin, cast.student):
        asked = {one.pk for one in Listed(person, Filter(), timezone.now())[:50]}
        assert asked == set(Submission.objects.markable_by(person).to_mark().values_list("pk", flat=True))
    assert len(Listed(cast.admin, Filter(), timezone.now())[:50]) == 2
