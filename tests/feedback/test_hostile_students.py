"""What a student might try with work and feedback, and what a marker's words might do to them."""

import re
import uuid
from collections.abc import Callable

import lxml.html
import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from courses.models import Activity
from feedback.models import Comment, Feedback, PromiseMove, Remark, Rubric, Submission
from feedback.services import texts
from tests.cast import Cast
from tests.common.mutations import KNOWN
from tests.common.payloads import HTML, MARKDOWN
from tests.common.safety import assert_safe
from tests.conftest import SOAK
from tests.factories import feedback as make
from tests.forums.test_hostile import skeleton
from tests.forums.test_hostile import words as one_line

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
ALL = [*HTML, *MARKDOWN, *KNOWN]
PAYLOADS = ALL if SOAK else ALL[::6]


@pytest.fixture
def told(cast: Cast, client: Client) -> Submission:
    """Released, with a comment and a remark; its student is signed in."""
    client.force_login(cast.student)
    sent = make.hand_in(cast.enrolment, make.assignment(cast.module))
    made = Comment.objects.create(submission=sent, source="Which?", html="<p>Which?</p>", quote="nine", by=cast.teacher)
    Remark.objects.create(
        submission=sent, comment=made, author=cast.teacher, key=uuid.uuid4(), source="Red?", html="<p>Red?</p>"
    )
    make.release(sent, cast.teacher, make.said(good_enough=False))
    Feedback.objects.update(will_change="Honey")
    return sent


def assert_words(client: Client, pages: list[str], say: Callable[[str], object]) -> None:
    """Whatever is said, a page has the elements that it has for an honest word."""
    say("Honey")
    honest = {page: skeleton(client.get(page).content.decode()) for page in pages}
    assert all(honest.values())
    for number, payload in enumerate(PAYLOADS):
        say(one_line(payload, 120))
        page = pages[number % len(pages)]
        assert skeleton(client.get(page).content.decode()) == honest[page], payload


def test_there_are_two_hundred_payloads() -> None:
    assert len(set(ALL)) >= 200


@pytest.mark.parametrize("field", ["source", "html"])
def test_work_comments_and_remarks_hold_only_what_is_allowed(field: str) -> None:
    for payload in PAYLOADS:
        made = texts.made(payload if field == "source" else f"A *bee* {payload}")
        assert_safe(made, own_pages=True)
        assert "<img" not in made, payload


class TestCase7:
    """CVE-2026-45143 and its like: what stands in a field of one line becomes markup where others read it."""

    def test_case_7_what_will_change_is_words(self, client: Client, told: Submission) -> None:
        pages = [
            f"/work/{told.pk}/",
            f"/lessons/{told.activity_id}/",
            f"/lessons/{told.activity_id}/hand-in/",
            f"/courses/{told.activity.module.course_id}/feedback/",
        ]
        assert_words(client, pages, lambda said: Feedback.objects.update(will_change=said))

    def test_case_7_quotations_are_words(self, client: Client, told: Submission) -> None:
        made = Comment.objects.get()
        pages = [f"/work/{told.pk}/", f"/work/{told.pk}/ask/?comment={made.pk}"]
        assert_words(client, pages, lambda said: Comment.objects.update(quote=said, before=said[:40], after=said[:40]))

    def test_case_7_rubrics_and_what_is_said_of_them_are_words(self, client: Client, told: Submission) -> None:
        def say(said: str) -> None:
            level = {"key": "close", "title": said, "sentence": said, "points": None}
            plain = [{"key": "seen", "title": said, "sentence": said, "levels": [level]}]
            Rubric.objects.update(plain=plain)
            Feedback.objects.update(marks={"seen": {"level": "close", "words": said}})

        assert_words(client, [f"/work/{told.pk}/", f"/lessons/{told.activity_id}/"], say)

    def test_case_7_levels_are_words(self, client: Client, told: Submission) -> None:
        pages = [f"/work/{told.pk}/", f"/lessons/{told.activity_id}/"]
        assert_words(client, pages, lambda said: Feedback.objects.update(good_enough=True, level=said[:60]))

    def test_case_7_reasons_of_a_pause_are_words(self, cast: Cast, client: Client, told: Submission) -> None:
        sent = make.hand_in(cast.enrolment, told.activity, "Again.")
        PromiseMove.objects.create(submission=sent, was=timezone.now(), becomes=timezone.now(), why="paused", words="x")
        assert_words(client, [f"/work/{sent.pk}/"], lambda said: PromiseMove.objects.update(words=said))

    def test_case_7_titles_are_words_on_every_page(self, client: Client, told: Submission) -> None:
        pages = [
            f"/work/{told.pk}/",
            f"/work/{told.pk}/ask/",
            f"/lessons/{told.activity_id}/hand-in/",
            f"/courses/{told.activity.module.course_id}/feedback/",
        ]
        assert_words(client, pages, lambda said: Activity.objects.filter(pk=told.activity_id).update(title=said))


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "JaVaScRiPt://example.org/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//example.org/",
        "https://",
        "https://user:pass@",
        "http://[::1",
        "ftp://example.org/",
        "\u202ehttps://example.org",
    ],
)
def test_links_lead_to_the_web_alone(link: str, cast: Cast, client: Client) -> None:
    step = make.assignment(cast.module, takes_links=True)
    client.force_login(cast.student)
    answer = client.post(f"/lessons/{step.pk}/hand-in/", {"source": "Nine.", "links": link})
    assert answer.status_code == 422
    assert not Submission.objects.exists()
    tree = lxml.html.document_fromstring(answer.content.decode())
    assert not [one for one in tree.iter("a") if re.match(r"\s*(javascript|data|vbscript):", one.get("href") or "")]


def test_every_field_takes_every_payload(cast: Cast, client: Client) -> None:
    step = make.assignment(cast.module, takes_links=True)
    client.force_login(cast.student)
    for payload in PAYLOADS:
        sent = {"source": payload, "links": payload, "files": payload, "draft_key": payload, "preview": ""}
        assert client.post(f"/lessons/{step.pk}/hand-in/", sent).status_code in (200, 422), payload
        assert client.post(f"/lessons/{step.pk}/hand-in/begin/", {"draft_key": payload}).status_code == 204


def test_files_of_others_are_nobodys_to_hand_in(cast: Cast, client: Client) -> None:
    step = make.assignment(cast.module)
    client.force_login(cast.student)
    answer = client.post(f"/lessons/{step.pk}/hand-in/", {"source": "Nine.", "files": [str(uuid.uuid4())]})
    assert answer.status_code == 422
    assert "A file is no longer here." in answer.content.decode()
    assert not Submission.objects.exists()
