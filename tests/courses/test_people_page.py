"""The people of a cohort, for everyone in it: names as the rules for minors allow."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from accounts.models import User
from accounts.querysets import PEER_NAME_SQL
from common.slots import Remark
from courses.models import Enrolment
from courses.slots import ABOUT_THEMSELVES
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
AsUser = Callable[[User | None], Client]


@pytest.fixture
def path(cast: Cast) -> str:
    return f"/cohorts/{cast.cohort.pk}/people/"


@pytest.fixture
def minor(cast: Cast) -> User:
    user = UserFactory(username="mia", display_name="Mia Sofie Brandt", minor=True, timezone="Pacific/Auckland")
    make.EnrolmentFactory(cohort=cast.cohort, user=user)
    return user


def rows(client: Client, path: str) -> list[str]:
    page = html.fromstring(client.get(path).content).get_element_by_id("main")
    return [" ".join(row.text_content().split()) for row in page.xpath(".//section//li")]


def named(client: Client, path: str) -> list[str]:
    page = html.fromstring(client.get(path).content).get_element_by_id("main")
    return page.xpath(".//section//li//*[contains(@class, 'named')]//*[self::bdi or self::a]/text()")


def test_teachers_come_first_then_helpers_then_students_by_name(cast: Cast, as_user: AsUser, path: str) -> None:
    second = UserFactory(username="zoe", display_name="Zoe")
    make.EnrolmentFactory(cohort=cast.cohort, user=second, role="teacher")
    people = ["Teacher", "Zoe", "Assistant", "Observer", "Other.Student", "Student"]
    assert named(as_user(cast.student), path) == people


def test_each_has_a_role_a_city_and_the_time_there(cast: Cast, as_user: AsUser, path: str) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(timezone="Pacific/Auckland")
    with time_machine.travel(datetime(2026, 11, 30, 20, 5, tzinfo=UTC), tick=False):
        found = rows(as_user(cast.student), path)
    assert found[0].endswith("Teacher Teacher Auckland, Tue 09:05")
    assert found[-1].endswith("Student you Berlin, Mon 21:05")


def test_classmates_see_of_a_minor_a_first_name_and_an_initial(
    cast: Cast, as_user: AsUser, path: str, minor: User
) -> None:
    page = as_user(cast.student).get(path).content.decode()
    assert "Mia B." in page
    assert not any(word in page for word in ("Sofie", "Brandt", "Auckland"))
    for helper in (cast.observer, cast.other_student):
        assert "Brandt" not in as_user(helper).get(path).content.decode()


@pytest.mark.parametrize("role", ["teacher", "assistant", "admin"])
def test_who_teaches_sees_names_and_zones_in_full(
    cast: Cast, as_user: AsUser, path: str, minor: User, role: str
) -> None:
    (found,) = (row for row in rows(as_user(cast.person(role)), path) if "Mia" in row)
    assert "Mia Sofie Brandt Auckland, " in found
    link = f"/teach/students/{Enrolment.objects.get(user=minor).pk}/"
    assert link in as_user(cast.person(role)).get(path).content.decode()
    assert link not in as_user(cast.student).get(path).content.decode()


def test_minors_see_their_own_row_in_full_and_what_others_see_of_it(as_user: AsUser, path: str, minor: User) -> None:
    found = rows(as_user(minor), path)
    assert any("Mia Sofie Brandt you Auckland, " in row for row in found)
    assert "Classmates see only your first name and one initial." in as_user(minor).get(path).content.decode()


def test_a_helper_under_18_is_a_minor_too(cast: Cast, as_user: AsUser, path: str) -> None:
    User.objects.filter(pk=cast.assistant.pk).update(display_name="Ada Lovelace", minor=True)
    assert "Ada L." in named(as_user(cast.student), path)
    assert "Ada Lovelace" in named(as_user(cast.teacher), path)


@pytest.mark.parametrize("words", ["brandt", "Sofie", "Mia S", "mia brandt", "mia@"])
def test_a_search_of_classmates_finds_nobody_by_what_they_cannot_see(
    cast: Cast, as_user: AsUser, path: str, minor: User, words: str
) -> None:
    User.objects.filter(pk=minor.pk).update(email="mia@school.test")
    assert named(as_user(cast.student), f"{path}?q={words}") == []
    assert named(as_user(cast.student), f"{path}?q=mia+b") == ["Mia B."]
    for helper in (cast.assistant, cast.observer):
        User.objects.filter(pk=helper.pk).update(display_name="Ada Sofie Brandt", minor=True)
    assert named(as_user(cast.student), f"{path}?q={words}") == []


def test_a_search_of_teachers_finds_by_the_whole_name(cast: Cast, as_user: AsUser, path: str, minor: User) -> None:
    assert named(as_user(cast.teacher), f"{path}?q=brandt") == ["Mia Sofie Brandt"]
    assert named(as_user(cast.teacher), f"{path}?q=student@") == []


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_who_is_suspended_or_has_left_is_not_among_them(cast: Cast, as_user: AsUser, path: str, state: str) -> None:
    cast.cohort.enrolments.filter(user__in=[cast.other_student, cast.assistant]).update(state=state)
    assert named(as_user(cast.student), path) == ["Teacher", "Observer", "Student"]
    assert as_user(cast.other_student).get(path).status_code == 404


def test_closed_accounts_are_not_among_them(cast: Cast, as_user: AsUser, path: str) -> None:
    User.objects.filter(pk__in=[cast.other_student.pk, cast.assistant.pk]).update(is_active=False)
    User.objects.filter(pk=cast.observer.pk).update(deleted_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert named(as_user(cast.teacher), path) == ["Teacher", "Student"]


@pytest.fixture
def said() -> Iterator[list[tuple[User, int, Sequence[int]]]]:
    """Another app, which knows something of everybody."""
    asked = []

    def tell(viewer: User, cohort: int, people: Sequence[int]) -> Mapping[int, Remark]:
        asked.append((viewer, cohort, people))
        names = User.objects.filter(pk__in=people).values_list("pk", "username")
        return {key: Remark(f"<b>I am {name}</b>", f"/talk/{key}/" if "s" in name else "") for key, name in names}

    ABOUT_THEMSELVES.register(tell)
    yield asked
    ABOUT_THEMSELVES.unregister()


def test_what_they_said_of_themselves_comes_from_another_app_in_one_query(
    cast: Cast, as_user: AsUser, path: str, said: list[tuple[User, int, Sequence[int]]]
) -> None:
    client = as_user(cast.student)
    page = client.get(path).content.decode()
    assert "&lt;b&gt;I am teacher&lt;/b&gt;" in page
    assert f'href="/talk/{cast.other_student.pk}/"' in page
    assert f'href="/talk/{cast.teacher.pk}/"' not in page
    ((viewer, cohort, people),) = said
    assert (viewer, cohort, len(people)) == (cast.student, cast.cohort.pk, 5)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    assert len(captured) == 6


def test_a_course_and_a_class_lead_to_it(cast: Cast, as_user: AsUser, path: str) -> None:
    course = as_user(cast.student).get(f"/courses/{cast.course.pk}/").content.decode()
    assert f'<a href="{path}">Who studies with you</a>' in course
    assert f'href="{path}"' in as_user(cast.teacher).get(f"/teach/cohorts/{cast.cohort.pk}/").content.decode()


NAMES = st.text(st.sampled_from("Aé' .\t\u00a0\u2003-ß𝒜Öß"), min_size=1, max_size=12) | st.text(max_size=20)


@given(NAMES.map(lambda name: name.replace("\0", "")), st.booleans())
def test_a_statement_by_hand_leaves_of_a_name_what_the_page_shows(name: str, minor: bool) -> None:
    user = User(username="u", display_name=name, minor=minor)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {PEER_NAME_SQL} FROM (SELECT %s::text, %s::text, %s::boolean) AS r(display_name, username, minor)",
            [name, "u", minor],
        )
        assert cursor.fetchone()[0] == user.peer_name
