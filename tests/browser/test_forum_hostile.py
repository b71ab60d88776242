"""What somebody plants in a forum before a real browser: nothing of it runs, with our policy and without it."""

import io
from dataclasses import dataclass

import pytest
from playwright.sync_api import Dialog, Page, Request
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from courses.models import Cohort, Enrolment
from forums.models import Forum, Post, PostFile, Thread
from forums.services import texts, topics, uploads
from tests.browser.conftest import OpenBrowser
from tests.common.mutations import KNOWN
from tests.common.payloads import HTML, MARKDOWN
from tests.conftest import SOAK
from tests.factories import courses as make
from tests.factories.forums import discussion

ALL = [one.replace("\0", "") for one in (*HTML, *MARKDOWN, *KNOWN)]
PAYLOADS = ALL if SOAK else ALL[::6]
# As many of each as a page shows.
POSTS, TITLES = 50, 40


@dataclass
class Planted:
    teacher: User
    addresses: list[str]


def line(payload: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in payload)[:200].strip() or "a"


@pytest.fixture(scope="module")
def planted(open_database: None) -> Planted:
    """Every payload as a title, a post, a quotation, a mention, a file name, words for a picture and a question."""
    attacker = make.EnrolmentFactory(user__display_name="<img src=x onerror=alert(1)>", user__username="planter")
    cohort: Cohort = attacker.cohort
    teacher = make.EnrolmentFactory(cohort=cohort, role=Enrolment.Role.TEACHER).user
    Forum.objects.create(cohort=cohort, introductions="\n".join(line(one) for one in PAYLOADS))
    file = uploads.bring(cohort, io.BytesIO(b"%PDF-1.4"), "a.pdf", 8, by=attacker.user)
    Thread.objects.bulk_create(
        Thread(cohort=cohort, kind="question", title=line(one), author=attacker.user) for one in PAYLOADS
    )
    thread = Thread.objects.create(cohort=cohort, kind="discussion", title=line(PAYLOADS[0]), author=attacker.user)
    Post.objects.bulk_create(
        Post(
            thread=thread,
            number=number,
            under=number,
            author=attacker.user,
            source=one,
            html=texts.made(source_of(one, file)).html,
        )
        for number, one in enumerate(PAYLOADS, start=1)
    )
    thread.posts.earliest("number").files.add(file)
    Thread.objects.filter(pk=thread.pk).update(last_number=len(PAYLOADS))
    step = discussion(make.ModuleFactory(course=cohort.course), source="\n\n".join(PAYLOADS[:60]), format="html")
    hello = topics.introductions_of(cohort)
    pages = [f"/threads/{thread.pk}/?page={number + 1}" for number in range(-(-len(PAYLOADS) // POSTS))]
    pages += [f"/cohorts/{cohort.pk}/forum/?page={number + 1}" for number in range(-(-len(PAYLOADS) // TITLES))]
    pages += [f"/threads/{thread.pk}/reply/?quote={number}" for number in range(1, len(PAYLOADS), 40)]
    pages += [f"/threads/{hello.pk}/", f"/cohorts/{cohort.pk}/forum/settings/", f"/lessons/{step.pk}/"]
    return Planted(teacher, pages)


def source_of(payload: str, file: PostFile) -> str:
    """The payload as a text, behind a sign of quotation, as the name of somebody, of a file and of a picture."""
    said = line(payload)
    file.file.name, file.is_image = said, False
    named = uploads.markdown_of(file, said)
    file.is_image = True
    pictured = uploads.markdown_of(file, said)
    return f"{payload}\n\n> {said}\n\n@{said}\n\n{named}\n\n{pictured}"


@pytest.mark.parametrize("policy", ["with the policy", "without it"])
def test_case_7_nothing_that_is_planted_runs_or_is_fetched(
    policy: str, planted: Planted, open_browser: OpenBrowser, live_server: LiveServer
) -> None:
    context = open_browser(planted.teacher, bypass_csp=policy == "without it")
    page = context.new_page()
    page.add_init_script("for (const name of ['alert', 'prompt', 'confirm']) window[name] = () => (window.ran = name);")
    dialogs: list[Dialog] = []
    asked: list[Request] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog))
    page.on("request", lambda request: asked.append(request))
    for address in planted.addresses:
        answer = page.goto(address)
        assert answer
        assert answer.status == 200, address
        touch_everything(page)
        assert page.evaluate("window.ran") is None, address
        assert page.url == f"{live_server.url}{address}", address
    assert dialogs == []
    own = (live_server.url, "data:", "blob:")
    assert [request.url for request in asked if not request.url.startswith(own)] == []
    assert [request.url for request in asked if "/account/" in request.url] == []


def touch_everything(page: Page) -> None:
    """What waits for somebody to point at it, or to turn to it."""
    page.evaluate(
        """() => {
          for (const one of document.querySelectorAll("main *")) {
            for (const name of ["mouseover", "focus", "toggle", "error", "load"]) one.dispatchEvent(new Event(name));
          }
        }"""
    )
