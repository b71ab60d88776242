"""`manage.py import_course`: its report, its refusals, its exit."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from courses.models import Course, CourseImport
from tests.courses.test_imports import structure
from tests.factories import courses as make
from tests.factories.cartridges import Cartridge

pytestmark = pytest.mark.django_db


def imported(path: Path, *more: object) -> str:
    out = io.StringIO()
    call_command("import_course", path, *more, stdout=out, no_color=True)
    return out.getvalue()


def test_good_package_prints_every_item_and_the_course(tmp_path: Path) -> None:
    path = Cartridge().page("a").quiz("q").module("One").save(tmp_path)
    printed = imported(path)
    course = Course.objects.get()
    assert "6 of 6 steps" not in printed
    assert "4 of 4 steps\n" in printed
    lines = [line.split() for line in printed.splitlines()]
    assert ["imported", "reading", "a"] in lines
    assert ["kept", "quiz", "q"] in [line[:3] for line in lines]
    assert printed.splitlines()[-1].startswith(f"Course {course.pk}, “Rivers”: ")
    assert CourseImport.objects.get().state == "done"


def test_faults_of_the_package_are_printed(tmp_path: Path) -> None:
    cartridge = Cartridge().page("a").file("gone.pdf").module("One")
    del cartridge.files["gone.pdf"]
    assert "gone.pdf" in imported(cartridge.save(tmp_path))


def test_refused_package_ends_with_its_sentence_and_an_error(tmp_path: Path) -> None:
    path = tmp_path / "course.imscc"
    path.write_bytes(b"no zip")
    with pytest.raises(CommandError, match="a text file") as refusal:
        imported(path)
    assert refusal.value.returncode == 1
    assert CourseImport.objects.get().state == "failed"
    assert not Course.objects.exists()


def test_missing_file_is_named_and_leaves_no_run(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"No file found at .*nowhere\.imscc"):
        imported(tmp_path / "nowhere.imscc")
    assert not CourseImport.objects.exists()


def test_folder_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No file found"):
        imported(tmp_path)


def test_into_updates_the_course_that_was_named(tmp_path: Path) -> None:
    mine = make.CourseFactory(title="Mine")
    path = Cartridge().page("a").module("One").save(tmp_path)
    imported(path, "--into", mine.pk)
    mine.refresh_from_db()
    assert structure(mine) == [("One", ["a"])]
    assert Course.objects.count() == 1


def test_into_a_course_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = Cartridge().page("a").module("One").save(tmp_path)
    with pytest.raises(CommandError, match="No course has the id 4711"):
        imported(path, "--into", 4711)
    assert not Course.objects.exists()


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3"])
def test_small_packages_of_every_version_come_in_and_again(tmp_path: Path, version: str) -> None:
    path = Cartridge(version=version).page("a").link("l").file("f.pdf").topic("t").module("One").save(tmp_path)
    imported(path)
    course = Course.objects.get()
    before = structure(course)
    assert before == [("One", ["a", "l", "f.pdf", "t"])]
    imported(path)
    assert structure(course) == before
    assert CourseImport.objects.filter(course=course, state="done").count() == 2
