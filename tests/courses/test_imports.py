"""The first import of a draft: what it becomes, and what students find there."""

import io
import re

import pytest
from django.test import Client

from courses import tasks
from courses.forms.content import ReadingForm
from courses.models import Activity, Course, CourseFile, KeptItem, Reading
from courses.packages.draft import CourseDraft, ItemDraft, Line, ModuleDraft, file_reference, item_reference
from courses.services import imports
from courses.services.package_words import in_words
from tests.factories import courses as make


class Folder:
    """The bytes of a draft, by path."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files

    def open(self, path: str) -> io.BytesIO:
        return io.BytesIO(self.files[path])


def page(identifier: str, html: str = "<p>Water</p>", **more: object) -> ItemDraft:
    return ItemDraft(identifier, **{"title": identifier.title(), "kind": "reading", "html": html, **more})


def sheet(identifier: str, path: str, **more: object) -> ItemDraft:
    return ItemDraft(identifier, identifier.title(), "file", path=path, **more)


def link(identifier: str, url: str = "https://example.org/", **more: object) -> ItemDraft:
    return ItemDraft(identifier, identifier.title(), "link", url=url, **more)


def quiz(identifier: str, title: str = "Quiz") -> ItemDraft:
    return ItemDraft(identifier, title, "kept", kept_kind="quiz", raw={"resource": "<resource/>", "files": {}})


def rivers(*modules: ModuleDraft, title: str = "Rivers", **more: object) -> CourseDraft:
    return CourseDraft("rivers-101", title, modules=list(modules), **more)


def bring(draft: CourseDraft, files: dict[str, bytes] | None = None, into: Course | None = None) -> Course:
    files = files or {}
    draft.files = sorted(files)
    return imports.apply(draft, Folder(files), into=into, by=None, progress=lambda done, total: None)


def structure(course: Course) -> list[tuple[str, list[str]]]:
    return [
        (m.title, [a.title for a in m.activities.order_by("position")]) for m in course.modules.order_by("position")
    ]


def studying(course: Course) -> Client:
    client = Client()
    client.force_login(make.EnrolmentFactory(cohort__course=course).user)
    return client


def lesson(client: Client, origin: str) -> str:
    response = client.get(f"/lessons/{Activity.objects.get(origin=origin).pk}/")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def course(db: None) -> Course:
    source = ModuleDraft("m1", "Source", items=[page("spring"), sheet("map", "files/map.pdf"), quiz("q1")])
    mouth = ModuleDraft("m2", "Mouth", items=[link("delta", note="Look at the third picture."), page("sea")])
    return bring(rivers(source, mouth, language="en-GB", description="About water."), {"files/map.pdf": b"%PDF-1.4"})


def test_modules_and_activities_stand_in_the_order_of_the_package(course: Course) -> None:
    assert structure(course) == [("Source", ["Spring", "Map"]), ("Mouth", ["Delta", "Sea"])]
    assert (course.title, course.language, course.summary) == ("Rivers", "en-GB", "About water.")


def test_each_kind_gets_its_content_and_its_first_rule(course: Course) -> None:
    found = {a.origin: a for a in Activity.objects.select_related("reading", "file_content", "link_content")}
    assert {origin: (a.kind, a.rule) for origin, a in found.items()} == {
        "spring": ("reading", "read"),
        "map": ("file", "opened"),
        "delta": ("link", "opened"),
        "sea": ("reading", "read"),
    }
    assert "Water" in found["spring"].reading.html
    assert found["map"].file_content.course_file.path == "files/map.pdf"
    assert found["delta"].link_content.note == "Look at the third picture."


def test_students_open_everything(course: Course) -> None:
    client = studying(course)
    assert "Water" in lesson(client, "spring")
    assert "Look at the third picture." in lesson(client, "delta")
    response = client.post(f"/lessons/{Activity.objects.get(origin='map').pk}/open/", follow=True)
    assert b"".join(response.streaming_content) == b"%PDF-1.4"


def test_kept_items_are_whole_and_out_of_sight(course: Course) -> None:
    kept = KeptItem.objects.get()
    assert (kept.kind, kept.module.title, kept.position) == ("quiz", "Source", 2)
    assert kept.raw == {"resource": "<resource/>", "files": {}}
    outline = studying(course).get(f"/courses/{course.pk}/").content.decode()
    assert "Quiz" not in outline
    assert "0 of 4 done" in outline


def test_what_the_package_hides_or_leaves_optional_is_so_here(db: None) -> None:
    items = [page("spring", published=False), page("sea", required=False, heading="Far away", minutes=12)]
    course = bring(rivers(ModuleDraft("m1", "Source", items=items), ModuleDraft("m2", "Hidden", False, [page("ice")])))
    spring, sea = Activity.objects.get(origin="spring"), Activity.objects.get(origin="sea")
    assert (spring.published, spring.published_at) == (False, None)
    assert (sea.required, sea.heading, sea.minutes, sea.minutes_by_hand) == (False, "Far away", 12, True)
    outline = studying(course).get(f"/courses/{course.pk}/").content.decode()
    assert "Sea" in outline
    assert "Spring" not in outline
    assert "Ice" not in outline


@pytest.mark.parametrize(
    "much", ["<div>" * 5000, "<br>" * 20_000, "<p " + "a=1 " * 200 + ">", "<!--" + "a" * 200_001 + "-->"]
)
def test_a_page_over_the_limits_keeps_its_first_words_and_the_report_says_so(db: None, much: str) -> None:
    spring, sea = (
        page("spring", f"<p>Water rises.</p>{much}<script>a</script><p>It &amp; ice &#{'9' * 5000};</p>"),
        page("sea"),
    )
    draft = rivers(ModuleDraft("m1", "Source", items=[spring, sea]))
    draft.lines = [Line(item.identifier, item.title, "page", "imported", "") for item in (spring, sea)]
    course = bring(draft)
    reasons = {line.identifier: (line.outcome, in_words(line.reason)) for line in draft.lines}
    assert reasons["sea"] == ("imported", "")
    assert reasons["spring"][0] == "imported"
    assert reasons["spring"][1].startswith("The text has ")
    assert reasons["spring"][1].endswith("Only its first words were imported. The rest is in the package alone.")
    reading = Activity.objects.get(origin="spring").reading
    assert '<p id="p-1">Water rises.</p>' in reading.html
    assert "Water rises." in lesson(studying(course), "spring")
    # What is kept as its source is within the limits: an editor can save it again, and it can be made anew.
    before = reading.html
    Reading.objects.update(cleaned_by=0)
    tasks.renew_readings()
    reading.refresh_from_db()
    assert reading.html == before
    assert ReadingForm({"format": reading.format, "source": reading.source}).is_valid()
    # The same page once more is no news to students.
    bring(draft)
    assert Activity.objects.get(origin="spring").revision == 1


def test_links_and_pictures_between_pages_work_for_a_student(db: None) -> None:
    html = (
        f'<p><a href="{item_reference("sea", "tide")}">on</a>'
        f'<img src="{file_reference("a map.gif")}" alt="Map"></p>'
        f'<p><a href="{file_reference("notes.txt")}">notes</a></p>'
    )
    items = [page("spring", html), page("sea", f'<h2 id="tide">Tide</h2><a href="{item_reference("spring")}">back</a>')]
    course = bring(rivers(ModuleDraft("m1", "Source", items=items)), {"a map.gif": b"GIF89a", "notes.txt": b"Notes"})
    client = studying(course)
    text = lesson(client, "spring").split('class="reading"')[1].split('class="standing"')[0]
    addresses = re.findall(r'(?:href|src)="(/(?:lessons|files)/[^"]+)"', text)
    assert len(addresses) == 3
    for address in addresses:
        path, _, fragment = address.partition("#")
        response = client.get(path)
        assert response.status_code == 200
        if response.streaming:
            assert b"".join(response.streaming_content) in (b"GIF89a", b"Notes")
        else:
            assert f'id="{fragment}"' in response.content.decode()
    back = Activity.objects.get(origin="spring").pk
    assert f'href="/lessons/{back}/"' in lesson(client, "sea")


def test_link_to_what_was_left_out_loses_its_address(db: None) -> None:
    bring(rivers(ModuleDraft("m1", "Source", items=[page("spring", '<a href="package-item:gone">Gone</a>')])))
    html = Activity.objects.get().reading.html
    assert "Gone" in html
    assert "href" not in html


def test_pages_that_only_pages_lead_to_become_an_optional_module(db: None) -> None:
    spring = page("spring", f'<a href="{item_reference("cave")}">cave</a>')
    draft = rivers(ModuleDraft("m1", "Source", items=[spring]), loose=[page("cave", "<p>Dark</p>")])
    course = bring(draft)
    assert structure(course) == [("Source", ["Spring"]), ("More pages", ["Cave"])]
    assert not Activity.objects.get(origin="cave").required
    client = studying(course)
    assert "0 of 1 done" in client.get(f"/courses/{course.pk}/").content.decode()
    assert f"/lessons/{Activity.objects.get(origin='cave').pk}/" in lesson(client, "spring")


def test_module_of_the_package_may_have_the_name_of_ours_for_loose_pages(db: None) -> None:
    draft = rivers(ModuleDraft("loose", "Loose ends", items=[page("spring")]), loose=[page("cave")])
    assert structure(bring(draft)) == [("Loose ends", ["Spring"]), ("More pages", ["Cave"])]


def test_same_identifier_with_another_title_is_another_course(course: Course) -> None:
    other = bring(rivers(ModuleDraft("m1", "Source", items=[page("spring")]), title="Lakes"))
    assert other.pk != course.pk
    assert Activity.objects.filter(origin="spring").count() == 2


def test_import_into_a_chosen_course_leaves_its_own_modules_after_the_packages(db: None) -> None:
    mine = make.CourseFactory(title="Mine", summary="By hand", language="fi")
    own = make.reading(make.ModuleFactory(course=mine, title="Own", position=0))
    course = bring(rivers(ModuleDraft("m1", "Source", items=[page("spring")])), into=mine)
    assert course == mine
    assert structure(course) == [("Source", ["Spring"]), ("Own", [own.title])]
    # What the package does not say stays.
    assert (course.language, course.summary) == ("fi", "By hand")


def test_progress_is_told_up_to_the_end(db: None) -> None:
    told: list[tuple[int, int]] = []
    draft = rivers(ModuleDraft("m1", "Source", items=[page("spring"), quiz("q1")]), files=["a.txt"])
    imports.apply(draft, Folder({"a.txt": b"A"}), into=None, by=None, progress=lambda *step: told.append(step))
    assert told == [(n, 5) for n in range(1, 6)]
    assert CourseFile.objects.get().path == "a.txt"
