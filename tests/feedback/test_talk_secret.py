"""No page, list, search, inbox, notice or mail of anybody but its people holds a word of a conversation: a crawl."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.apps import apps
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Enrolment
from feedback.models import Asked, CheckIn, Conversation, Message
from feedback.services import checkins, news
from feedback.tasks import break_promises
from notifications.models import Event, Notice
from tests.cast import Cast
from tests.courses.notices.days import wait
from tests.factories import talks as make

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
# No page of ours has them; what the student, the teacher and the check-in said.
CANARIES = ("xylocopa", "meliponini", "zanzibarium")
SECRET = re.compile("|".join(CANARIES), re.IGNORECASE)
OTHERS = (
    *("other_student", "elsewhere_student", "assistant", "observer", "elsewhere_teacher", "editor", "outsider"),
    "admin",
)
# Addresses that change something, or lead out.
LEFT = re.compile(r"/(?:static|account|undo|edit/imports|styleguide)/|/(?:take|delete|read|restore)/")


@pytest.fixture
def talk(cast: Cast) -> Conversation:
    one = make.asked(cast.cohort, cast.teacher, cast.student, source="How is zanzibarium?")
    checkins.answer(one, "stuck", "I saw xylocopa.")
    found = Conversation.objects.get()
    make.reply(found, "That was meliponini.")
    make.asked(cast.cohort, cast.teacher, cast.student, source="Any zanzibarium today?")
    return found


def starts(cast: Cast, talk: Conversation) -> list[str]:
    """Where somebody might look, who knows every number."""
    cohort, course, asked = cast.cohort.pk, cast.course.pk, Asked.objects.latest("pk").pk
    return [
        *("/", "/courses/", "/dates/", "/inbox/", "/drafts/", "/conversations/", "/forum/", "/teach/", "/manage/"),
        *(
            "/me/",
            "/inbox/?show=unread",
            "/inbox/settings/",
            "/marking/",
            "/deleted/",
            "/manage/notices/",
            "/manage/people/",
            "/announcements/",
        ),
        *(f"/search/?q={word}" for word in CANARIES),
        *(f"/courses/{course}/search/?q={word}" for word in CANARIES),
        *(f"/cohorts/{cohort}/forum/?q={word}" for word in CANARIES),
        *(f"/courses/{course}/forum/found/?q={word}" for word in CANARIES),
        *(f"/forum/found/?q={word}" for word in CANARIES),
        *(
            f"/teach/cohorts/{cohort}/{rest}"
            for rest in ("", "needed/", "check-ins/", "check-ins/new/", "check-ins/regular/")
        ),
        f"/teach/cohorts/{cohort}/check-ins/{CheckIn.objects.latest('pk').pk}/",
        f"/teach/students/{cast.enrolment.pk}/",
        f"/manage/people/{cast.student.pk}/",
        f"/manage/people/{cast.student.pk}/told/",
        f"/manage/people/{cast.teacher.pk}/told/",
        f"/conversations/{talk.pk}/",
        f"/conversations/messages/{Message.objects.latest('pk').pk}/hide/",
        f"/check-ins/{asked}/",
        f"/check-in/{asked}/",
        f"/courses/{course}/word/",
    ]


def crawled(client: Client, begin: list[str], most: int = 80) -> dict[str, str]:
    to_see, seen = list(begin), {}
    while to_see and len(seen) < most:
        path = to_see.pop(0)
        answer = client.get(path)
        seen[path] = str(answer.headers)
        if answer.streaming:
            answer.close()
        if answer.streaming or "html" not in answer.get("Content-Type", ""):
            continue
        seen[path] += answer.content.decode()
        for address in re.findall(r'(?:href|hx-get)="(/[^"#]*)', seen[path]):
            address = address.replace("&amp;", "&")
            if address not in seen and address not in to_see and not LEFT.search(address):
                to_see.append(address)
    return seen


def shown(path: str, text: str) -> str:
    """Without what was searched for, which stands in the box and in addresses of the same list again."""
    for word in parse_qs(urlsplit(path).query).get("q", ()):
        text = text.replace(word, "")
    return text


def assert_holds_nothing(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        words = shown(path, text)
        found = SECRET.search(words)
        assert not found, f"{path}: {words[max(0, found.start() - 80) : found.end() + 80]}"


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_else_meets_a_word_of_it_or_that_it_is_there(
    who: str, cast: Cast, as_user: SignIn, talk: Conversation
) -> None:
    pages = crawled(as_user(cast.person(who)), starts(cast, talk))
    assert_holds_nothing(pages)
    for path, text in pages.items():
        assert f"/conversations/{talk.pk}/" not in text, path
        # Nor that anybody waits for an answer in it, or how they are.
        for words in ("Your reply", "Answered “", "1 unread", "Wrote to you"):
            assert words not in text, (path, words)


def test_its_two_do(cast: Cast, as_user: SignIn, talk: Conversation) -> None:
    """Otherwise the test above would pass for a reason that nobody meant."""
    for who in ("student", "teacher"):
        text = "".join(crawled(as_user(cast.person(who)), ["/conversations/"], 40).values())
        assert set(SECRET.findall(text)) == set(CANARIES)


def test_of_a_minor_who_looks_after_them_reads_it_in_its_place_and_nowhere_else(
    cast: Cast, as_user: SignIn, talk: Conversation
) -> None:
    User.objects.filter(pk=cast.student.pk).update(minor=True)
    Enrolment.objects.filter(user=cast.assistant).update(role="teacher")
    for who in ("assistant", "admin"):
        pages = crawled(as_user(cast.person(who)), starts(cast, talk))
        its_own = {path for path in pages if path.startswith("/conversations/")}
        assert SECRET.search("".join(pages[path] for path in its_own))
        assert_holds_nothing({path: text for path, text in pages.items() if path not in its_own})
    for who in ("other_student", "observer", "elsewhere_teacher", "editor"):
        assert_holds_nothing(crawled(as_user(cast.person(who)), starts(cast, talk), 60))


def test_no_notice_event_or_mail_to_anybody_else_holds_a_word(cast: Cast, talk: Conversation) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        wait(clock, minutes=4)
        assert Notice.objects.filter(kind="message", person=cast.student).exists()
        make.reply(talk, "Still xylocopa?", by=cast.student)
        clock.move_to(timezone.now() + timedelta(days=9))
        break_promises()
        wait(clock, minutes=4)
        heard = Notice.objects.filter(kind__in=("answer_soon", "answer_broke", "answer_late"), state="told")
        assert {one.person for one in heard} == {cast.student, cast.teacher}
        ours = Notice.objects.filter(kind__in=(news.CHECK_IN, *news.LEAD_TO_TALK, news.ANSWER_SOON, news.ANSWER_BROKE))
        assert {one.person for one in ours} == {cast.student, cast.teacher}
    assert not SECRET.search(repr([list(Notice.objects.values()), list(Event.objects.values())]))
    for letter in mail.outbox:
        text = str(letter.message())
        assert set(SECRET.findall(text)) <= ({"zanzibarium"} if letter.to == [cast.student.email] else set())


def test_words_lie_in_their_own_tables_alone(cast: Cast, talk: Conversation) -> None:
    """Nothing copies them to where a search, an export or a log would find them; a draft is its writer's."""
    holding = set()
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {model._meta.db_table} t WHERE t::text ~* %s", [SECRET.pattern])
            if cursor.fetchone()[0]:
                holding.add(model)
    assert {model.__name__ for model in holding} <= {"Asked", "CheckIn", "Message", "Draft"}
