"""The report of an import, as whoever has to finish the course reads it."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from courses.models import Activity, CourseImport
from courses.packages import reasons
from courses.packages.draft import CourseDraft, Line
from courses.services import package_words
from tests.cast import Cast
from tests.factories import courses as make
from tests.factories.cartridges import Cartridge, zip_bytes


def line(title: str, outcome: str = "imported", reason: str = "", kind: str = "reading") -> dict:
    return {"identifier": title.lower(), "title": title, "kind": kind, "outcome": outcome, "reason": reason}


def report(cast: Cast, lines: list[dict], faults: list[dict] | None = None, **values: object) -> str:
    run = make.ended_import(lines, faults or [], course=cast.course, sentence="Read.", **values)
    return f"/edit/imports/{run.pk}/"


def text(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2]).split())


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.admin)
    Activity.objects.filter(pk=cast.draft.pk).update(published=True, published_at="2026-01-01T00:00Z")
    return client


def notice(client: Client, path: str) -> str:
    return re.search(r'<p class="notice (\w+)"', client.get(path).content.decode())[1]


@pytest.mark.parametrize(
    ("lines", "tone"),
    [
        ([line("A"), line("B")], "success"),
        ([line("A"), line("B", "kept", "Later.", "quiz")], "info"),
        ([line("A"), line("B", "left out", "Damaged.")], "info"),
        ([line("A", reason="One of its files is missing.")], "info"),
        ([line("B", "kept", "Later.", "quiz")] * 3, "warning"),
        ([], "warning"),
    ],
)
def test_green_is_only_what_came_in_whole(cast: Cast, admin: Client, lines: list[dict], tone: str) -> None:
    assert notice(admin, report(cast, lines)) == tone


def test_nothing_is_green_while_students_do_not_see_it(cast: Cast, admin: Client) -> None:
    make.reading(cast.module, title="Hidden", position=9, published=False)
    assert notice(admin, report(cast, [line("A")])) == "info"


def test_nothing_is_green_over_problems_nor_quiet_over_a_course_without_lessons(cast: Cast, admin: Client) -> None:
    fault = {"where": "a.xml", "message": "The XML namespaces are wrong. Nothing is missing."}
    assert notice(admin, report(cast, [line("A")], [fault])) == "info"
    path = report(cast, [line("Settings", kind="metadata"), line("Q", "kept", "Later.", "quiz")])
    CourseImport.objects.update(course=make.CourseFactory())
    assert notice(admin, path) == "warning"


def test_what_to_do_comes_before_every_count(cast: Cast, admin: Client) -> None:
    make.reading(cast.module, title="Hidden", position=9, published=False)
    lines = [line("A"), line("Q", "kept", "Later.", "quiz"), line("D", "kept", "Later.", "discussion")]
    lines += [line("P", "kept", "Later.", "quiz"), line("X", "left out", "Damaged."), line("R", reason="No file.")]
    page = text(admin, report(cast, lines))
    order = [
        "What to do next",
        "Students can’t see 1 of 5 lessons yet.",
        "Show the whole course",
        "Check the 1 item that was imported with a note",
        "Kept for later: 2 quizzes, 1 discussion",
        "See why 1 item was left out",
        "Read.",
        "What happened to each item",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)


def test_remarks_on_what_came_in_whole_ask_nobody_to_check_them(cast: Cast, admin: Client) -> None:
    draft = CourseDraft("c", "C")
    draft.lines = [
        Line("a", "Essay", "assignment", "imported", None, also=[reasons.rubric_came(3)]),
        Line("b", "essay.html", "file", "imported", reasons.OTHER_FORM),
        Line("c", "Rivers", "reading", "imported", reasons.FRONT_PAGE, also=[reasons.HIDDEN]),
    ]
    path = report(cast, package_words.report(draft)["lines"])
    page = text(admin, path)
    assert "Check the 1 item that was imported with a note" in page
    assert "The same content is in the course in another form" in page
    to_check = text(admin, f"{path}?result=remarked")
    assert "Rivers" in to_check
    assert "Essay" not in to_check


def test_what_was_left_out_says_what_can_be_done(cast: Cast, admin: Client) -> None:
    page = text(admin, report(cast, [line("A"), line("X", "left out", "Damaged.")]))
    assert "add them yourself, or mend the package and import it again" in page


def test_course_that_students_see_whole_is_said_to_be_so(cast: Cast, admin: Client) -> None:
    path = report(cast, [line("A")])
    assert "Students in its cohorts can see all 4 lessons." in text(admin, path)
    make.reading(cast.module, title="Hidden", position=9, published=False)
    assert "Students in its cohorts" not in text(admin, path)


def test_package_without_a_lesson_says_so(cast: Cast, admin: Client) -> None:
    course = make.CourseFactory(title="Tests alone")
    path = report(cast, [line("Q", "kept", "Later.", "quiz")])
    CourseImport.objects.update(course=course)
    assert "The course has no lessons" in text(admin, path)


def test_refused_package_leads_on_to_another_try(cast: Cast, admin: Client) -> None:
    path = report(cast, [])
    assert "Try another file" not in text(admin, path)
    CourseImport.objects.update(state="failed", course=None)
    assert "Try another file" in text(admin, path)


def test_equal_lines_are_folded_and_open_by_a_link(cast: Cast, admin: Client) -> None:
    lines = [line(f"Page {n}") for n in range(300)] + [line(f"Film {n}", "left out", "Too large.") for n in range(4)]
    path = report(cast, [*lines, line("Other", "left out", "Damaged.")])
    page = text(admin, path)
    assert "300 items" in page
    assert "Page 0 · Page 1 · Page 2 · and 297 more" in page
    assert "4 items : Too large." in page.replace("items:", "items :")
    assert "Other : Damaged." in page
    assert "Page 250" not in page
    like = re.findall(r"\?like=(\d+)", admin.get(path).content.decode())
    assert like == ["301", "1"]
    films = text(admin, f"{path}?like=301")
    assert "Film 3" in films
    assert "Other" not in films
    assert "Page 0" not in films


def test_filter_shows_one_result_a_page_at_a_time(cast: Cast, admin: Client) -> None:
    lines = [line(f"Page {n:03}") for n in range(60)] + [line("Quiz", "kept", "Later.", "quiz")]
    path = report(cast, lines)
    kept = text(admin, f"{path}?result=kept")
    assert "Quiz" in kept
    assert "Page 000" not in kept
    first = admin.get(f"{path}?result=imported").content.decode()
    assert "Page 049" in first
    assert "Page 050" not in first
    assert 'href="?result=imported&amp;page=2"' in first
    assert "Page 059" in text(admin, f"{path}?result=imported&page=2")
    assert 'aria-current="true"' in first


@pytest.mark.parametrize("asked", ["?result=none", "?like=x", "?like=" + "9" * 400, "?like=99", "?result=kept&like=0"])
def test_address_of_somebody_s_own_making_is_no_error_of_ours(cast: Cast, admin: Client, asked: str) -> None:
    assert admin.get(report(cast, [line("A")]) + asked).status_code == 200


def test_problems_of_one_sort_are_one_line(cast: Cast, admin: Client) -> None:
    faults = [
        {"where": f"res{n}.xml", "message": "The XML namespaces are wrong. Nothing is missing."} for n in range(169)
    ]
    page = text(admin, report(cast, [line("A")], [*faults, {"where": "b.xml", "message": "It is damaged."}]))
    assert page.count("namespaces are wrong") == 1
    assert "169 items : The XML namespaces are wrong." in page
    assert "and 149 more" in page
    assert "b.xml : It is damaged." in page


def test_report_of_before_titles_were_stored_names_the_identifier(cast: Cast, admin: Client) -> None:
    assert "res-17" in text(admin, report(cast, [{**line(""), "identifier": "res-17"}]))


def test_choice_to_show_lessons_stands_in_the_form_and_is_kept(cast: Cast, admin: Client) -> None:
    page = admin.get("/edit/imports/new/").content.decode()
    assert "Also show what the package hides" in page
    assert "Most packages show everything" in page
    for sent, kept in (({}, False), ({"publish": "on"}, True)):
        package = SimpleUploadedFile("a.imscc", zip_bytes(Cartridge().page("Water").module("One").all_files()))
        admin.post("/edit/imports/new/", {"package": package, **sent})
        assert CourseImport.objects.latest("pk").publish is kept


def test_files_inside_kept_things_are_one_line_and_no_items_that_students_miss(cast: Cast, admin: Client) -> None:
    lines = [line(f"meta{n}.xml", "kept", f"Kept with “Quiz {n}”.", "file") for n in range(40)]
    lines += [line("Quiz", "kept", "Later.", "quiz"), line("Settings", "kept", "Used.", "metadata")]
    path = report(cast, [*lines, line("A")])
    page = text(admin, path)
    assert "Kept for later: 1 quiz This site cannot take these from a package yet" in page
    assert "40 items : Kept with the item that needs it." in page.replace("items:", "items :")
    assert "meta0.xml · meta1.xml · meta2.xml · and 37 more" in page
    assert "Kept with “Quiz 39”." in text(admin, f"{path}?like=1")


@pytest.mark.parametrize(("kind", "word"), [("announcement", "announcement"), ("quiz", "quiz"), ("poll", "other item")])
def test_course_names_the_kind_of_what_is_kept(cast: Cast, admin: Client, kind: str, word: str) -> None:
    cast.course.kept_items.create(module=cast.module, identifier="k", kind=kind, title="Snow day", position=0, raw={})
    assert f"Snow day · {word}" in text(admin, f"/edit/courses/{cast.course.pk}/")


def test_a_single_file_inside_a_kept_thing_names_that_thing(cast: Cast, admin: Client) -> None:
    page = text(admin, report(cast, [line("A"), line("a.png", "kept", "Kept with “Pretest”.", "file")]))
    assert "a.png : Kept with “Pretest”." in page
    assert "Kept for later:" not in page
