"""What a class page and a student's page know of check-ins."""

import pytest
from django.test import Client
from django.utils import timezone

from feedback import segments
from feedback.models import WorksAlone
from forums.services import moderation
from tests.cast import Cast
from tests.factories import forums

pytestmark = pytest.mark.django_db


def found(cast: Cast) -> set[int]:
    return segments.SEGMENTS["asked"].find(cast.cohort, timezone.now())


def test_asked_without_an_answer_is_a_group_to_write_to(cast: Cast) -> None:
    thread = forums.thread(cast.cohort, cast.student)
    assert found(cast) == {cast.enrolment.pk}
    forums.reply(thread, cast.other_student)
    assert found(cast) == set()


def test_what_was_asked_without_a_name_tells_of_nobody(cast: Cast) -> None:
    moderation.choose(cast.cohort, anonymous_allowed=True)
    forums.thread(cast.cohort, cast.student, anonymous=True)
    assert found(cast) == set()


def test_the_page_of_a_student_leads_there_and_says_who_works_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    where = f"/teach/students/{cast.enrolment.pk}/"
    page = client.get(where).content.decode()
    assert f"/teach/cohorts/{cast.cohort.pk}/check-ins/new/?who={cast.enrolment.pk}" in page
    assert "prefers to work alone" not in page
    WorksAlone.objects.create(enrolment=cast.enrolment)
    assert "prefers to work alone" in client.get(where).content.decode()
    klass = client.get(f"/teach/cohorts/{cast.cohort.pk}/").content.decode()
    assert f"/teach/cohorts/{cast.cohort.pk}/check-ins/" in klass
