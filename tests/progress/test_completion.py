import threading
from datetime import timedelta

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.utils import timezone

from courses.kinds import Who
from courses.services import authoring, cohorts
from progress.models import Completion
from progress.services import ticks
from tests.cast import Cast, gather
from tests.factories import courses as make


def tick(cast: Cast, how: str = "marked", **values: object) -> Completion:
    values = {"evidence": {}, "by": cast.student, **values}
    return ticks.complete(cast.enrolment, cast.reading, how=how, **values)


def test_completing_twice_keeps_the_first_tick(cast: Cast) -> None:
    first = tick(cast)
    assert tick(cast, how="read") == first
    assert Completion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_leave_one_tick() -> None:
    cast = gather()
    enrolment, barrier, made = cast.enrolment, threading.Barrier(4), []

    def complete() -> None:
        barrier.wait()
        made.append(ticks.complete(enrolment, cast.reading, how="marked", evidence={}, by=cast.student).pk)
        connection.close()

    threads = [threading.Thread(target=complete) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1
    assert Completion.objects.count() == 1


def test_own_tick_is_taken_back_and_can_be_made_again(cast: Cast) -> None:
    tick(cast)
    assert ticks.withdraw(cast.enrolment, cast.reading, acting=Who.STUDENT, by=cast.student)
    tick(cast)
    assert Completion.objects.count() == 2
    assert Completion.objects.standing().count() == 1


def test_what_the_software_saw_is_not_taken_back(cast: Cast) -> None:
    tick(cast, how="read")
    assert not ticks.withdraw(cast.enrolment, cast.reading, acting=Who.STUDENT, by=cast.student)
    assert Completion.objects.standing().count() == 1


def test_tick_that_somebody_else_made_is_not_taken_back(cast: Cast) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.teacher)
    assert not ticks.withdraw(cast.enrolment, cast.reading, acting=Who.STUDENT, by=cast.student)


@pytest.mark.parametrize(
    "change",
    [
        {"completed_at": timezone.now() - timedelta(days=1)},
        {"how": "opened"},
        {"evidence": {"visible_seconds": 999}},
        {"activity_revision": 7},
        {"recorded_by_id": "teacher"},
    ],
)
def test_database_refuses_to_change_a_tick(cast: Cast, change: dict) -> None:
    tick(cast)
    values = {key: cast.teacher.pk if value == "teacher" else value for key, value in change.items()}
    with pytest.raises(Error), transaction.atomic():
        Completion.objects.update(**values)


def test_database_refuses_to_bring_a_withdrawn_tick_back(cast: Cast) -> None:
    tick(cast)
    ticks.withdraw(cast.enrolment, cast.reading, acting=Who.STUDENT, by=cast.student)
    with pytest.raises(Error), transaction.atomic():
        Completion.objects.update(withdrawn_at=None)


def test_erasing_who_recorded_it_keeps_the_tick(cast: Cast) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.editor)
    cast.editor.delete()
    assert Completion.objects.get().recorded_by is None


def test_editing_reordering_and_adding_remove_no_tick(cast: Cast) -> None:
    tick(cast)
    content = {"format": "markdown", "source": "Quite another text."}
    authoring.save_activity(cast.reading, content, look_again=True)
    authoring.move(cast.reading, by=1)
    make.reading(cast.module, title="Added", position=9)
    assert Completion.objects.standing().filter(activity=cast.reading).exists()


def test_moving_to_another_cohort_carries_ticks_along(cast: Cast) -> None:
    tick(cast)
    enrolment = cohorts.move(cast.enrolment, cast.elsewhere, by=cast.admin)
    assert Completion.objects.standing().filter(enrolment=enrolment).count() == 1


def test_marking_by_button_ticks_and_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    page = client.post(f"/lessons/{cast.reading.pk}/done/", follow=True).content.decode()
    assert "“Bee eyes” is done." in page
    assert "You marked it as done on" in page
    assert "Mark as not done" in page


def test_taking_back_a_tick_of_the_software_changes_nothing_and_says_why(cast: Cast, client: Client) -> None:
    tick(cast, how="read", evidence={"visible_seconds": 60, "needed_seconds": 40})
    client.force_login(cast.student)
    page = client.post(f"/lessons/{cast.reading.pk}/not-done/", follow=True).content.decode()
    assert "You can only undo what you marked as done yourself" in page
    assert Completion.objects.standing().count() == 1


def test_opening_a_link_ticks_it_and_leads_there(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    response = client.post(f"/lessons/{cast.link.pk}/open/")
    assert response["Refresh"] == "0; url=https://example.org/page"
    assert Completion.objects.get().how == "opened"


def test_opening_a_file_ticks_it_and_leads_to_the_file(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    response = client.post(f"/lessons/{cast.file.pk}/open/", follow=True)
    assert b"".join(response.streaming_content) == b"%PDF-1.4 sheet"
    assert Completion.objects.get().how == "opened"


def test_opening_ticks_nothing_where_only_the_hand_ticks(cast: Cast, client: Client) -> None:
    cast.link.rule = "marked"
    cast.link.save()
    client.force_login(cast.student)
    client.post(f"/lessons/{cast.link.pk}/open/")
    assert not Completion.objects.exists()


def test_teacher_opening_a_link_ticks_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    assert client.post(f"/lessons/{cast.link.pk}/open/").status_code == 200
    assert not Completion.objects.exists()


def test_getting_a_page_ticks_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    for activity in (cast.reading, cast.file, cast.link):
        client.get(f"/lessons/{activity.pk}/")
        assert client.get(f"/lessons/{activity.pk}/open/").status_code == 405
    assert not Completion.objects.exists()
