"""What is kept of a report when a run ends: its folds say what its lines say, and nothing else."""

import re
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.models import CourseImport, ReportFault, ReportFold, ReportLine
from courses.services import import_reports, import_runs
from courses.tasks import renew_readings
from tests.cast import Cast
from tests.conftest import SOAK
from tests.courses.test_report import line, report, text
from tests.factories import courses as make
from tests.factories.cartridges import Cartridge

REASONS = ["", "Damaged.", "Later.", "Kept with “Quiz”.", "Too large."]
OUTCOMES = ["imported", "kept", "left out", "left as it is"]
LINES = st.lists(
    st.fixed_dictionaries(
        {
            "identifier": st.sampled_from("abc"),
            "outcome": st.sampled_from(OUTCOMES),
        },
        # Reports of long ago lack some of it.
        optional={
            "title": st.sampled_from(["", "A", "Ä", "B"]),
            "kind": st.sampled_from(["reading", "file", "quiz"]),
            "reason": st.sampled_from(REASONS),
        },
    ),
    max_size=30,
)
FAULTS = st.lists(st.fixed_dictionaries({"where": st.sampled_from("abc"), "message": st.sampled_from(REASONS)}))
ROWS = {
    ReportLine: ("place", "fold", "result", "outcome", "kind", "identifier", "title", "reason"),
    ReportFold: ("place", "result", "reason", "inside", "count", "titles", "first"),
    ReportFault: ("place", "message", "count", "where"),
}


def kept(run: CourseImport) -> list[object]:
    rows = [list(model.objects.filter(run=run).order_by("place").values(*names)) for model, names in ROWS.items()]
    return [*rows, CourseImport.objects.values_list("counts", flat=True).get(pk=run.pk)]


def forget(run: CourseImport) -> None:
    """As a worker of the release before leaves a run."""
    for model in ROWS:
        model.objects.filter(run=run).delete()
    CourseImport.objects.filter(pk=run.pk).update(counts=None)


def assert_folds_say_what_the_lines_say(run: CourseImport) -> None:
    folds = list(run.report_folds.order_by("place"))
    lines = list(run.report_lines.order_by("place"))
    assert [fold.place for fold in folds] == list(range(1, len(folds) + 1))
    for fold in folds:
        theirs = [one for one in lines if one.fold == fold.place]
        assert {one.result for one in theirs} == {fold.result}
        assert (fold.count, fold.first) == (len(theirs), theirs[0].place)
        assert fold.titles == [one.title or one.identifier for one in theirs[:3]]
        assert fold.inside or {one.reason for one in theirs} == {fold.reason}
        assert not fold.inside or {one.kind for one in theirs} == {"file"}
    assert len({(fold.result, fold.said) for fold in folds if fold.count > 1}) == sum(one.count > 1 for one in folds)
    ranks = [(ReportLine.Result.values.index(fold.result), -fold.count, fold.first) for fold in folds]
    assert ranks == sorted(ranks)
    run.refresh_from_db()
    assert run.counts["results"] == Counter(one.result for one in lines)
    assert dict(run.counts["kept"]) == Counter(one.kind for one in lines if one.result == "kept")


@settings(max_examples=300 if SOAK else 20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines=LINES, faults=FAULTS)
@pytest.mark.django_db
def test_folds_and_counts_equal_the_lines_whether_a_worker_or_the_migration_kept_them(
    lines: list[dict], faults: list[dict]
) -> None:
    run = make.ended_import(lines, faults)
    assert_folds_say_what_the_lines_say(run)
    of_the_worker = kept(run)
    forget(run)
    with connection.schema_editor() as editor:
        import_module("courses.migrations.0026_reports_of_before").keep(apps, editor)
        import_module("courses.migrations.0026_reports_of_before").keep(apps, editor)
    assert kept(run) == of_the_worker


def test_package_that_a_worker_read_has_folds_of_all_its_lines(db: None, tmp_path: Path) -> None:
    cartridge = Cartridge().page("a").page("b").page("c").page("d").quiz("q").quiz("r").file("gone.pdf").module("One")
    del cartridge.files["gone.pdf"]
    path = cartridge.save(tmp_path)
    run = CourseImport.objects.create(file_name=path.name, state="running")
    import_runs.execute(run, path, into=None, by=None)
    assert_folds_say_what_the_lines_say(run)
    assert sum(fold.count for fold in run.report_folds.all()) == run.report_lines.count() > 7
    assert run.report_faults.exists()


def test_end_that_comes_twice_keeps_one_report(cast: Cast) -> None:
    run = make.ended_import([line("A"), line("B")], [{"where": "a", "message": "Damaged."}])
    import_reports.keep(run, [line("C", reason="No file.")], [])
    assert [one.title for one in run.report_lines.all()] == ["C"]
    assert not run.report_faults.exists()
    assert_folds_say_what_the_lines_say(run)


def test_run_that_a_worker_of_the_release_before_ended_gets_its_rows_from_the_job(cast: Cast) -> None:
    runs = [make.ended_import([line(title)], [{"where": title, "message": "Damaged."}]) for title in "AB"]
    before = [kept(run) for run in runs]
    for run in runs:
        forget(run)
    renew_readings()
    assert [kept(run) for run in runs] == before


def test_report_of_as_many_reasons_as_lines_is_paged_in_the_order_of_the_package(cast: Cast, client: Client) -> None:
    client.force_login(cast.admin)
    faults = [{"where": f"page{n}.html", "message": f"The file “{n}.png” is not in the package."} for n in range(120)]
    path = report(cast, [line(f"Page {n}", reason=f"“{n}.png” is missing.") for n in range(120)], faults)
    for number, shown in ((1, range(50)), (3, range(100, 120))):
        page = text(client, f"{path}?page={number}&faults={number}")
        items, _, problems = page.partition("Problems with the package")
        said = [f"Page {n} : “{n}.png” is missing." for n in shown]
        assert re.findall(r"Page \d+ : “\d+\.png” is missing\.", items) == said
        assert problems.count("is not in the package.") == len(shown)
        assert f"page{shown[0]}.html : The file “{shown[0]}.png”" in problems
    found = text(client, f"{path}?q=page 119")
    assert "“119.png” is missing." in found
    assert "“118.png”" not in found.partition("Problems with the package")[0]


@pytest.mark.parametrize(("words", "found"), [("ÄPFEL", 1), ("äp", 1), ("%", 1), ("p_l", 0), ("b", 1), ("id-3", 0)])
def test_titles_are_found_by_any_part_whatever_its_case(cast: Cast, client: Client, words: str, found: int) -> None:
    client.force_login(cast.admin)
    lines = [line("Äpfel"), line("100 % Bees"), {**line(""), "identifier": "id-3"}]
    response = client.get(report(cast, lines), {"q": words})
    assert len(response.context["page"].rows) == found
