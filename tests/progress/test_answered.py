"""People who answered a student, on a page that is theirs alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from accounts.models import User
from forums.models import Forum
from progress.services import contacts
from tests.cast import Cast
from tests.factories import feedback, forums
from tests.factories.people import UserFactory

DAY = timedelta(days=1)


def path(cast: Cast) -> str:
    return f"/courses/{cast.course.pk}/answered/"


@pytest.fixture
def page(cast: Cast, client: Client) -> Callable[[], list[str]]:
    """What it says of each, in its order."""
    client.force_login(cast.student)

    def read() -> list[str]:
        shown = html.fromstring(client.get(path(cast)).content.decode())
        return [" ".join(row.find("div").text_content().split()) for row in shown.iterfind(".//li[@class='marked']")]

    return read


def spoke(cast: Cast, by: User, days_ago: int, what: str = contacts.REPLY) -> None:
    at = timezone.now() - DAY * days_ago
    contacts.push(cast.cohort.pk, by.pk, {cast.student.pk: what}, subject=f"post {days_ago}", at=at)


def test_each_person_once_the_latest_first_and_without_a_count(cast: Cast, page: Callable[[], list[str]]) -> None:
    spoke(cast, cast.other_student, 9, contacts.MENTION)
    spoke(cast, cast.other_student, 3)
    spoke(cast, cast.teacher, 2, contacts.ENDORSED)
    assert page() == [
        "Teacher said that your answer is right 2 days ago",
        "Other.Student replied to you 3 days ago",
    ]


def test_answers_and_feedback_are_told_as_what_they_are(cast: Cast, page: Callable[[], list[str]]) -> None:
    forums.reply(forums.thread(cast.cohort, cast.student), cast.other_student)
    work = feedback.hand_in(cast.enrolment, feedback.assignment(cast.module))
    feedback.release(work, cast.teacher)
    assert page() == ["Teacher gave you feedback today", "Other.Student answered your question today"]


def test_what_no_app_has_a_word_for_is_told_all_the_same(cast: Cast, page: Callable[[], list[str]]) -> None:
    spoke(cast, cast.teacher, 1, "smoke signal")
    assert page() == ["Teacher wrote to you yesterday"]


def test_a_reply_without_a_name_tells_of_nobody(cast: Cast, page: Callable[[], list[str]]) -> None:
    Forum.objects.create(cohort=cast.cohort, anonymous_allowed=True)
    forums.reply(forums.thread(cast.cohort, cast.student), cast.other_student, anonymous=True)
    assert page() == []


def test_of_a_minor_classmates_read_the_given_name_and_an_initial(cast: Cast, page: Callable[[], list[str]]) -> None:
    spoke(cast, UserFactory(display_name="Ada Lovelace", minor=True), 1)
    assert page() == ["Ada L. replied to you yesterday"]


def test_somebody_whose_account_was_deleted_is_not_named(cast: Cast, page: Callable[[], list[str]]) -> None:
    spoke(cast, cast.other_student, 1)
    User.objects.filter(pk=cast.other_student.pk).update(deleted_at=timezone.now())
    assert page() == []


@pytest.mark.parametrize("name", ["<b>Bo</b>", "{{ x }}", "\u202eoB"])
def test_names_are_shown_as_they_are_typed(cast: Cast, page: Callable[[], list[str]], name: str) -> None:
    spoke(cast, UserFactory(display_name=name), 1)
    assert page() == [f"{name} replied to you yesterday"]


def test_what_was_said_to_others_or_in_another_cohort_is_not_there(
    cast: Cast, page: Callable[[], list[str]], client: Client
) -> None:
    said = {cast.other_student.pk: contacts.REPLY}
    contacts.push(cast.cohort.pk, cast.teacher.pk, said, subject="post 1", at=timezone.now())
    said = {cast.student.pk: contacts.REPLY}
    contacts.push(cast.elsewhere.pk, cast.teacher.pk, said, subject="post 2", at=timezone.now())
    assert page() == []
    assert "No one has answered you yet" in client.get(path(cast)).content.decode()


def test_three_people_ask_no_more_than_one(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            spoke(cast, UserFactory(), 1)
        client.get(path(cast))
        with CaptureQueriesContext(connection) as asked:
            client.get(path(cast))
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 6


def test_the_course_leads_there(cast: Cast, page: Callable[[], list[str]], client: Client) -> None:
    assert f'href="{path(cast)}"' in client.get(f"/courses/{cast.course.pk}/").content.decode()
