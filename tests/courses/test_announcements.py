"""Announcements as services: who is told, when, once, and what a correction or a deletion does to what lies there."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from accounts.models import User
from accounts.tasks import send_waiting_mail
from common import origin, richtext
from common.removal import KEPT
from courses.models import Announcement, Enrolment
from courses.services import announcements, deleting, erasing
from courses.tasks import erase_what_was_deleted, renew_readings
from notifications import selectors
from notifications.models import Mailbox, Notice
from notifications.services import preferences
from notifications.tasks import deliver, plan
from tests.cast import Cast
from tests.factories.announcements import announcement, written
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db
# A Tuesday, eight in the morning in Berlin, where everybody of the cast lives.
START = datetime(2026, 11, 3, 7, 0, tzinfo=UTC)
HEBREW, CHINESE = "אין שיעור ביום שישי", "周五没有课"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def work() -> None:
    """What worker and beat do within a minute."""
    deliver()
    send_waiting_mail()


def told() -> set[str]:
    return set(Notice.objects.filter(state="told", kind="announcement").values_list("person__username", flat=True))


def mailed(person: User) -> list[EmailMessage]:
    return [one for one in mail.outbox if one.to == [person.email]]


def unread(person: User) -> int:
    return Mailbox.objects.get(person=person).unread


def correct(found: Announcement, *, tell_again: bool = False, **values: str) -> Announcement:
    found.refresh_from_db()
    words = {"title": found.title, "source": found.source, **values}
    return announcements.correct(found, written(**words), revision=found.revision, tell_again=tell_again)


def test_everybody_in_the_cohort_is_told_and_mailed_at_once_but_the_author(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    Enrolment.objects.filter(user=cast.observer).update(state="left")
    announcement(cast.teacher, cast.cohort)
    work()
    assert told() == {"student", "other.student", "assistant"}
    (one,) = mailed(cast.student)
    assert one.subject == "No class on Friday"
    assert len(mail.outbox) == 3
    work()
    plan()
    assert len(mail.outbox) == 3


def test_its_mail_holds_the_whole_text_with_links_that_work_in_a_mail(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    source = f"We meet on **Monday**.\n\n## Bring\n\n* [the sheet](/lessons/{cast.file.pk}/)\n\n" + "Then more. " * 99
    announcement(cast.teacher, cast.cohort, source=source)
    work()
    (one,) = mailed(cast.student)
    (html, kind), = one.alternatives  # fmt: skip
    assert kind == "text/html"
    address = origin.absolute(f"/lessons/{cast.file.pk}/")
    assert "<strong>Monday</strong>" in html
    assert f'href="{address}"' in html
    assert html.count("Then more.") == one.body.count("Then more.") == 99
    assert f"[the sheet]({address})" in one.body
    assert f"From {cast.teacher}, in “Bees and flowers”" in one.body


def test_it_is_mailed_after_quiet_hours_and_in_the_inbox_straight_away(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    clock.move_to(datetime(2026, 11, 3, 22, 30, tzinfo=UTC))
    announcement(cast.teacher, cast.cohort)
    work()
    assert "student" in told()
    assert mail.outbox == []
    clock.move_to(datetime(2026, 11, 4, 6, 1, tzinfo=UTC))
    work()
    assert len(mailed(cast.student)) == 1


def test_it_goes_out_at_its_hour_in_its_zone_and_is_nowhere_before(cast: Cast, clock: time_machine.Traveller) -> None:
    found = announcement(cast.teacher, cast.cohort, wall=datetime(2026, 11, 5, 17, 0))
    assert found.publish_at == datetime(2026, 11, 5, 16, 0, tzinfo=UTC)
    for hour in range(8, 56, 4):
        clock.move_to(START + timedelta(hours=hour))
        work()
    assert told() == set()
    clock.move_to(datetime(2026, 11, 5, 16, 0, 30, tzinfo=UTC))
    work()
    assert "student" in told()
    assert len(mailed(cast.student)) == 1


@pytest.mark.parametrize(
    ("wall", "hours"), [(None, [0]), (datetime(2026, 11, 4, 9, 0), [25]), (datetime(2026, 11, 9, 9, 0), [145])]
)
def test_hour_that_is_set_anew_is_the_one_that_counts(
    cast: Cast, clock: time_machine.Traveller, wall: datetime | None, hours: list[int]
) -> None:
    found = announcement(cast.teacher, cast.cohort, wall=datetime(2026, 11, 6, 9, 0))
    again = announcements.correct(found, written(wall=wall), revision=1, tell_again=False)
    assert again.corrected_at is None
    seen = []
    for hour in range(200):
        clock.move_to(START + timedelta(hours=hour, minutes=1))
        work()
        if len(mailed(cast.student)) > len(seen):
            seen.append(hour)
    assert seen == hours


def test_correction_changes_what_lies_in_inboxes_and_mails_nobody(cast: Cast, clock: time_machine.Traveller) -> None:
    found = announcement(cast.teacher, cast.cohort)
    work()
    before = len(mail.outbox)
    clock.shift(timedelta(days=3))
    correct(found, title="No class on Thursday")
    work()
    (one,) = Notice.objects.filter(person=cast.student)
    assert (one.values["title"], one.values["corrected"], one.state) == ("No class on Thursday", True, "told")
    assert one.values["course"] == "Bees and flowers"
    assert unread(cast.student) == 1
    assert len(mail.outbox) == before


def test_correction_that_is_to_be_told_takes_the_place_of_what_was_told(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    found = announcement(cast.teacher, cast.cohort)
    work()
    clock.shift(timedelta(minutes=20))
    correct(found, tell_again=True, title="No class on Thursday")
    work()
    assert [one.subject for one in mailed(cast.student)] == ["No class on Friday", "Corrected: No class on Thursday"]
    assert Notice.objects.filter(person=cast.student, state="told").count() == 1
    assert unread(cast.student) == 1


def test_mail_that_waits_says_what_was_corrected_meanwhile(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 3, 22, 30, tzinfo=UTC))
    found = announcement(cast.teacher, cast.cohort)
    work()
    correct(found, source="We meet on **Tuesday** instead.")
    clock.move_to(datetime(2026, 11, 4, 6, 1, tzinfo=UTC))
    work()
    (one,) = mailed(cast.student)
    assert "Tuesday" in one.body
    assert "Monday" not in one.body


def test_who_joins_later_is_not_told_of_a_correction_of_long_ago(cast: Cast, clock: time_machine.Traveller) -> None:
    found = announcement(cast.teacher, cast.cohort)
    work()
    Enrolment.objects.create(user=cast.outsider, cohort=cast.cohort, started_on=START.date())
    correct(found, title="No class on Thursday")
    work()
    assert "outsider" not in told()
    assert Announcement.objects.readable_by(cast.outsider).get() == found


def test_second_tab_does_not_undo_a_correction(cast: Cast) -> None:
    found = announcement(cast.teacher, cast.cohort)
    correct(found, title="From the first tab")
    with pytest.raises(announcements.ChangedMeanwhile):
        announcements.correct(found, written(title="From the second"), revision=1, tell_again=False)
    found.refresh_from_db()
    assert found.title == "From the first tab"


def test_deleted_one_leaves_every_inbox_and_comes_back_into_each(cast: Cast, clock: time_machine.Traveller) -> None:
    found = announcement(cast.teacher, cast.cohort)
    work()
    assert announcements.delete(found, by=cast.teacher)
    assert not announcements.delete(found, by=cast.teacher)
    assert not Notice.objects.inbox_of(cast.student).exists()
    work()
    assert unread(cast.student) == 0
    plan()
    announcements.restore(found)
    work()
    assert Notice.objects.inbox_of(cast.student).count() == unread(cast.student) == 1
    assert len(mailed(cast.student)) == 1


def test_inbox_has_it_from_its_hour_on_whenever_somebody_looked_before(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    found = announcement(cast.teacher, cast.cohort)
    work()
    laid = list(Notice.objects.laid_before(cast.student))
    assert selectors.readable(laid) == laid
    Announcement.objects.filter(pk=found.pk).update(publish_at=START + timedelta(hours=1))
    assert selectors.readable(laid) == []
    clock.shift(timedelta(hours=1))
    assert selectors.readable(laid) == laid


def test_name_of_its_writer_leaves_inboxes_when_the_writer_is_erased(cast: Cast, clock: time_machine.Traveller) -> None:
    User.objects.filter(pk=cast.teacher.pk).update(display_name="Zoë Quill-Canary")
    cast.teacher.refresh_from_db()
    announcement(cast.teacher, cast.cohort)
    work()
    notice = Notice.objects.get(person=cast.student)
    assert "Zoë Quill-Canary" in str(notice.values)
    deleting.delete(cast.teacher, by=cast.admin)
    clock.shift(KEPT + timedelta(hours=1))
    erase_what_was_deleted()
    notice.refresh_from_db()
    assert (notice.state, notice.values["by"], notice.values["title"]) == ("told", "", "No class on Friday")


def test_one_that_is_deleted_before_its_mail_leaves_is_not_mailed(cast: Cast, clock: time_machine.Traveller) -> None:
    clock.move_to(datetime(2026, 11, 3, 22, 30, tzinfo=UTC))
    found = announcement(cast.teacher, cast.cohort)
    work()
    announcements.delete(found, by=cast.teacher)
    clock.move_to(datetime(2026, 11, 4, 6, 1, tzinfo=UTC))
    work()
    assert mail.outbox == []


def test_who_left_the_cohort_between_is_not_told(cast: Cast, clock: time_machine.Traveller) -> None:
    announcement(cast.teacher, cast.cohort)
    deliver()
    Enrolment.objects.filter(user=cast.student).update(state="left")
    send_waiting_mail()
    assert mailed(cast.student) == []
    assert not Notice.objects.inbox_of(cast.student).exists()


def test_it_can_be_kept_from_the_mail_and_not_from_the_inbox(cast: Cast, clock: time_machine.Traveller) -> None:
    preferences.choose(cast.student, "announcement", in_inbox=False, mail="never")
    announcement(cast.teacher, cast.cohort)
    work()
    assert mailed(cast.student) == []
    assert Notice.objects.inbox_of(cast.student).count() == 1


def test_it_reaches_somebody_on_a_break(cast: Cast, clock: time_machine.Traveller) -> None:
    preferences.set_mailbox(cast.student, break_until=START.date() + timedelta(days=20))
    announcement(cast.teacher, cast.cohort)
    work()
    assert len(mailed(cast.student)) == 1


def test_everybody_is_everybody_with_an_account_and_somebody_in_two_cohorts_hears_once(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    UserFactory(username="closed", is_active=False)
    Enrolment.objects.create(user=cast.student, cohort=cast.elsewhere, started_on=START.date())
    announcement(cast.admin, cast.cohort, cast.elsewhere, title="To two")
    announcement(cast.admin, for_everybody=True, title="To all")
    work()
    of_student = Notice.objects.filter(person=cast.student, state="told")
    assert sorted(one.values["title"] for one in of_student) == ["To all", "To two"]
    assert told() == set(User.objects.filter(is_active=True).values_list("username", flat=True)) - {"admin"}


@pytest.mark.parametrize("script", [HEBREW, CHINESE])
def test_words_of_any_script_arrive_as_they_were_written(
    cast: Cast, clock: time_machine.Traveller, script: str
) -> None:
    announcement(cast.teacher, cast.cohort, title=script, source=f"**{script}**\n\n{script}")
    work()
    (one,) = mailed(cast.student)
    assert one.subject == script
    assert f"<strong>{script}</strong>" in one.alternatives[0][0]
    assert Notice.objects.get(person=cast.student).values["excerpt"] == f"{script} · {script}"


def test_pictures_are_refused_with_a_sentence_because_no_mail_shows_them() -> None:
    with pytest.raises(richtext.TooMuch, match="can't show pictures"):
        announcements.rendered("![A bee](/files/1/bee.png)")
    assert "<img" not in announcements.rendered("![A bee](https://evil.test/bee.png) `<img src=x>`").html


def test_older_cleaner_s_text_is_made_anew(cast: Cast) -> None:
    found = announcement(cast.teacher, cast.cohort)
    Announcement.objects.update(cleaned_by=0, html="<p>old</p>")
    renew_readings()
    found.refresh_from_db()
    assert (found.cleaned_by, "Monday" in found.html) == (richtext.VERSION, True)


def test_deleted_ones_are_erased_after_a_month(cast: Cast) -> None:
    kept, gone = announcement(cast.teacher, cast.cohort), announcement(cast.teacher, cast.cohort)
    announcements.delete(gone, by=cast.teacher)
    Announcement.everything.filter(pk=gone.pk).update(deleted_at=timezone.now() - timedelta(days=31))
    assert erasing.erase_expired(float("inf")) == 1
    assert list(Announcement.everything.all()) == [kept]


def test_nobody_sends_mail_to_everyone_all_day_long(cast: Cast) -> None:
    for _ in range(announcements.MOST_A_DAY):
        found = announcement(cast.teacher, cast.cohort)
    with pytest.raises(announcements.Refused, match="Write more tomorrow"):
        announcement(cast.teacher, cast.cohort)
    assert announcements.publish(found.key, written(cast.cohort), by=cast.teacher) == (found, False)
    for _ in range(announcements.MOST_TELLINGS - 1):
        deliver()
        found = correct(found, tell_again=True)
    with pytest.raises(announcements.Refused, match="without sending it again"):
        correct(found, tell_again=True)
