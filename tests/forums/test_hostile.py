"""What somebody might try in a forum: markup, files, addresses of others, far too much. By name, the cases of peers."""

import io
import re
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote

import lxml.html
import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from accounts.models import User
from bench import inside
from common import richtext
from courses.models import Cohort, Enrolment
from forums.access import Standing
from forums.models import Forum, Post, Thread
from forums.pages.talk import quotation
from forums.services import texts, topics, uploads
from tests.cast import Cast
from tests.common.mutations import KNOWN
from tests.common.payloads import HTML, MARKDOWN
from tests.common.safety import OF_TAG, PLAIN, assert_safe
from tests.conftest import SOAK
from tests.factories import courses as make
from tests.factories.forums import discussion, reply, thread
from tests.growth import assert_within, within
from tests.test_access_matrix import MATRIX, views

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
ALL = [*HTML, *MARKDOWN, *KNOWN]
PAYLOADS = ALL if SOAK else ALL[::6]
FETCHED = {"img", "video", "audio", "source", "iframe", "object", "embed", "script", "link"}
MEGABYTE = 1_000_000


def test_there_are_two_hundred_of_them() -> None:
    assert len(set(ALL)) >= 200


def skeleton(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page and the names of their attributes."""
    tree = lxml.html.document_fromstring(page)
    return [(one.tag, tuple(sorted(one.attrib))) for one in tree.iter() if isinstance(one.tag, str)]


def words(payload: str, most: int) -> str:
    """As a field of one line takes it: no form lets a NUL or a line end through."""
    return "".join(sign if sign.isprintable() else " " for sign in payload)[:most].strip() or "a"


class TestCase7:
    """CVE-2026-45143, MSA-25-0004, CVE-2021-39248: what a student writes runs as a teacher or an admin."""

    @pytest.mark.parametrize("by_way_of", ["post", "quotation", "mention"])
    def test_case_7_a_post_holds_only_what_is_allowed(self, by_way_of: str, cast: Cast) -> None:
        post = Post(number=1, author=cast.student, thread=Thread(), pk=1)
        for payload in PAYLOADS:
            post.source = payload
            if by_way_of == "quotation":
                post.source = quotation(post, Standing(cast.teacher, frozenset({"teacher"})))
            elif by_way_of == "mention":
                post.source = f"@{payload} @{cast.student} <b>{payload}"
            assert_harmless(texts.made(post.source).html)

    def test_case_7_titles_are_words_on_every_page(self, cast: Cast, as_user: SignIn) -> None:
        found = thread(cast.cohort, cast.student, "Bees", activity=cast.reading)
        reply(thread(cast.cohort, cast.other_student, "Other bees"), cast.student)
        pages = [
            f"/cohorts/{cast.cohort.pk}/forum/",
            f"/threads/{found.pk}/",
            f"/threads/{found.pk}/reply/?quote=1",
            f"/threads/{found.pk}/duplicate/",
            f"/lessons/{cast.reading.pk}/talk/",
            "/forum/unanswered/",
        ]
        self.assert_words(
            as_user(cast.teacher), pages, lambda said: Thread.objects.filter(pk=found.pk).update(title=said)
        )

    def test_case_7_introductions_are_words(self, cast: Cast, as_user: SignIn) -> None:
        Forum.objects.create(cohort=cast.cohort)
        found = topics.introductions_of(cast.cohort)
        pages = [f"/threads/{found.pk}/", f"/cohorts/{cast.cohort.pk}/forum/settings/"]
        self.assert_words(as_user(cast.teacher), pages, lambda said: Forum.objects.update(introductions=said))

    def test_case_7_names_are_words(self, cast: Cast, as_user: SignIn) -> None:
        found = thread(cast.cohort, cast.student)
        post = reply(found, cast.student)
        pages = [f"/threads/{found.pk}/", f"/posts/{post.pk}/hide/", f"/cohorts/{cast.cohort.pk}/forum/"]
        self.assert_words(
            as_user(cast.teacher),
            pages,
            lambda said: User.objects.filter(pk=cast.student.pk).update(display_name=said[:80]),
        )

    def test_case_7_reasons_and_earlier_versions_are_words(self, cast: Cast, as_user: SignIn) -> None:
        post = reply(thread(cast.cohort, cast.student), cast.student)
        Post.objects.filter(pk=post.pk).update(hidden_at=post.created_at, hidden_by=cast.teacher)
        pages = [f"/threads/{post.thread_id}/"]
        self.assert_words(
            as_user(cast.teacher), pages, lambda said: Post.objects.filter(pk=post.pk).update(hidden_for=said)
        )

    def assert_words(self, client: Client, pages: list[str], say: Callable[[str], object]) -> None:
        say("Honey")
        honest = {page: skeleton(client.get(page).content.decode()) for page in pages}
        assert all(honest.values())
        for number, payload in enumerate(PAYLOADS):
            say(words(payload, 200))
            page = pages[number % len(pages)]
            assert skeleton(client.get(page).content.decode()) == honest[page], payload

    def test_case_7_what_a_step_asks_holds_only_what_is_allowed(self, cast: Cast) -> None:
        step = discussion(cast.module)
        asked = {"posts_needed": 1, "replies_needed": 0, "own_first": False}
        for written in ("markdown", "html"):
            for payload in PAYLOADS:
                values = {**asked, "format": written, "source": payload.replace("\0", "")}
                topics.write(step, values, lambda address: None)
                step.discussion.refresh_from_db()
                assert_safe(step.discussion.html)

    @pytest.mark.parametrize(
        "address",
        [
            "/lessons/7/",
            "/inbox/7/",
            "/account/logout/",
            "/threads/7/?unread",
            "/forum/files/../../lessons/7/",
            "/files/7/",
        ],
    )
    def test_case_7_no_post_makes_its_readers_fetch_a_page(self, address: str) -> None:
        made = texts.made(f"![Look]({address})\n\n<img src='{address}'><video src='{address}'></video>").html
        assert not lxml.html.fragment_fromstring(made, create_parent="div").xpath(".//@src")


def assert_harmless(html: str) -> None:
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    for element in tree.iterdescendants():
        assert set(element.attrib) <= PLAIN | OF_TAG.get(element.tag, set()), html
        assert element.tag not in FETCHED or not element.get("src"), html
        href = element.get("href") or ""
        assert not re.match(r"\s*(javascript|vbscript|data|blob|file):", href, re.IGNORECASE), html


FILES = {
    "a.html": b"<script>alert(1)</script>",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a.xml": b"<?xml version='1.0'?><x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "a.pdf": b"%PDF-1.4 1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
    "a.txt": b"<html><script>alert(1)</script>",
    "a.csv": b"GIF89a/*<svg onload=alert(1)>*/=1",
    "a.md": b"<script>alert(1)</script>",
    "a.py": b"\xef\xbb\xbf<script>alert(1)</script>",
    "a.html.txt": b"<script>alert(1)</script>",
    "a.txt.html": b"<script>alert(1)</script>",
    "a.gif": b"GIF89a=1/*<script>alert(1)</script>*/",
}
NAMES = [
    '"><svg onload=alert(1)>.pdf',
    "a\r\nX-Bad: 1.pdf",
    "../../../a.pdf",
    "a%0d%0a.pdf",
    "\u202efdp.exe.pdf",
    "'.pdf",
]


class TestCase8:
    """GHSA-c6xg-fh3c-vvhh, CVE-2025-65675, CVE-2026-23497: a file, or its name, runs in our origin."""

    @pytest.mark.parametrize("name", FILES)
    def test_case_8_a_file_is_refused_or_does_not_run(self, name: str, cast: Cast, as_user: SignIn) -> None:
        try:
            found = uploads.bring(cast.cohort, io.BytesIO(FILES[name]), name, len(FILES[name]), by=cast.student)
        except uploads.Refused:
            return
        reply(thread(cast.cohort, cast.student), cast.student, uploads.markdown_of(found, "A bee"))
        answer = as_user(cast.teacher).get(uploads.address_of(found))
        assert answer.status_code == 200
        kind = answer["Content-Type"].partition(";")[0]
        assert kind in ("application/pdf", "text/plain", "application/octet-stream")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "sandbox" in answer["Content-Security-Policy"] or kind == "application/pdf"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        b"".join(answer.streaming_content)

    @pytest.mark.parametrize("name", NAMES)
    def test_case_8_a_name_is_words_in_text_address_and_header(self, name: str, cast: Cast, as_user: SignIn) -> None:
        found = uploads.bring(cast.cohort, io.BytesIO(b"%PDF-1.4"), name, 8, by=cast.student)
        post = reply(thread(cast.cohort, cast.student), cast.student, uploads.markdown_of(found, ""))
        assert_harmless(post.html)
        assert unquote(uploads.address_of(found).rpartition("/")[2]) == found.file.name
        answer = as_user(cast.teacher).get(uploads.address_of(found))
        assert answer.status_code == 200
        assert "X-Bad" not in answer
        b"".join(answer.streaming_content)

    @pytest.mark.parametrize("alternative", ALL[::9])
    def test_case_8_words_for_a_picture_are_words(self, alternative: str, cast: Cast) -> None:
        found = uploads.PostFile(pk=uuid.uuid4(), is_image=True)
        found.file = uploads.files.File(name="a.png")
        made = texts.made(uploads.markdown_of(found, words(alternative, 300))).html
        tree = lxml.html.fragment_fromstring(made, create_parent="div")
        assert all(address.startswith("/forum/files/") for address in tree.xpath(".//@src")), made
        for element in tree.iterdescendants():
            assert set(element.attrib) <= PLAIN | OF_TAG.get(element.tag, set()), made


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(client: Client, name: str, cast: Cast) -> HttpResponse:
    method, path, data = MATRIX[name][0](cast)
    return getattr(client, method)(path, data)


ADDRESSES = [name for name in MATRIX if name.startswith("forums:")]
# Without a cohort of its own: for whoever is signed in, it lists what is theirs.
# About a lesson or a course, which is theirs as well: what they get is of their own cohort.
OF_A_LESSON = {"forums:found", "forums:talk", "forums:follow_module", "forums:ask", "forums:lost", "forums:not_lost"}
OWN = {"forums:forums", "forums:unanswered", "forums:found_everywhere"}


class TestOutsideTheCohort:
    def test_every_address_of_the_forum_is_asked(self) -> None:
        routes = {name for name in views(get_resolver().url_patterns) if name.startswith("forums:")}
        assert routes == {name.partition(" ")[0] for name in ADDRESSES} | {"forums:file"}

    @pytest.mark.parametrize("name", sorted(set(ADDRESSES) - OWN))
    def test_a_student_of_another_cohort_gets_404(self, name: str, cast: Cast, as_user: SignIn) -> None:
        answer = asked(as_user(cast.elsewhere_student), name, cast)
        if name.partition(" ")[0] in OF_A_LESSON:
            assert "Why do bees dance?" not in answer.content.decode()
            assert f"/cohorts/{cast.cohort.pk}/" not in answer.get("Location", "")
        else:
            assert answer.status_code == 404

    @pytest.mark.parametrize("name", sorted(set(ADDRESSES) - OWN))
    def test_a_fragment_is_no_way_in(self, name: str, cast: Cast, as_user: SignIn) -> None:
        thread(cast.cohort, cast.student, activity=cast.reading)
        method, path, data = MATRIX[name][0](cast)
        answer = getattr(as_user(cast.elsewhere_student), method)(path, data, headers={"HX-Request": "true"})
        assert "Why do bees dance?" not in answer.content.decode()
        assert answer.status_code == 404 or name.partition(" ")[0] in OF_A_LESSON

    def test_lists_and_search_show_nothing_of_it(self, cast: Cast, as_user: SignIn) -> None:
        thread(cast.cohort, cast.student, activity=cast.reading)
        client = as_user(cast.elsewhere_student)
        for path in ("/forum/", "/forum/unanswered/", f"/cohorts/{cast.elsewhere.pk}/forum/?q=bees",
                     f"/courses/{cast.course.pk}/search/?q=dance", f"/courses/{cast.course.pk}/forum/found/?q=dance",
                     "/forum/found/?q=dance", f"/lessons/{cast.reading.pk}/"):  # fmt: skip
            page = client.get(path)
            assert page.status_code == 200, path
            assert "Why do bees dance" not in page.content.decode(), path

    def test_nothing_of_another_cohort_is_named_in_ones_own(self, cast: Cast, as_user: SignIn) -> None:
        """Case 2 of a forum: a thread, a lesson or a person of others, in a form about one's own."""
        theirs, own = thread(cast.elsewhere, cast.elsewhere_student, "Their thread"), thread(cast.cohort, cast.student)
        client = as_user(cast.teacher)
        assert client.post(f"/threads/{own.pk}/duplicate/", {"of": f"/threads/{theirs.pk}/"}).status_code == 422
        foreign = make.reading(make.ModuleFactory(course=make.CourseFactory()))
        assert client.post(f"/threads/{own.pk}/move/", {"activity": foreign.pk}).status_code == 404
        named = texts.named_in(f"@{cast.elsewhere_student} @{cast.student}", cast.cohort)
        assert named == [cast.student.pk]


class TestTooMuch:
    @pytest.mark.parametrize(
        "source",
        [
            "a" * texts.LONGEST,
            "a " * (texts.LONGEST // 2),
            "> " * (texts.LONGEST // 2),
            "* a\n" * (texts.LONGEST // 4),
            "[" * texts.LONGEST,
            "![a](/b)" * (texts.LONGEST // 8),
            "`" * texts.LONGEST,
            "<b>" * (texts.LONGEST // 3),
            "$a$ " * (texts.LONGEST // 4),
            "|a|b|\n|-|-|\n" + "|a|b|\n" * (texts.LONGEST // 6 - 3),
            "@a " * (texts.LONGEST // 3),
            "*_" * (texts.LONGEST // 2),
            "\u0315\u0300" * (texts.LONGEST // 2),
        ],
        ids=lambda source: source[:8],
    )
    def test_a_text_at_the_limit_is_made_in_a_second(self, source: str) -> None:
        # Or refused, where it is over another limit.
        with within(1.0, source[:20]), suppress(richtext.TooMuch):
            texts.made(source)

    def test_names_are_found_at_once_among_ten_thousand(self, cast: Cast) -> None:
        made = User.objects.bulk_create(
            User(username=f"many.{n}", display_name=f"Many Person {n}", password="!", email=None) for n in range(10_000)
        )
        begun = cast.cohort.starts_on
        # What role each of them has is settled one by one, which is not what is measured here.
        with inside.without_triggers():
            Enrolment.objects.bulk_create(Enrolment(user=one, cohort=cast.cohort, started_on=begun) for one in made)
        inside.analyse()
        source = " ".join(f"@Many Person {n} {'x' * 60}" for n in range(0, 9_000, 450))
        assert source.count("@") == texts.MOST_MENTIONS
        assert len(texts.named_in(source, cast.cohort)) == texts.MOST_MENTIONS
        assert_within(lambda said: texts.named_in(said, cast.cohort), source, clock=time.perf_counter)

    @pytest.mark.parametrize("sign", ["a", "\u0300", "<", "@", "[", "0"])
    def test_a_megabyte_in_each_field_gets_a_sentence(self, sign: str, cast: Cast, as_user: SignIn) -> None:
        found = thread(cast.cohort, cast.student)
        Forum.objects.create(cohort=cast.cohort)
        student, teacher, much = as_user(cast.student), as_user(cast.teacher), sign * MEGABYTE
        forum, post = f"/cohorts/{cast.cohort.pk}/forum", found.posts.get().pk
        whole = {"kind": "question", "title": "Bees", "source": "Why?", "reason": "Bad", "introductions": "Who?"}
        tried = [
            (student, f"{forum}/new/", ("title", "source", "kind")),
            (student, f"/threads/{found.pk}/reply/", ("source",)),
            (student, f"/posts/{post}/edit/", ("title", "source")),
            (as_user(cast.other_student), f"/posts/{post}/report/", ("reason",)),
            (teacher, f"/posts/{post}/hide/", ("reason",)),
            (teacher, f"{forum}/settings/", ("introductions",)),
            (teacher, f"/threads/{found.pk}/duplicate/", ("of",)),
            (student, f"{forum}/files/", ("alternative",)),
        ]
        for client, path, fields in tried:
            for field in fields:
                with within(1.5, f"{path} {field}"), undone():
                    answer = client.post(path, {**whole, field: much})
                assert answer.status_code in (413, 422), (path, field, answer.status_code)
        with within(1.5):
            assert student.post(f"{forum}/new/", {"source": much, "preview": ""}).status_code in (200, 413, 422)

    @pytest.mark.parametrize(
        "name", ["title", "q", "show", "page", "after", "quote", "to", "activity", "at", "numbers", "choice"]
    )
    def test_addresses_take_far_too_much(self, name: str, cast: Cast, as_user: SignIn) -> None:
        found = thread(cast.cohort, cast.student)
        forum = f"/cohorts/{cast.cohort.pk}/forum"
        client = as_user(cast.student)
        for much in ("9" * 50_000, "a" * 50_000, "\u0663", "-1", "\x00"):
            for path in (f"{forum}/", f"{forum}/new/", f"{forum}/similar/", f"/threads/{found.pk}/",
                         f"/threads/{found.pk}/reply/", f"/threads/{found.pk}/news/", "/forum/"):  # fmt: skip
                with within(1.5, f"{path} {name}"):
                    answer = client.get(path, {name: much})
                assert answer.status_code in (200, 204, 302, 400, 404), (path, much[:5])
            for path in (f"/threads/{found.pk}/read/", f"/threads/{found.pk}/follow/", f"{forum}/follow/"):
                with within(1.5, f"{path} {name}"), undone():
                    answer = client.post(path, {name: much})
                assert answer.status_code in (204, 302, 400), (path, much[:5])


def test_nobody_writes_into_a_cohort_that_is_over_for_them(cast: Cast, as_user: SignIn) -> None:
    client = as_user(cast.student)
    Cohort.objects.filter(pk=cast.cohort.pk).update(deleted_at="2026-01-01T00:00Z")
    assert client.get(f"/cohorts/{cast.cohort.pk}/forum/").status_code == 404
