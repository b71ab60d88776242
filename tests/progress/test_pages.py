from datetime import datetime

from django.test import Client

from courses.models import DueDate, Enrolment
from progress.models import Visit
from progress.services import ticks
from tests.cast import Cast
from tests.factories import courses as make


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_outline_says_state_rule_and_minutes_of_each_activity(cast: Cast, client: Client) -> None:
    ticks.complete(cast.enrolment, cast.reading, how="marked", evidence={}, by=cast.student)
    client.force_login(cast.student)
    text = page(client, f"/courses/{cast.course.pk}/")
    assert "1 of 3 done" in text
    assert "Ticked when you open the file, or when you mark it as done." in text
    assert "Unfinished" not in text


def test_outline_of_a_teacher_shows_no_progress_of_their_own(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    text = page(client, f"/courses/{cast.course.pk}/")
    assert "Not started" not in text
    assert "Bee eyes" in text


def test_optional_activities_count_for_nothing(cast: Cast, client: Client) -> None:
    extra = make.reading(cast.module, title="Extra", position=9, required=False)
    ticks.complete(cast.enrolment, extra, how="marked", evidence={}, by=cast.student)
    client.force_login(cast.student)
    assert "0 of 3 done" in page(client, f"/courses/{cast.course.pk}/")


def test_module_of_optional_lessons_alone_counts_nothing(cast: Cast, client: Client) -> None:
    extra = make.reading(make.ModuleFactory(course=cast.course, title="More pages"), title="Extra", required=False)
    client.force_login(cast.student)
    text = page(client, f"/lessons/{extra.pk}/")
    assert "Mark as done" in text
    assert "0 of 0" not in text


def test_lesson_names_what_is_before_and_after(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    text = page(client, f"/lessons/{cast.file.pk}/")
    assert text.index("Bee eyes") < text.index("A bee garden")
    assert f'href="/lessons/{cast.reading.pk}/" rel="prev"' in text
    assert f'href="/lessons/{cast.link.pk}/" rel="next"' in text


def test_opening_a_lesson_is_remembered_once_in_ten_minutes(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    page(client, f"/lessons/{cast.reading.pk}/")
    first = Visit.objects.get().last_opened_at
    page(client, f"/lessons/{cast.reading.pk}/")
    assert Visit.objects.get().last_opened_at == first
    assert cast.enrolment.last_seen_at is not None


def test_prefetching_a_lesson_opens_nothing(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    client.get(f"/lessons/{cast.reading.pk}/", headers={"Sec-Purpose": "prefetch"})
    assert not Visit.objects.exists()


def test_teacher_looking_leaves_no_visit(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    page(client, f"/lessons/{cast.reading.pk}/")
    assert not Visit.objects.exists()


def test_due_date_is_shown_in_the_readers_zone_with_the_cohorts_beside_it(cast: Cast, client: Client) -> None:
    DueDate.objects.create(
        cohort=cast.cohort, activity=cast.reading, zone="Europe/Berlin", suggested_wall="2030-01-10T20:00"
    )
    cast.student.timezone = "Asia/Tokyo"
    cast.student.save()
    client.force_login(cast.student)
    text = page(client, f"/lessons/{cast.reading.pk}/")
    assert "Friday 11 January 2030, 04:00 (Tokyo)" in text
    assert "Agreed in Berlin time" in text


def test_htmx_gets_the_standing_alone(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    response = client.post(f"/lessons/{cast.reading.pk}/done/", headers={"HX-Request": "true"}, follow=True)
    # The client does not carry headers over a redirect as a browser does, so the fragment is asked for itself.
    fragment = client.get(response.redirect_chain[-1][0], headers={"HX-Request": "true"}).content.decode()
    assert '<section class="standing" id="standing"' in fragment
    assert "You marked it as done" in fragment
    assert "<html" not in fragment


def test_what_is_marked_as_done_is_late_no_more_in_the_head_of_its_page(cast: Cast, client: Client) -> None:
    DueDate.objects.create(
        cohort=cast.cohort, activity=cast.reading, zone="UTC", suggested_wall=datetime(2026, 3, 1, 12)
    )
    client.force_login(cast.student)
    path = f"/lessons/{cast.reading.pk}/"
    assert "Late: was due" in page(client, path)
    client.post(f"{path}done/")
    fragment = client.get(path, headers={"HX-Request": "true"}).content.decode()
    head = fragment.split('hx-swap-oob="innerHTML:li#due"')[1].split("</div>")[0]
    assert "Due" in head
    assert "Late" not in head


def test_suspended_student_is_out_at_the_next_click(cast: Cast, client: Client) -> None:
    client.force_login(cast.student)
    page(client, f"/lessons/{cast.reading.pk}/")
    Enrolment.objects.filter(user=cast.student).update(state="suspended")
    assert client.get(f"/lessons/{cast.reading.pk}/").status_code == 404
    assert client.post(f"/lessons/{cast.reading.pk}/done/").status_code == 404
