"""An import that goes wrong leaves everything as it was: rows, bytes, and one sentence that says so."""

import io
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from courses.models import Course, CourseImport
from courses.packages.draft import CourseDraft, DamagedFile, ModuleDraft
from courses.packages.reasons import file_damaged
from courses.services import import_runs, imports
from tests.courses.test_imports import Folder, bring, page, rivers, sheet, structure
from tests.factories.cartridges import Cartridge


def rows() -> dict[str, int]:
    """How many rows each table of ours has."""
    own = ("courses", "files", "progress", "accounts")
    models = [model for app in own for model in apps.get_app_config(app).get_models() if model._meta.managed]
    return {model._meta.label: model.objects.count() for model in models}


def stored_bytes() -> dict[str, int]:
    return {str(path): path.stat().st_size for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()}


class Broken(Folder):
    """Files of which one cannot be read; `DamagedFile` is a fault of the package, anything else one of ours."""

    def __init__(self, files: dict[str, bytes], error: Exception) -> None:
        super().__init__(files)
        self.error = error

    def open(self, path: str) -> io.BytesIO:
        if path.endswith("broken.pdf"):
            raise self.error
        return super().open(path)


def draft() -> CourseDraft:
    items = [page("spring"), sheet("whole", "files/whole.pdf"), sheet("broken", "files/then-broken.pdf")]
    return rivers(
        ModuleDraft("m1", "Source", items=items), files=["files/a.gif", "files/then-broken.pdf", "files/whole.pdf"]
    )


BROKEN = file_damaged("files/then-broken.pdf")
FILES = {"files/whole.pdf": b"%PDF", "files/a.gif": b"GIF89a"}


def apply(draft: CourseDraft, error: Exception) -> Course:
    return imports.apply(draft, Broken(FILES, error), into=None, by=None, progress=lambda done, total: None)


def test_first_import_that_breaks_off_leaves_neither_rows_nor_bytes(db: None) -> None:
    before = rows(), stored_bytes()
    with pytest.raises(OSError, match="disk"):
        apply(draft(), OSError("disk"))
    assert (rows(), stored_bytes()) == before


def test_import_that_breaks_off_at_its_last_step_leaves_neither_rows_nor_bytes(db: None) -> None:
    def last(done: int, total: int) -> None:
        if done == total:
            raise OSError("connection lost")

    before = rows(), stored_bytes()
    whole = Folder({**FILES, "files/then-broken.pdf": b"%PDF"})
    with pytest.raises(OSError, match="connection"):
        imports.apply(draft(), whole, into=None, by=None, progress=last)
    assert (rows(), stored_bytes()) == before


def test_second_import_that_breaks_off_leaves_the_course_and_its_files_as_they_were(db: None) -> None:
    course = bring(rivers(ModuleDraft("m1", "Source", items=[page("spring")])), {"files/a.gif": b"GIF87a"})
    before = rows(), stored_bytes(), structure(course)
    with pytest.raises(OSError, match="disk"):
        apply(draft(), OSError("disk"))
    assert (rows(), stored_bytes(), structure(course)) == before
    with course.files.get().file.blob.open() as blob:
        assert blob.read() == b"GIF87a"


def test_damaged_file_is_left_out_and_the_rest_comes_in(db: None) -> None:
    found = draft()
    course = apply(found, DamagedFile(BROKEN))
    assert structure(course) == [("Source", ["Spring", "Whole"])]
    assert [(fault.where, fault.message) for fault in found.faults] == [("files/then-broken.pdf", BROKEN)]


def test_progress_reaches_its_total_past_a_damaged_file(db: None) -> None:
    told: list[tuple[int, int]] = []
    files = Broken(FILES, DamagedFile(BROKEN))
    imports.apply(draft(), files, into=None, by=None, progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 9) for done in range(1, 10)]


def test_damaged_file_of_an_earlier_import_keeps_its_activity_and_its_good_bytes(db: None) -> None:
    good = {**FILES, "files/then-broken.pdf": b"%PDF good"}
    course = bring(draft(), good)
    apply(draft(), DamagedFile(BROKEN))
    assert structure(course) == [("Source", ["Spring", "Whole", "Broken"])]
    with course.files.get(path="files/then-broken.pdf").file.blob.open() as blob:
        assert blob.read() == b"%PDF good"


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"no zip at all", "text file"), (b"", "empty"), (b"PK\x05\x06" + bytes(18), "imsmanifest.xml")],
)
def test_refused_package_says_why_and_leaves_nothing(db: None, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "course.imscc"
    path.write_bytes(content)
    before = rows(), stored_bytes()
    run = CourseImport.objects.create(file_name=path.name, state="running")
    import_runs.execute(run, path, into=None, by=None)
    run.refresh_from_db()
    assert (run.state, run.course, run.counts) == ("failed", None, None)
    assert {**rows(), "courses.CourseImport": 0} == before[0]
    assert said in run.sentence.lower()
    assert run.finished_at is not None
    assert run.lease_until is None
    run.delete()
    assert (rows(), stored_bytes()) == before


def test_import_that_breaks_off_is_failed_with_a_sentence_and_still_raises(db: None, tmp_path: Path) -> None:
    path = Cartridge().page("a").file("b.pdf").module("One").save(tmp_path)
    run = CourseImport.objects.create(file_name=path.name, state="running")

    def tell(done: int, total: int) -> None:
        if done == 3:
            raise RuntimeError("no more memory")

    before = stored_bytes()
    with pytest.raises(RuntimeError, match="memory"):
        import_runs.execute(run, path, into=None, by=None, tell=tell)
    run.refresh_from_db()
    assert (run.state, run.sentence) == ("failed", "The import stopped. Nothing has changed.")
    assert not Course.objects.exists()
    assert stored_bytes() == before
