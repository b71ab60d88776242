"""Pages drawn by a worker: what comes of real files, and of those that are made to hurt."""

import io
import subprocess
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from courses.models import Activity
from feedback.models import PageImage, WorkFile
from feedback.services import drawing
from feedback.tasks import draw_work
from files import document_reader, documents
from files import services as stored
from files.models import File
from tests.cast import Cast
from tests.factories import documents as make
from tests.factories import feedback as work
from tests.feedback.test_files import bring
from tests.growth import assert_in_step, within

pytestmark = pytest.mark.django_db


@pytest.fixture
def step(cast: Cast) -> Activity:
    return work.assignment(cast.module)


def drawn(cast: Cast, step: Activity, name: str, data: bytes) -> tuple[WorkFile, list[Image.Image]]:
    found = bring(cast, step, name, data)
    assert drawing.draw_some() == 1
    found.refresh_from_db()
    made = []
    for page in found.pages.all():
        with stored.stored(page.file) as stream:
            made.append(Image.open(io.BytesIO(stream.read())))
        assert made[-1].size == (page.width, page.height)
    return found, made


@pytest.mark.parametrize(("format", "name"), [("JPEG", "IMG_1.JPG"), ("HEIF", "IMG_1.HEIC")])
def test_a_picture_of_a_telephone_is_turned_upright_and_tells_nothing_of_its_place(
    cast: Cast, step: Activity, format: str, name: str
) -> None:
    data = make.from_telephone(format)
    assert b"CANARY" in data
    found, [made] = drawn(cast, step, name, data)
    assert (found.state, made.format, made.size) == ("ready", "WEBP", (30, 40))
    with stored.stored(PageImage.objects.get().file) as stream:
        assert b"CANARY" not in stream.read()
    assert not made.getexif()
    red, green, blue = made.convert("RGB").getpixel((15, 20))
    assert red > 230
    assert blue < 60 < green


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_a_large_picture_is_made_smaller(cast: Cast, step: Activity, format: str) -> None:
    _, [made] = drawn(cast, step, "a", make.picture(3_000, 1_500, format))
    assert made.size == (2_000, 1_000)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour_is_read_and_what_is_clear_stands_on_white(cast: Cast, step: Activity, mode: str) -> None:
    found, [made] = drawn(cast, step, "a", make.picture(20, 10, "JPEG" if mode == "CMYK" else "PNG", mode))
    assert (found.state, made.mode) == ("ready", "RGB")
    if mode in ("LA", "RGBA"):
        assert min(made.getpixel((5, 5))) > 250


def test_of_a_moving_picture_the_first_is_shown(cast: Cast, step: Activity) -> None:
    _, made = drawn(cast, step, "a.gif", make.moving())
    assert [one.size for one in made] == [(20, 10)]


def test_pages_of_a_document_are_drawn_in_order_with_what_stands_on_them(cast: Cast, step: Activity) -> None:
    black, white = "0 0 0 rg 0 0 595 842 re f", "1 1 1 rg 0 0 595 842 re f"
    found, made = drawn(cast, step, "a.pdf", make.pdf(black, white, black))
    assert [one.size for one in made] == [(1_240, 1_754)] * 3
    assert [one.convert("L").getpixel((600, 800)) > 128 for one in made] == [False, True, False]
    assert [one.file.name for one in found.pages.all()] == ["1.webp", "2.webp", "3.webp"]
    assert all(one.file.claimed_at for one in found.pages.all())


def test_a_page_that_a_scanner_turned_is_upright(cast: Cast, step: Activity) -> None:
    _, [made] = drawn(cast, step, "a.pdf", make.turned())
    assert made.size == (1_754, 1_240)


def test_what_was_typed_into_a_form_or_drawn_over_a_page_is_part_of_it(cast: Cast, step: Activity) -> None:
    _, [made] = drawn(cast, step, "a.pdf", make.filled_in())
    grey = made.convert("L")
    field, ink, paper = (grey.getpixel(at) for at in ((100, 1_650), (1_650, 100), (900, 900)))
    assert max(field, ink) < 128 < paper


def test_of_a_thesis_the_first_fifty_pages_are_drawn(cast: Cast, step: Activity) -> None:
    found, _ = drawn(cast, step, "a.pdf", make.pdf(*["" for _ in range(60)], box=(0, 0, 60, 80)))
    assert found.pages.count() == documents.MOST_PAGES == 50


HOSTILE = {
    "page tree that is its own child": make.looping,
    "password": make.locked,
    "end missing": lambda: make.pdf()[:300],
    "beginning alone": lambda: b"%PDF-1.7\n",
    "page of a thousand kilometres": lambda: make.pdf(box=(0, 0, 1e9, 1e9)),
    "page without a size": lambda: make.of_objects(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [] /Count 0 >>"]),
    "millions of pages that are not there": lambda: make.of_objects(
        ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 99999999 >>"]
    ),
    "picture and document at once": lambda: b"\xff\xd8\xff\xe0" + make.pdf(),
    "picture without an end": lambda: make.picture(400, 300, "PNG")[:-40],
    "picture of more pixels than there are": lambda: make.picture(20_000, 20_000, "PNG", "1"),
    "page inside a picture": lambda: b"GIF89a/*<script>alert(1)</script>*/",
    "HEIC that is none": lambda: b"\0\0\0\x18ftypheic" + b"\0" * 300,
    "HEIC without an end": lambda: make.from_telephone("HEIF")[:-60],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_drawn_is_downloaded_only(cast: Cast, step: Activity, name: str) -> None:
    found = bring(cast, step, "a.pdf", HOSTILE[name]())
    drawing.draw_some()
    found.refresh_from_db()
    assert (found.state, found.lease_until, PageImage.objects.count()) == ("failed", None, 0)


@pytest.mark.soak
def test_ten_thousand_pages_and_a_page_of_a_billion_pixels_cost_no_more_than_any(cast: Cast, step: Activity) -> None:
    with within(60):
        drawn(cast, step, "a.pdf", make.pdf(*[""] * 10_000, box=(0, 0, 6, 8)))
    _, [made] = drawn(cast, step, "b.pdf", make.of_pixels(30_000, 30_000))
    assert max(made.size) == document_reader.LONGEST_SIDE


def test_a_document_that_takes_too_long_is_given_up(
    cast: Cast, step: Activity, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "LONGEST_SECONDS", 0.05)
    found, _ = drawn(cast, step, "a.pdf", make.pdf())
    assert found.state == "failed"


def test_drawing_knows_nothing_of_this_site(cast: Cast, step: Activity, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run as the worker runs it, it has neither our settings nor our secrets."""
    seen: dict[str, str] = {}
    run = subprocess.run

    def spied(*args: Any, **more: Any) -> Any:
        seen.update(more["env"])
        return run(*args, **more)

    monkeypatch.setattr(subprocess, "run", spied)
    drawn(cast, step, "a.pdf", make.pdf())
    assert sorted(seen) == ["PATH", "PYTHONDONTWRITEBYTECODE", "TMPDIR"]


class TestWorkers:
    def test_what_a_worker_had_that_died_is_taken_again(self, cast: Cast, step: Activity) -> None:
        found = bring(cast, step, "a.pdf", make.pdf())
        assert drawing.claim() == found
        assert drawing.draw_some() == 0
        WorkFile.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert drawing.draw_some() == 1
        assert PageImage.objects.count() == 1

    def test_a_worker_that_comes_back_late_draws_nothing_twice(self, cast: Cast, step: Activity) -> None:
        bring(cast, step, "a.pdf", make.pdf())
        late = drawing.claim()
        assert late is not None
        WorkFile.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        drawing.draw_some()
        drawing.draw(late)
        assert PageImage.objects.count() == 1
        assert WorkFile.objects.get().state == "ready"

    def test_what_takes_its_worker_along_three_times_is_given_up(self, cast: Cast, step: Activity) -> None:
        bring(cast, step, "a.pdf", make.pdf())
        for _ in range(3):
            assert drawing.claim()
            WorkFile.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        assert (drawing.draw_some(), WorkFile.objects.get().state) == (0, "failed")

    def test_what_is_held_for_the_last_time_is_not_given_up_yet(self, cast: Cast, step: Activity) -> None:
        bring(cast, step, "a.pdf", make.pdf())
        WorkFile.objects.update(attempts=2)
        assert drawing.claim()
        assert drawing.give_up() == 0

    def test_a_file_thrown_away_meanwhile_leaves_nothing(
        self, cast: Cast, step: Activity, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        bring(cast, step, "a.pdf", make.pdf())
        held = drawing.claim()
        assert held is not None
        WorkFile.objects.all().delete()
        before = File.objects.count()
        drawing.draw(held)
        assert File.objects.count() == before

    def test_the_task_draws(self, cast: Cast, step: Activity) -> None:
        bring(cast, step, "a.jpg", make.picture())
        assert draw_work() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_draw_each_file_once(cast: Cast) -> None:
    step = work.assignment(cast.module)
    for n in range(4):
        bring(cast, step, f"{n}.jpg", make.picture())
    done: list[int] = []

    def turn() -> None:
        from django.db import connection

        done.append(drawing.draw_some())
        connection.close()

    workers = [threading.Thread(target=turn) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sum(done) == PageImage.objects.count() == 4


@pytest.mark.usefixtures("untraced")
def test_drawing_takes_time_in_step_with_what_is_drawn() -> None:
    """Measured by the clock on the wall, for the work is another process's."""

    def draw(data: bytes) -> None:
        with documents.drawn(io.BytesIO(data), documents.PAGES):
            pass

    given = {size: make.pdf("0 0 1 rg 1 1 3 3 re f " * size) for size in (100_000, 200_000)}
    assert_in_step(draw, given.__getitem__, 200_000, within=None, clock=time.monotonic)
