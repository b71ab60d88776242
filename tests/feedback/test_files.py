"""Files for an assignment: brought, named by the draft, handed in, and readable as the work is."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import lxml.html
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from courses.models import Activity
from courses.services.cohorts import set_state
from drafts import services as drafts
from drafts.fields import Content, Stamp
from drafts.models import Draft
from feedback.models import PageImage, Submission, WorkFile
from feedback.names import place_of
from feedback.pages import files as pages
from feedback.services import drawing, handing_in, shapes, uploads
from files import services as stored
from files.models import File
from tests.cast import Cast
from tests.common.mutations import KNOWN
from tests.common.payloads import HTML, MARKDOWN
from tests.conftest import SOAK
from tests.factories import documents
from tests.factories import feedback as make
from tests.feedback.test_handing_in_pages import words
from tests.growth import assert_in_step, within

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
ALL = [*HTML, *MARKDOWN, *KNOWN]
PAYLOADS = ALL if SOAK else ALL[::12]
SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


def bring(cast: Cast, step: Activity, *given: Any) -> WorkFile:
    return documents.bring(cast.enrolment, step, *given)


def hand_in(cast: Cast, step: Activity, *found: WorkFile) -> Submission:
    return documents.hand_in(cast.enrolment, step, *found)


def address(found: WorkFile) -> str:
    return pages.address_of(found, found.file.name)


@pytest.mark.parametrize(
    ("name", "data", "shape"),
    [
        ("IMG_1.jpg", documents.picture(), "image"),
        ("IMG_1.HEIC", documents.from_telephone("HEIF"), "image"),
        ("scan.png", documents.picture(format="PNG"), "image"),
        ("bee.webp", documents.picture(format="WEBP"), "image"),
        ("bee.gif", documents.moving(), "image"),
        # A name is no proof.
        ("essay.docx", documents.picture(), "image"),
        ("essay.pdf", documents.pdf(), "pages"),
        ("essay", b"From a mail program\r\n" + documents.pdf(), "pages"),
        ("essay.txt", "Löwenzahn\n".encode(), "text"),
        ("essay.txt", "Löwenzahn\n".encode("cp1252"), "text"),
        ("essay.txt", "Löwenzahn\n".encode("utf-16"), "text"),
        ("bee.py", b"print('buzz')\n", "text"),
        # Shown as it is written, never as a page.
        ("bee.svg", b"<svg onload='alert(1)'></svg>", "text"),
        ("bee.html", b"<script>alert(1)</script>", "text"),
        ("essay.rtf", b"{\\rtf1 Bees}", "other"),
        ("essay.docx", b"PK\x03\x04\x00\x00", "other"),
        ("essay.pdf", b"no PDF at all", "other"),
        ("long.txt", b"bee\n" * 300_000, "other"),
        ("bee.zip", bytes(range(256)), "other"),
    ],
)
def test_a_file_is_shown_by_what_it_holds(cast: Cast, step: Activity, name: str, data: bytes, shape: str) -> None:
    found = bring(cast, step, name, data)
    waits = shape in ("image", "pages")
    assert (found.shape, found.state) == (shape, "waiting" if waits else "ready")
    assert found.file.claimed_at is None


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("C:\\Users\\ada\\bees.txt", "bees.txt"),
        ("../../etc/passwd", "passwd"),
        ("a\u202etxt.exe", "a txt.exe"),
        ("  .. ", "file"),
        ("x" * 300 + ".pdf", "x" * 116 + ".pdf"),
        ("bee\r\nSet-Cookie: a=b.txt", "bee Set-Cookie: a=b.txt"),
        ("ミツバチ.txt", "ミツバチ.txt"),
    ],
)
def test_names_are_cleaned(cast: Cast, step: Activity, name: str, kept: str) -> None:
    assert bring(cast, step, name).file.name == kept


def test_limits_are_told(cast: Cast, step: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    for size, told in ((uploads.LARGEST + 1, "50 MB"), (0, "empty")):
        with pytest.raises(uploads.Refused, match=told):
            uploads.bring(cast.enrolment, step, io.BytesIO(b""), "a.txt", size, by=cast.student)
    monkeypatch.setattr(uploads, "MOST_A_DAY", 1)
    found = bring(cast, step)
    with pytest.raises(uploads.Refused, match="Add more tomorrow"):
        bring(cast, step)
    File.objects.filter(pk=found.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert bring(cast, step)


def test_a_file_is_kept_as_long_as_a_draft_names_it_and_then_goes_with_its_bytes(
    cast: Cast, step: Activity, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    found, place = bring(cast, step), place_of(step.pk)
    File.objects.update(created_at="2020-01-01T00:00Z")
    # Without a word beside it.
    drafts.save(cast.student, place, Stamp(uuid4()), Content({"source": ""}, files=[found.pk]))
    path = Path(found.file.blob.path)
    stored.clear_stale_uploads()
    assert WorkFile.objects.filter(pk=found.pk).exists()
    Draft.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        stored.clear_stale_uploads()
    assert not WorkFile.objects.exists()
    assert not path.exists()


def test_what_was_handed_in_is_claimed_and_cannot_be_thrown_away(cast: Cast, step: Activity) -> None:
    sent, left = bring(cast, step), bring(cast, step, "left.txt")
    hand_in(cast, step, sent)
    sent.file.refresh_from_db()
    assert sent.file.claimed_at
    for one in (sent, left):
        uploads.throw_away(cast.enrolment, one.pk)
    assert list(WorkFile.objects.all()) == [sent]


class TestBringing:
    def test_a_script_learns_what_the_form_is_to_name(self, cast: Cast, step: Activity, as_user: SignIn) -> None:
        client, path = as_user(cast.student), f"/lessons/{step.pk}/hand-in/files/"
        sent = {"file": SimpleUploadedFile("bees.txt", b"Nine.")}
        [told] = client.post(path, sent, headers=SCRIPT).json()["files"]
        assert (told["name"], told["size"]) == ("bees.txt", "5\u00a0bytes")
        asked = client.get(path, {"files": [told["key"], str(uuid4()), "x"]}, headers=SCRIPT).json()["files"]
        assert asked == [told]
        assert client.get(told["address"]).status_code == 200
        assert client.post(path, {"remove": told["key"]}, headers=SCRIPT).json() == {"files": []}
        assert not WorkFile.objects.exists()

    @pytest.mark.parametrize(
        ("sent", "words"), [({}, "Choose a file"), ({"file": SimpleUploadedFile("a.txt", b"")}, "empty")]
    )
    def test_a_script_hears_why_not(self, cast: Cast, step: Activity, as_user: SignIn, sent: dict, words: str) -> None:
        answer = as_user(cast.student).post(f"/lessons/{step.pk}/hand-in/files/", sent, headers=SCRIPT)
        assert (answer.status_code, words in answer.json()["error"]) == (422, True)

    def test_without_a_script_a_page_puts_it_into_the_draft_and_takes_it_out(
        self, cast: Cast, step: Activity, as_user: SignIn
    ) -> None:
        client, path = as_user(cast.student), f"/lessons/{step.pk}/hand-in/files/"
        place = place_of(step.pk)
        drafts.save(cast.student, place, Stamp(uuid4()), Content({"source": "Nine."}))
        answer = client.post(path, {"file": SimpleUploadedFile("bees.txt", b"Nine.")}, follow=True)
        assert "bees.txt" in answer.content.decode()
        draft = Draft.objects.get(place=place)
        assert (draft.fields, len(draft.files)) == ({"source": "Nine."}, 1)
        page = client.post(path, {"remove": str(draft.files[0])}, follow=True).content.decode()
        assert "bees.txt" not in page
        draft.refresh_from_db()
        assert (draft.fields, draft.files) == ({"source": "Nine."}, [])

    def test_the_eleventh_is_refused(self, cast: Cast, step: Activity, as_user: SignIn) -> None:
        drafts.save(
            cast.student,
            place_of(step.pk),
            Stamp(uuid4()),
            Content({"source": ""}, files=[uuid4() for _ in range(10)]),
        )
        sent = {"file": SimpleUploadedFile("bees.txt", b"Nine.")}
        answer = as_user(cast.student).post(f"/lessons/{step.pk}/hand-in/files/", sent)
        assert (answer.status_code, "up to 10 files" in answer.content.decode()) == (422, True)

    def test_where_no_files_are_taken_there_is_no_such_page(self, cast: Cast, as_user: SignIn) -> None:
        step = make.assignment(cast.module, takes_files=False)
        assert as_user(cast.student).get(f"/lessons/{step.pk}/hand-in/files/").status_code == 404

    def test_nobody_names_or_throws_away_the_file_of_somebody_else(
        self, cast: Cast, step: Activity, as_user: SignIn
    ) -> None:
        found = bring(cast, step)
        client, path = as_user(cast.other_student), f"/lessons/{step.pk}/hand-in/files/"
        assert client.get(path, {"files": [str(found.pk)]}, headers=SCRIPT).json() == {"files": []}
        client.post(path, {"remove": str(found.pk)}, headers=SCRIPT)
        assert WorkFile.objects.filter(pk=found.pk).exists()


@pytest.fixture
def drawn(cast: Cast, step: Activity) -> PageImage:
    return documents.draw(bring(cast, step, "bee.jpg", documents.picture()))


class TestReading:
    def test_before_it_is_handed_in_it_is_its_students_alone(
        self, cast: Cast, drawn: PageImage, as_user: SignIn
    ) -> None:
        paths = [address(drawn.work_file), f"/work/pages/{drawn.pk}.webp"]
        for path in paths:
            assert as_user(cast.student).get(path).status_code == 200
            for person in (cast.other_student, cast.teacher, cast.assistant, cast.observer, cast.elsewhere_teacher):
                assert as_user(person).get(path).status_code == 404

    def test_handed_in_it_is_readable_by_who_marks_it_until_it_is_taken_back(
        self, cast: Cast, step: Activity, drawn: PageImage, as_user: SignIn
    ) -> None:
        sent = hand_in(cast, step, drawn.work_file)
        paths = [address(drawn.work_file), f"/work/pages/{drawn.pk}.webp"]
        for path in paths:
            for person in (cast.student, cast.teacher, cast.assistant, cast.admin):
                assert as_user(person).get(path).status_code == 200
            for person in (cast.other_student, cast.observer, cast.elsewhere_teacher, cast.editor):
                assert as_user(person).get(path).status_code == 404
        handing_in.take_back(sent, now=timezone.now())
        for path in paths:
            assert as_user(cast.teacher).get(path).status_code == 404
            assert as_user(cast.student).get(path).status_code == 200

    def test_who_left_reads_nothing(self, cast: Cast, step: Activity, drawn: PageImage, as_user: SignIn) -> None:
        client = as_user(cast.student)
        set_state(cast.enrolment, "left", by=cast.admin)
        assert client.get(address(drawn.work_file)).status_code == 404
        assert client.get(f"/work/pages/{drawn.pk}.webp").status_code == 404

    def test_a_page_has_one_ending(self, cast: Cast, drawn: PageImage, as_user: SignIn) -> None:
        client = as_user(cast.student)
        assert client.get(f"/work/pages/{drawn.pk}.html").status_code == 404
        found = client.get(f"/work/pages/{drawn.pk}.webp")
        assert (found["Content-Type"], "sandbox" in found["Content-Security-Policy"]) == ("image/webp", True)

    @pytest.mark.parametrize("name", ["bee.html", "bee.svg", "bee.js", "bee.xhtml", "bee.txt"])
    def test_what_a_browser_would_run_is_only_downloaded(
        self, cast: Cast, step: Activity, as_user: SignIn, name: str
    ) -> None:
        found = bring(cast, step, name, b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
        answer = as_user(cast.student).get(address(found))
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"

    def test_a_part_of_it_is_served_alone(self, cast: Cast, step: Activity, as_user: SignIn) -> None:
        answer = as_user(cast.student).get(address(bring(cast, step)), headers={"Range": "bytes=0-3"})
        assert (answer.status_code, answer.getvalue()) == (206, b"Nine")

    def test_to_who_marks_without_names_the_file_has_none(self, cast: Cast, as_user: SignIn) -> None:
        step = make.assignment(cast.module, nameless=True)
        found = bring(cast, step, "Ada Lovelace essay.docx", b"PK\x03\x04\0")
        sent = hand_in(cast, step, found)
        mine = as_user(cast.student).get(address(found))
        theirs = as_user(cast.teacher).get(pages.address_of(found, "x"))
        assert "Ada Lovelace" in mine["Content-Disposition"]
        assert theirs["Content-Disposition"] == f'attachment; filename="{found.pk.hex[:6]}.docx"'
        shown = pages.work_shown(sent, nameless=True).files[0]
        assert "Ada" not in shown.name + shown.address


class TestShowing:
    def shown(self, cast: Cast, step: Activity, name: str, data: bytes) -> pages.ShownFile:
        return pages.work_shown(hand_in(cast, step, bring(cast, step, name, data))).files[0]

    def test_lines_of_a_text(self, cast: Cast, step: Activity) -> None:
        found = self.shown(cast, step, "bee.py", b"import bee\r\n\r\nbee.fly()\n")
        assert (list(found.lines), found.is_cut) == (["import bee", "", "bee.fly()"], False)

    def test_a_text_in_an_older_encoding(self, cast: Cast, step: Activity) -> None:
        assert list(self.shown(cast, step, "a.txt", "Löwenzahn\n".encode("cp1252")).lines) == ["Löwenzahn"]

    @pytest.mark.parametrize("data", [b"bee\n" * 2_001, b"x" * 2_001, b"y" * 300_000])
    def test_a_long_text_is_cut_and_says_so(self, cast: Cast, step: Activity, data: bytes) -> None:
        found = self.shown(cast, step, "a.txt", data)
        assert found.is_cut
        assert len(found.lines) <= 2_000
        assert sum(map(len, found.lines)) <= pages.MOST_BYTES_SHOWN

    def test_ten_long_texts_stay_a_page(self, cast: Cast, step: Activity) -> None:
        sent = hand_in(cast, step, *(bring(cast, step, f"{n}.txt", b"bee\n" * 2_500) for n in range(10)))
        assert sum(len(one.lines) for one in pages.work_shown(sent).files) == pages.MOST_LINES_IN_ALL

    def test_states(self, cast: Cast, step: Activity) -> None:
        good, bad = bring(cast, step, "a.pdf", documents.pdf()), bring(cast, step, "b.pdf", b"%PDF-1.4 broken")
        sent = hand_in(cast, step, good, bad)
        assert [one.is_waiting for one in pages.work_shown(sent).files] == [True, True]
        drawing.draw_some()
        first, second = pages.work_shown(sent).files
        assert (first.is_waiting, first.pages[0].width, first.pages[0].label) == (False, 1240, "Page 1 of a.pdf")
        assert (second.is_failed, second.pages) == (True, ())

    @pytest.mark.parametrize(
        ("count", "told"), [(3, ""), (50, ""), (51, "The first 50 of 51 pages are shown here. Download the file")]
    )
    def test_a_document_says_that_there_is_more_only_where_there_is(
        self, cast: Cast, step: Activity, as_user: SignIn, count: int, told: str
    ) -> None:
        sent = hand_in(cast, step, bring(cast, step, "a.pdf", documents.pdf(*[""] * count, box=(0, 0, 6, 8))))
        drawing.draw_some()
        answer = as_user(cast.student).get(f"/work/{sent.pk}/")
        page = words(answer.content)
        assert f"Page {min(count, 50)} of a.pdf" in answer.text
        assert told in page
        assert ("Download the file" in page, "may be more" in page) == (bool(told), False)

    def test_of_what_was_drawn_before_pages_were_counted_there_may_be_more(self, cast: Cast, step: Activity) -> None:
        sent = hand_in(cast, step, bring(cast, step, "a.pdf", documents.pdf(*[""] * 50, box=(0, 0, 6, 8))))
        drawing.draw_some()
        WorkFile.objects.update(pages_in_all=None)
        assert pages.work_shown(sent).files[0].is_cut

    def test_in_two_queries(self, cast: Cast, step: Activity) -> None:
        sent = hand_in(cast, step, *(bring(cast, step, f"{n}.pdf", documents.pdf()) for n in range(3)))
        drawing.draw_some()
        with CaptureQueriesContext(connection) as asked:
            pages.work_shown(sent)
        assert len(asked) <= 3


def test_looking_at_a_file_takes_time_in_step_with_its_size() -> None:
    def look(data: bytes) -> None:
        shapes.look(io.BytesIO(data), "a.txt")
        shapes.text_of(data)

    assert_in_step(look, lambda size: "bée\n".encode("cp1252") * (size // 4), shapes.LONGEST_TEXT)


def test_the_largest_file_of_a_day_takes_less_than_a_second(cast: Cast, step: Activity) -> None:
    data = b"\0" * uploads.LARGEST
    with within(1):
        found = bring(cast, step, "a.bin", data)
    assert isinstance(found.pk, UUID)


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements of a page and the names of their attributes."""
    tree = lxml.html.document_fromstring(html)
    return [(one.tag, tuple(sorted(one.attrib))) for one in tree.iter() if isinstance(one.tag, str)]


class TestHostile:
    def pieces(self, cast: Cast, step: Activity, words: str) -> tuple[WorkFile, list[str]]:
        data = " ".join(words.split()).encode("utf-8", "replace") or b"x"
        found = bring(cast, step, f"{words}.txt", data)
        work = pages.work_shown(hand_in(cast, step, found))
        return found, [
            render_to_string("feedback/work_shown.html", {"work": work}),
            render_to_string("feedback/files.html", {"activity": step, "brought": pages.listed([found])}),
        ]

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_names_and_texts_are_words_wherever_they_are_shown(
        self, cast: Cast, step: Activity, as_user: SignIn, payload: str
    ) -> None:
        _, plain = self.pieces(cast, step, "bees")
        found, shown = self.pieces(cast, step, payload)
        # A text that reads as data is downloaded, and has no lines.
        if found.shape == WorkFile.Shape.TEXT:
            assert [skeleton(one) for one in shown] == [skeleton(one) for one in plain]
        answer = as_user(cast.student).get(address(found))
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/octet-stream")
        assert not set("\r\n") & set(answer["Content-Disposition"])
