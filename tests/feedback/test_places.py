"""Where one is in the bar, on pages of work and feedback."""

import pytest
from django.test import Client

from tests.cast import Cast
from tests.factories import feedback as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "path", "place"),
    [
        ("student", "/work/{work.pk}/", "progress:courses"),
        ("teacher", "/marking/", "teach:cohorts"),
        ("teacher", "/marking/{work.pk}/", "teach:cohorts"),
        ("teacher", "/me/away/", "accounts:me"),
        ("admin", "/manage/promises/", "manage:overview"),
        # Who does not teach has no such place: a site admin marks from Courses.
        ("admin", "/marking/{work.pk}/", "progress:courses"),
    ],
)
def test_one_place_of_the_bar_is_lit(cast: Cast, as_user: object, who: str, path: str, place: str) -> None:
    work = make.hand_in(cast.enrolment, make.assignment(cast.module))
    client: Client = as_user(cast.person(who))
    answer = client.get(path.format(work=work))
    assert answer.context["current_place"] == place
