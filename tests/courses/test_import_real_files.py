"""Packages from the wild, imported twice and read by a student. They are not part of the project."""

from pathlib import Path

import pytest
from django.test import Client

from courses.models import Activity, Course, CourseImport, KeptItem
from courses.services import import_runs
from tests.factories import courses as make

FOLDER = Path(__file__).parents[3] / "shared" / "packages" / "cc"
PACKAGES = sorted(path.name for path in FOLDER.glob("*")) if FOLDER.is_dir() else []
# Refused on purpose: its names lead out of the archive.
REFUSED = {"evil_paths.zip"}
# Pages are looked at in the largest package up to here in the ordinary run.
LOOKED_AT = 12


def run(path: Path) -> CourseImport:
    row = CourseImport.objects.create(file_name=path.name, state="running")
    return import_runs.execute(row, path, into=None, by=None)


def whole(course: Course) -> tuple[list, list, list]:
    modules = list(course.modules.order_by("position").values_list("pk", "title", "published"))
    fields = ("pk", "module", "position", "title", "heading", "kind", "required", "published", "revision", "origin")
    activities = Activity.objects.filter(module__course=course).order_by("module__position", "position")
    kept = KeptItem.objects.filter(course=course).order_by("pk").values_list("pk", "identifier", "kind", "position")
    return modules, list(activities.values_list(*fields)), list(kept)


def told(run: CourseImport) -> list[tuple]:
    fields = ("place", "fold", "result", "outcome", "kind", "identifier", "title", "reason")
    return list(run.report_lines.order_by("place").values_list(*fields))


@pytest.mark.skipif(not PACKAGES, reason="the sample packages are not beside the project")
@pytest.mark.parametrize("name", sorted(set(PACKAGES) - REFUSED) or ["none"])
def test_package_comes_in_twice_alike_and_a_student_reads_it(db: None, client: Client, name: str) -> None:
    first = run(FOLDER / name)
    assert first.state == "done", first.sentence
    before = whole(first.course)
    again = run(FOLDER / name)
    assert again.course == first.course
    assert whole(first.course) == before
    assert told(again) == told(first)

    client.force_login(make.EnrolmentFactory(cohort__course=first.course).user)
    assert client.get(f"/courses/{first.course.pk}/").status_code == 200
    readings = Activity.objects.filter(module__course=first.course, kind="reading").shown().order_by("pk")
    for activity in readings[:LOOKED_AT]:
        page = client.get(f"/lessons/{activity.pk}/")
        assert page.status_code == 200
        assert 'class="reading"' in page.content.decode()
        assert "package-item:" not in page.content.decode()
        assert "package-file:" not in page.content.decode()


@pytest.mark.skipif(not set(PACKAGES) >= REFUSED, reason="the sample packages are not beside the project")
def test_package_whose_names_lead_out_of_it_is_refused(db: None) -> None:
    refused = run(FOLDER / "evil_paths.zip")
    assert refused.state == "failed"
    assert refused.sentence
    assert not Course.objects.exists()
