"""The inbox and its settings, as the person sees them whom they belong to."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from lxml import html
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from accounts.tasks import send_waiting_mail
from notifications import selectors
from notifications.models import Mailbox, Notice, Preference
from notifications.services.letters import stop_token
from notifications.services.preferences import stop_mail
from notifications.tasks import deliver, plan
from tests.cast import Cast
from tests.factories.notices import notice

pytestmark = pytest.mark.django_db
AsUser = Callable[[User | None], Client]


def unread(person: User) -> int:
    return Mailbox.objects.get(person=person).unread


def all_mailed(client: Client) -> dict[str, str]:
    names = re.findall(r'<select name="mail_([a-z_]+)"', client.get("/inbox/settings/").content.decode())
    return {f"mail_{name}": "now" for name in names}


def test_going_to_the_place_of_a_notice_reads_it(cast: Cast, as_user: AsUser) -> None:
    one = notice(cast.student, subject=cast.reading.pk)
    notice(cast.student, subject=cast.file.pk)
    client = as_user(cast.student)
    page = client.get("/inbox/").content.decode()
    assert "“Bee eyes” is due tomorrow" in page
    assert re.search(r"Inbox\s*<span class=\"tag\">2</span>", page)
    answer = client.get(f"/inbox/{one.pk}/")
    assert answer["Location"] == f"/lessons/{cast.reading.pk}/"
    assert unread(cast.student) == 1
    client.get(f"/inbox/{one.pk}/")
    assert unread(cast.student) == 1
    assert "Inbox" in client.get("/me/").content.decode()


def test_a_title_that_holds_quotation_marks_is_quoted_in_single_ones(cast: Cast, as_user: AsUser) -> None:
    values = {"title": "Tom’s “Percentages” for “beginners”", "course": "Bees", "module": "M", "minutes": 5}
    due = (timezone.now() + timedelta(days=1)).timestamp()
    notice(cast.student, subject=cast.reading.pk, values={**values, "due": due})
    page = as_user(cast.student).get("/inbox/").content.decode()
    assert "“Tom’s ‘Percentages’ for ‘beginners’” is due" in page


def test_everything_is_read_with_one_button(cast: Cast, as_user: AsUser) -> None:
    for activity in (cast.reading, cast.file, cast.link):
        notice(cast.student, subject=activity.pk)
    others = notice(cast.other_student, subject=cast.reading.pk)
    answer = as_user(cast.student).post("/inbox/read/", follow=True)
    assert "3 messages are marked as read." in answer.content.decode()
    assert unread(cast.student) == 0
    others.refresh_from_db()
    assert others.read_at is None


def test_inbox_costs_as_many_queries_for_thirty_kinds_of_things_as_for_one(
    cast: Cast, as_user: AsUser, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_user(cast.student)
    notice(cast.student, subject=cast.reading.pk)
    client.get("/inbox/")
    with django_assert_num_queries(5):
        client.get("/inbox/")
    for number, kind in enumerate(("due_soon", "due_today", "due_passed", "of_an_app_that_went")):
        notice(cast.student, subject=cast.file.pk, kind=kind, settled_at=timezone.now() - timedelta(days=number))
    with django_assert_num_queries(5):
        client.get("/inbox/")


def test_what_is_hidden_or_closed_to_somebody_is_not_in_their_inbox(cast: Cast, as_user: AsUser) -> None:
    one = notice(cast.student, subject=cast.reading.pk)
    notice(cast.other_student, subject=cast.reading.pk)
    cast.reading.published = False
    cast.reading.save()
    client = as_user(cast.student)
    assert "Bee eyes" not in client.get("/inbox/").content.decode()
    assert client.get(f"/inbox/{one.pk}/").status_code == 404
    plan()
    assert (unread(cast.student), unread(cast.other_student)) == (0, 0)


def test_choice_of_a_kind_holds_whatever_comes_later(cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.student)
    page = client.get("/inbox/settings/").content.decode()
    names = re.findall(r'<select name="mail_([a-z_]+)"', page)
    sent = {f"mail_{name}": "never" for name in names} | {f"inbox_{name}": "on" for name in names}
    sent |= {"quiet_from": "21", "quiet_until": "7", "leads": ["7"], "break_until": ""}
    assert client.post("/inbox/settings/", sent).status_code == 302
    mailbox = Mailbox.objects.get(person=cast.student)
    assert (mailbox.quiet_from, mailbox.quiet_hours, mailbox.leads) == (21, 10, [7])
    assert Preference.objects.get(person=cast.student, kind="due_soon").mail == "never"
    notice(cast.student, subject=cast.reading.pk, state="planned", settled_at=None, lead=3)
    deliver()
    send_waiting_mail()
    assert mail.outbox == []


def test_quiet_hours_of_most_of_a_day_are_refused_with_a_sentence(cast: Cast, as_user: AsUser) -> None:
    answer = as_user(cast.student).post("/inbox/settings/", {"quiet_from": "8", "quiet_until": "7"})
    assert answer.status_code == 422
    assert "Quiet hours can last 14 hours at most." in answer.content.decode()


def test_quiet_hours_of_no_hour_and_a_break_in_the_past_are_questioned(cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.student)
    yesterday = (timezone.now() - timedelta(days=1)).date()
    sent = {"quiet_from": "20", "quiet_until": "20", "break_until": f"{yesterday}"} | all_mailed(client)
    answer = client.post("/inbox/settings/", sent)
    assert answer.status_code == 422
    assert "no hour would be quiet" in answer.content.decode()
    assert "This day is past." in answer.content.decode()
    assert client.post("/inbox/settings/", sent | {"no_quiet_hours": "on", "break_until": ""}).status_code == 302
    assert Mailbox.objects.get(person=cast.student).quiet_hours == 0
    assert re.search(r'name="no_quiet_hours"[^>]*checked', client.get("/inbox/settings/").content.decode())


def test_a_break_is_said_on_today_and_in_the_settings_until_it_is_over(cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.student)
    for days, is_on in ((3, True), (-3, False)):
        until = (timezone.now() + timedelta(days=days)).date()
        Mailbox.objects.update_or_create(person=cast.student, defaults={"break_until": until})
        for path in ("/", "/inbox/settings/"):
            assert ("You are on a break until" in client.get(path).content.decode()) == is_on, path


def test_fewer_emails_are_shown_first_and_kept_when_saved(cast: Cast, as_user: AsUser) -> None:
    client = as_user(cast.student)

    def mails(page: str) -> dict[str, str]:
        selects = re.findall(r'<select name="(mail_[a-z_]+)".*?</select>', page, re.DOTALL)
        chosen = re.findall(r'<select name="mail_.*?<option value="([a-z]+)" selected', page, re.DOTALL)
        return dict(zip(selects, chosen, strict=True))

    usual = mails(client.get("/inbox/settings/").content.decode())
    fewer = mails(client.get("/inbox/settings/?emails=fewer").content.decode())
    assert not Preference.objects.exists()
    assert "now" in usual.values()
    assert "now" not in fewer.values()
    assert {name for name, mail in usual.items() if mail == "never"} <= {n for n, m in fewer.items() if m == "never"}
    when = {"quiet_from": "20", "quiet_until": "7", "leads": ["3"], "break_until": ""}
    inbox = {name.replace("mail_", "inbox_"): "on" for name in usual}
    assert client.post("/inbox/settings/?emails=fewer", when | inbox | fewer).status_code == 302
    assert mails(client.get("/inbox/settings/").content.decode()) == fewer
    # Again, it is as seldom and not more so; and there is a way back.
    assert mails(client.get("/inbox/settings/?emails=fewer").content.decode()) == fewer
    assert mails(client.get("/inbox/settings/?emails=usual").content.decode()) == usual


def test_kinds_are_folded_under_what_they_are_about(cast: Cast, as_user: AsUser) -> None:
    page = html.fromstring(as_user(cast.student).get("/inbox/settings/").content)
    groups = page.xpath("//details[not(@open)]/summary/span[@id]")
    assert {one.text for one in groups} >= {"Dates and reminders", "Work and feedback", "Forum", "Courses"}
    assert len(page.xpath("//details//select")) == len(page.xpath("//select[starts-with(@name, 'mail_')]")) > 15


def test_one_click_from_the_raw_mail_stops_it_and_a_scanner_stops_nothing(cast: Cast) -> None:
    token = stop_token(cast.student.pk, ["due_soon"])
    scanner = Client(enforce_csrf_checks=True)
    for method in ("get", "head"):
        assert getattr(scanner, method)(f"/mail/stop/{token}/").status_code == 200
    assert not Preference.objects.exists()
    answer = scanner.post(f"/mail/stop/{token}/", {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert Preference.objects.get().mail == "never"
    assert Preference.objects.get().person == cast.student


def test_nudges_can_be_paused_for_a_week_from_the_mail_and_nothing_else_can(cast: Cast) -> None:
    nudges, dates = (f"/mail/stop/{stop_token(cast.student.pk, [kind])}/" for kind in ("nudge", "due_soon"))
    assert "Only pause nudges for a week" in Client().get(nudges).content.decode()
    assert "Only pause" not in Client().get(dates).content.decode()
    assert Client().post(nudges, {"snooze": "on"}).status_code == 200
    assert Mailbox.objects.get().snoozed_until > timezone.now() + timedelta(days=6)
    assert not Preference.objects.exists()
    Client().post(dates, {"snooze": "on"})
    assert Preference.objects.get().kind == "due_soon"


def test_minor_keeps_the_night_quiet(cast: Cast, as_user: AsUser) -> None:
    sent = {"quiet_from": "22", "quiet_until": "6"}
    assert as_user(cast.student).post("/inbox/settings/", sent | all_mailed(as_user(cast.student))).status_code == 302
    User.objects.filter(pk=cast.student.pk).update(minor=True)
    Preference.objects.all().delete()
    page = as_user(cast.student).get("/inbox/settings/").content.decode()
    assert re.search(r'<select name="mail_nudge".*?<option value="never" selected', page, re.DOTALL)
    answer = as_user(cast.student).post("/inbox/settings/", sent)
    assert answer.status_code == 422
    assert "For people under 18, the hours from 20:00 to 07:00 stay quiet." in answer.content.decode()


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "x", lambda token: "nonsense", lambda token: token[1:]])
def test_changed_token_stops_nothing(cast: Cast, change: Callable[[str], str]) -> None:
    token = change(stop_token(cast.student.pk, ["due_soon"]))
    assert Client().post(f"/mail/stop/{token}/").status_code == 404
    assert not Preference.objects.exists()


def test_what_cannot_be_switched_off_is_not(cast: Cast) -> None:
    assert stop_mail(cast.student, ["due_soon", "of_an_app_that_went"]) == ["due_soon"]


def test_inbox_of_another_person_is_not_there(cast: Cast, as_user: AsUser) -> None:
    one = notice(cast.student, subject=cast.reading.pk)
    assert as_user(cast.other_student).get(f"/inbox/{one.pk}/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_name_of_a_course_stands_once_above_what_does_not_say_it(cast: Cast, as_user: AsUser) -> None:
    values = {"course": "Bees and flowers", "new": 1, "changed": 0, "titles": ["Bee eyes"], "lesson": cast.reading.pk}
    notice(cast.student, kind="content_new", subject=cast.course.pk, values=values)
    notice(cast.student, subject=cast.reading.pk)
    page = as_user(cast.student).get("/inbox/").content.decode()
    assert "1 new lesson in “Bees and flowers”" in page
    assert page.count("Bees and flowers") == 2
    for below in re.split(r"<h3[^>]*>Bees and flowers</h3>", page)[1:]:
        assert "Bees and flowers" not in below.partition("</ul>")[0]


def test_inbox_holds_what_the_queryset_lays_before_its_person(cast: Cast) -> None:
    told = [notice(cast.student, subject=number) for number in range(4)]
    notice(cast.other_student, subject=1)
    Notice.objects.filter(pk=told[1].pk).update(in_inbox=False)
    Notice.objects.filter(pk=told[2].pk).update(state="retracted")
    Notice.objects.filter(pk=told[3].pk).update(read_at=timezone.now())
    laid = Notice.objects.laid_before(cast.student).order_by("-settled_at", "-pk")
    assert selectors.Inbox(cast.student)[0:50] == list(laid) == [told[3], told[0]]
    assert selectors.Inbox(cast.student)[1:2] == [told[0]]
    assert selectors.Inbox(cast.student, only_unread=True)[0:50] == list(laid.unread()) == [told[0]]
