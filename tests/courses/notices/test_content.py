"""New and revised lessons: a burst of work on a course is one notice."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from courses.models import Activity, Cohort, Course, Enrolment, Module
from courses.services import authoring, publishing
from notifications.models import Event
from progress.services.ticks import complete
from tests.cast import Cast
from tests.courses.notices.days import statements_about_events, subjects, text, titles, told, wait
from tests.factories import courses as make
from tests.factories.notices import notice
from tests.undoing import undo

pytestmark = pytest.mark.django_db


def add(cast: Cast, title: str, **values: object) -> Activity:
    made = Activity(module=cast.module, kind="link", rule="opened", title=title, minutes=5, **values)
    return authoring.save_activity(made, {"url": "https://example.org/bees", "note": ""})


def revise(activity: Activity, *, look_again: bool = True) -> None:
    authoring.save_activity(activity, {"url": "https://example.org/more-bees", "note": ""}, look_again=look_again)


def test_morning_of_writing_is_one_notice_to_all_who_study_the_course(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    for title in ("Hives", "Honey", "Stings", "Swarms"):
        add(cast, title)
        wait(clock, minutes=40)
    assert told(cast.student) == []
    wait(clock, minutes=25)
    assert titles(cast.student) == ["4 new lessons in “Bees and flowers”"]
    assert text(cast.student) == "“Hives”, “Honey”, “Stings” and 1 more. What you have done stays done."
    assert titles(cast.other_student) == titles(cast.elsewhere_student) == titles(cast.student)
    for other in (cast.teacher, cast.editor, cast.admin, cast.outsider, cast.observer):
        assert told(other) == []
    wait(clock, days=1)
    assert len(told(cast.student)) == 1


def test_it_waits_for_the_weekly_mail(cast: Cast, clock: time_machine.Traveller) -> None:
    add(cast, "Hives")
    wait(clock, minutes=61)
    [notice] = told(cast.student)
    assert (notice.mail_by, subjects(cast.student)) == ("weekly", [])


def test_second_burst_of_a_day_is_told_by_itself(cast: Cast, clock: time_machine.Traveller) -> None:
    add(cast, "Hives")
    wait(clock, minutes=61)
    add(cast, "Honey")
    add(cast, "Stings")
    wait(clock, minutes=61)
    assert titles(cast.student) == ["1 new lesson in “Bees and flowers”", "2 new lessons in “Bees and flowers”"]


def test_burst_of_the_next_morning_is_told_too(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 3, 16, 0, tzinfo=UTC))
    add(cast, "Hives")
    wait(clock, minutes=61)
    wait(clock, hours=14)
    add(cast, "Honey")
    wait(clock, minutes=61)
    assert titles(cast.student) == ["1 new lesson in “Bees and flowers”"] * 2


def test_who_has_finished_the_course_hears_and_who_came_later_does_not(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    for activity in (cast.reading, cast.file, cast.link):
        complete(cast.enrolment, activity, how="marked", evidence={}, by=cast.student)
    add(cast, "Hives")
    Enrolment.objects.filter(user=cast.other_student).update(state_changed_at=timezone.now() + timedelta(minutes=5))
    wait(clock, minutes=61)
    assert titles(cast.student) == ["1 new lesson in “Bees and flowers”"]
    assert told(cast.other_student) == []


def test_course_that_is_written_before_its_cohort_begins_is_no_news(cast: Cast, clock: time_machine.Traveller) -> None:
    Cohort.objects.filter(pk=cast.cohort.pk).update(starts_on=timezone.now().date() + timedelta(days=1))
    add(cast, "Hives")
    wait(clock, minutes=61)
    assert told(cast.student) == []
    assert titles(cast.elsewhere_student) == ["1 new lesson in “Bees and flowers”"]


def test_revision_is_told_where_students_should_look_again(cast: Cast, clock: time_machine.Traveller) -> None:
    revise(cast.link, look_again=False)
    assert not Event.objects.exists()
    revise(cast.link)
    wait(clock, minutes=61)
    assert titles(cast.student) == ["1 lesson has changed in “Bees and flowers”"]
    revise(cast.link)
    add(cast, "Hives")
    wait(clock, minutes=61)
    assert titles(cast.student)[1:] == ["1 new lesson in “Bees and flowers”, and 1 changed"]


def test_lesson_that_stays_hidden_is_no_news(cast: Cast, clock: time_machine.Traveller) -> None:
    add(cast, "Hives", published=False)
    hidden = make.ModuleFactory(course=cast.course, position=1, published=False)
    add(cast, "Honey")
    Activity.objects.filter(title="Honey").update(module=hidden)
    wait(clock, minutes=61)
    assert told(cast.student) == []


def test_module_that_is_shown_brings_its_lessons(cast: Cast, clock: time_machine.Traveller) -> None:
    hidden = make.ModuleFactory(course=cast.course, position=1, published=False)
    make.link(hidden, title="Hives", position=0)
    make.link(hidden, title="Honey", position=1)
    hidden.published = True
    authoring.save_module(Module.objects.get(pk=hidden.pk))
    assert not Event.objects.exists()
    authoring.save_module(hidden)
    wait(clock, minutes=61)
    assert titles(cast.student) == ["2 new lessons in “Bees and flowers”"]


def test_showing_everything_and_undoing_it_within_the_hour_is_no_news(
    cast: Cast, clock: time_machine.Traveller, client: Client
) -> None:
    client.force_login(cast.editor)
    page = client.post(reverse("edit:publish_course", args=[cast.course.pk]), follow=True)
    undo(client, page)
    wait(clock, minutes=61)
    assert told(cast.student) == []
    client.post(reverse("edit:publish_course", args=[cast.course.pk]))
    wait(clock, minutes=61)
    assert titles(cast.student) == ["1 new lesson in “Bees and flowers”"]


def test_one_lesson_leads_there_and_several_lead_to_the_course(
    cast: Cast, clock: time_machine.Traveller, client: Client
) -> None:
    one = add(cast, "Hives")
    wait(clock, minutes=61)
    add(cast, "Honey")
    add(cast, "Stings")
    wait(clock, minutes=61)
    client.force_login(cast.student)
    places = [client.get(reverse("notifications:open", args=[notice.pk])).url for notice in told(cast.student)]
    assert places == [reverse("progress:lesson", args=[one.pk]), reverse("progress:course", args=[cast.course.pk])]


def test_course_that_is_deleted_leaves_the_inbox(cast: Cast, clock: time_machine.Traveller, client: Client) -> None:
    add(cast, "Hives")
    wait(clock, minutes=61)
    Course.objects.filter(pk=cast.course.pk).update(deleted_at=timezone.now())
    client.force_login(cast.student)
    assert "new lesson" not in client.get(reverse("notifications:inbox")).content.decode()


@pytest.mark.parametrize("reader", ["editor", "admin", "teacher", "outsider"])
def test_what_is_about_a_course_is_read_by_those_who_read_the_course(cast: Cast, reader: str) -> None:
    person: User = cast.person(reader)
    values = {"course": "Bees", "new": 1, "changed": 0, "titles": ["Hives"], "lesson": cast.link.pk}
    notice(person, kind="content_new", subject=cast.course.pk, values=values)
    assert person.notices.inbox_of(person).exists() == (reader != "outsider")


def test_saving_and_showing_cost_one_statement(cast: Cast) -> None:
    assert statements_about_events(lambda: add(cast, "Hives")) == 1
    assert statements_about_events(lambda: revise(cast.link)) == 1
    assert statements_about_events(lambda: revise(cast.link, look_again=False)) == 0
    assert statements_about_events(lambda: publishing.publish(cast.course)) == 1
    assert statements_about_events(lambda: publishing.publish(cast.course)) == 0
