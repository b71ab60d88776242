"""Case 15, CVE-2025-62394: whoever is suspended goes on reading and hearing."""

import io
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.models import User
from courses.models import DueDate, Enrolment
from courses.services import cohorts
from courses.services.cohorts import set_state
from feedback.services.talks import Refused
from forums.services import answers, texts, uploads
from notifications.models import Notice
from tests.cast import Cast
from tests.courses.notices.days import wait
from tests.factories import courses as make
from tests.factories.announcements import announcement
from tests.factories.forums import reply, thread
from tests.forums.notices.living import SOON, follow
from tests.forums.test_hostile import ADDRESSES, OF_A_LESSON, OWN
from tests.test_access_matrix import MATRIX, undone

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
# In the titles, texts and addresses of all that is told here.
WORDS = ("Bees and flowers", "Morning group", "Why do bees dance", "Why bees", "Bee eyes", "No class on Friday")
OWN_PAGES = ("/", "/inbox/", "/inbox/?show=unread", "/dates/", "/forum/", "/announcements/", "/search/?q=bees")
CLOSED = set(ADDRESSES) - OWN - OF_A_LESSON


def test_case_15_not_even_what_they_wrote_or_brought(cast: Cast, as_user: SignIn) -> None:
    found = uploads.bring(cast.cohort, io.BytesIO(b"%PDF-1.4"), "a.pdf", 8, by=cast.other_student)
    own = reply(thread(cast.cohort, cast.student), cast.other_student, uploads.markdown_of(found, ""))
    client = as_user(cast.other_student)
    set_state(Enrolment.objects.get(user=cast.other_student), "suspended", by=cast.teacher)
    for path in (f"/posts/{own.pk}/", f"/posts/{own.pk}/edit/", uploads.address_of(found)):
        assert client.get(path).status_code == 404, path
    assert client.post(f"/posts/{own.pk}/delete/").status_code == 404
    for path in ("/forum/", "/"):
        assert "Morning group" not in client.get(path).content.decode(), path


def test_case_15_nobody_names_them(cast: Cast) -> None:
    set_state(Enrolment.objects.get(user=cast.other_student), "suspended", by=cast.teacher)
    assert texts.named_in(f"@{cast.other_student}", cast.cohort) == []


def told_of_all_sorts(cast: Cast, clock: time_machine.Traveller) -> None:
    """In the inbox, in a mail that waits for the morning, and planned for later."""
    follow(cast, cast.student)
    cohorts.set_due_date(cast.cohort, cast.reading, DueDate(suggested_wall=datetime(2026, 11, 5, 20)))
    announcement(cast.teacher, cast.cohort)
    own = thread(cast.cohort, cast.student, "Why bees?")
    reply(own, cast.other_student)
    reply(own, cast.other_student, f"Ask @{cast.student}.")
    helped = reply(thread(cast.cohort, cast.other_student), cast.student)
    answers.accept(helped, by=cast.other_student, accepted=True)
    make.reading(cast.module, "More.", title="Bee eyes again", position=8)
    clock.move_to(datetime(2026, 11, 3, 22, 0, tzinfo=UTC))
    wait(clock, **SOON)


@pytest.mark.parametrize(
    "how", ["suspended", *(pytest.param(how, marks=pytest.mark.soak) for how in ("left", "account closed"))]
)
def test_case_15_one_crawl_finds_neither_notices_nor_pages_nor_mail(
    cast: Cast, clock: time_machine.Traveller, as_user: SignIn, how: str
) -> None:
    client = as_user(cast.student)
    told_of_all_sorts(cast, clock)
    mine = Notice.objects.filter(person=cast.student)
    kinds = set(mine.filter(state__in=["told", "planned"]).values_list("kind", flat=True))
    assert {"announcement", "forum_answer", "forum_mention", "forum_accepted", "due_soon"} <= kinds
    assert any(word in client.get("/inbox/").content.decode() for word in WORDS)
    before, mails = set(mine.values_list("pk", flat=True)), len(mail.outbox)
    if is_closed := how == "account closed":
        User.objects.filter(pk=cast.student.pk).update(is_active=False)
    else:
        set_state(Enrolment.objects.get(user=cast.student), how, by=cast.teacher)

    # What happens later, what had been planned, and what was in a mail already.
    reply(thread(cast.cohort, cast.other_student, "Why bees again?"), cast.teacher, f"@{cast.student}, you know.")
    announcement(cast.teacher, cast.cohort, title="No class on Friday at all")
    for _ in range(10):
        wait(clock, hours=12)
    assert [one.subject for one in mail.outbox[mails:] if cast.student.email in one.to] == []
    assert not mine.filter(state="told").exclude(pk__in=before).exists()

    # The address of every notice, every page that was theirs, and every address of the site.
    gone = 302 if is_closed else 404
    for pk in before:
        assert client.get(f"/inbox/{pk}/").status_code == gone
    for path in OWN_PAGES:
        assert names_in(client, "get", path, {}) == [], path
    for name, (call, _) in MATRIX.items():
        with undone():
            try:
                method, path, data = call(cast)
            except Refused:
                # Nobody can check in with them any more.
                continue
            if name in CLOSED:
                assert getattr(client, method)(path, data).status_code == gone, name
            elif method == "get" and not path.startswith(("/help/", "/outbox/")):
                assert names_in(client, method, path, data) == [], name


def names_in(client: Client, method: str, path: str, data: dict) -> list[str]:
    answer = getattr(client, method)(path, data)
    shown = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return [word for word in WORDS if word.encode() in shown]
