"""What a package keeps from students, what is empty, and what comes first: each is said in the report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from courses.packages import CourseDraft
from courses.services.package_words import report
from tests.courses.packages.reading import assert_accounted, draft_of, messages, the_item
from tests.factories.cartridges import CanvasCourse, Cartridge, item, resource

INSTRUCTORS = "Marked as for instructors in the package, so it came in hidden from students."
HIDDEN = "Hidden from students in the package."


def roles(*values: str, tag: str = "{}") -> str:
    inside = "".join(
        f"<intendedEndUserRole><source>IMSGLC_CC_Rolesv1p2</source><value>{tag.format(value)}</value>"
        "</intendedEndUserRole>"
        for value in values
    )
    return f"<metadata><lom><educational>{inside}</educational></lom></metadata>"


def said(draft: CourseDraft, title: str) -> str:
    found = [line["reason"] for line in report(draft)["lines"] if line["title"] == title]
    assert len(found) == 1
    return str(found[0])


def key(cartridge: Cartridge, more: str = "", **attributes: str) -> Cartridge:
    """An answer key, in a module beside a page for everybody; `more` stands in its resource."""
    cartridge.items.append(item("i-key", "Answer key", "r-key"))
    cartridge.resources.append(resource("r-key", "webcontent", "key.html", inside=more, href="key.html", **attributes))
    cartridge.files["key.html"] = "<html><body><p>42</p></body></html>"
    return cartridge.page("Water")


MARKED = {
    "the role of a resource": lambda: key(Cartridge(), roles("Instructor")),
    "the role in small letters": lambda: key(Cartridge(), roles(" instructor ")),
    "the role as CC 1.0 writes it": lambda: key(Cartridge(), roles("Instructor", tag="<langstring>{}</langstring>")),
    "LOM's teacher": lambda: key(Cartridge(), roles("teacher")),
    "roles without a learner": lambda: key(Cartridge(), roles("Instructor", "Mentor")),
    "a role of LTI": lambda: key(Cartridge(), roles("urn:lti:role:ims/lis/TeachingAssistant", "Faculty")),
    "the plan of a lesson": lambda: key(Cartridge(), intendeduse="lessonplan"),
}


@pytest.mark.parametrize("case", MARKED)
def test_what_is_for_instructors_comes_in_hidden_and_the_report_says_so(case: str, tmp_path: Path) -> None:
    path = MARKED[case]().save(tmp_path)
    draft = draft_of(path)
    found = the_item(draft, "Answer key")
    assert (found.published, found.required, found.held_back) == (False, False, "instructors")
    assert said(draft, "Answer key") == INSTRUCTORS
    assert the_item(draft, "Water").published
    assert said(draft, "Water") == ""
    assert_accounted(draft, path)


@pytest.mark.parametrize("values", [["Learner"], ["Instructor", "Learner"], ["student", "teacher"], ["Pirate"], []])
def test_what_students_are_meant_to_see_is_shown(values: list[str], tmp_path: Path) -> None:
    draft = draft_of(key(Cartridge(), roles(*values)).save(tmp_path))
    assert the_item(draft, "Answer key").published
    assert said(draft, "Answer key") == ""


def test_role_of_an_item_and_of_a_folder_holds_for_what_is_in_it(tmp_path: Path) -> None:
    cartridge = Cartridge().page_resource("a").page_resource("b").page_resource("c")
    inside = item("i-b", "B", "r-b")
    folder = item("f", "For teachers", inside=roles("Instructor") + inside)
    cartridge.items = [item("m", "Water", inside=item("i-a", "A", "r-a", inside=roles("Instructor")) + folder)]
    cartridge.items.append(item("m2", "More", inside=item("i-c", "C", "r-c")))
    draft = draft_of(cartridge.save(tmp_path))
    assert [the_item(draft, title).published for title in "ABC"] == [False, False, True]
    assert said(draft, "B") == INSTRUCTORS


def test_role_of_a_file_holds_for_its_resource(tmp_path: Path) -> None:
    cartridge = Cartridge().file("key.pdf")
    cartridge.resources[-1] = cartridge.resources[-1].replace(
        '<file href="key.pdf"/>', f'<file href="key.pdf">{roles("Instructor")}</file>'
    )
    assert not the_item(draft_of(cartridge.save(tmp_path)), "key.pdf").published


def test_quiz_for_instructors_is_kept_and_the_report_says_both(tmp_path: Path) -> None:
    cartridge = Cartridge().quiz("bank")
    cartridge.resources[-1] = cartridge.resources[-1].replace("<file", roles("Instructor") + "<file", 1)
    draft = draft_of(cartridge.save(tmp_path))
    assert not the_item(draft, "bank").published
    assert said(draft, "bank").endswith(INSTRUCTORS)
    assert "cannot use this kind of item yet" in said(draft, "bank")


def test_page_for_students_leads_to_no_file_for_instructors(tmp_path: Path) -> None:
    body = '<a href="../key.pdf">Key</a><img src="../key.pdf" alt="x">'
    cartridge = Cartridge().page("Water", body).page("Notes", body).file("key.pdf", listed=False)
    cartridge.resources[-1] = cartridge.resources[-1].replace("<file", roles("Instructor") + "<file", 1)
    cartridge.resources[1] = cartridge.resources[1].replace("<file", roles("Instructor") + "<file", 1)
    draft = draft_of(cartridge.save(tmp_path))
    assert the_item(draft, "Water").html == '<a>Key</a><img alt="x">'
    assert the_item(draft, "Notes").html.count("package-file:key.pdf") == 2
    assert "because the package marks that file as for instructors" in messages(draft)


@pytest.mark.parametrize("value", ["false", "False", "0"])
def test_hidden_items_and_modules_of_a_manifest(value: str, tmp_path: Path) -> None:
    hide = f'<item isvisible="{value}" '
    cartridge = Cartridge().page_resource("a").page_resource("b").page_resource("c")
    folder = item("f", "Later", inside=item("i-b", "B", "r-b")).replace("<item ", hide, 1)
    cartridge.items = [item("m", "Water", inside=item("i-a", "A", "r-a").replace("<item ", hide, 1) + folder)]
    cartridge.items.append(item("m2", "More", inside=item("i-c", "C", "r-c")).replace("<item ", hide, 1))
    draft = draft_of(cartridge.save(tmp_path))
    assert [the_item(draft, title).published for title in "ABC"] == [False, False, True]
    assert [module.published for module in draft.modules] == [True, False]
    assert (said(draft, "A"), said(draft, "B"), said(draft, "More")) == (HIDDEN, HIDDEN, HIDDEN)


class TestCanvas:
    def test_file_in_a_hidden_folder(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        for name in ("Keys/Unit 1/key.pdf", "Keys.pdf"):
            canvas.upload(name)
            canvas.entry(f"e-{name}", "Attachment", name, f"f-{name}")
        canvas.module("m1", "One")
        canvas.file_meta.append('</files><folders><folder path="Keys"><hidden>true</hidden></folder></folders><files>')
        draft = draft_of(canvas.save(tmp_path))
        assert not the_item(draft, "Keys/Unit 1/key.pdf").published
        assert the_item(draft, "Keys.pdf").published
        assert said(draft, "Keys/Unit 1/key.pdf") == HIDDEN

    @pytest.mark.parametrize(
        "meta", ['name="workflow_state" content="unpublished"', 'name="hide_from_students" content="true"']
    )
    def test_page_that_says_so_itself(self, meta: str, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.wiki("draft")
        page = canvas.cartridge.files["wiki_content/draft.html"]
        canvas.cartridge.files["wiki_content/draft.html"] = str(page).replace("</head>", f"<meta {meta}/></head>")
        canvas.entry("e", "WikiPage", "Draft", "p-draft")
        canvas.module("m1", "One")
        draft = draft_of(canvas.save(tmp_path))
        assert not the_item(draft, "Draft").published
        assert said(draft, "Draft") == HIDDEN

    def test_hidden_module_is_named(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.module("m1", "One", state="unpublished")
        assert said(draft_of(canvas.save(tmp_path)), "One") == HIDDEN


BLANK = [
    "", " \n ", "<p></p>", "<p>&nbsp;</p>", "<p><br></p>", "<div><span>\u200b</span></div>", "<!-- later -->",
    "<script>var a = 1</script>", "<style>p { color: red }</style>", '<img alt="">', "<hr>", "<iframe></iframe>",
]  # fmt: skip


@pytest.mark.parametrize("body", BLANK)
def test_blank_page_is_optional_and_reported(body: str, tmp_path: Path) -> None:
    path = Cartridge().page("Water", body).page("Ice").save(tmp_path)
    draft = draft_of(path)
    found = the_item(draft, "Water")
    assert (found.required, found.published, found.held_back) == (False, True, "empty")
    assert said(draft, "Water") == "The page is empty, so it is optional. Add text to it or delete it."
    assert the_item(draft, "Ice").required
    assert_accounted(draft, path)


@pytest.mark.parametrize(
    "body",
    [
        "x", "<p>x</p>", "<!-- a -->x", "<script>1</script>x", '<img src="https://example.org/a.png" alt="">',
        '<video><source src="https://example.org/a.mp4"></video>', "<math><mi>x</mi></math>", "<div><p>日</p></div>",
    ],
)  # fmt: skip
def test_page_with_anything_to_see_is_not_blank(body: str, tmp_path: Path) -> None:
    draft = draft_of(Cartridge().page("Water", body).save(tmp_path))
    assert (the_item(draft, "Water").required, the_item(draft, "Water").held_back) == (True, "")


def test_empty_file_is_optional_and_reported(tmp_path: Path) -> None:
    draft = draft_of(Cartridge().file("map.pdf", b"").save(tmp_path))
    assert not the_item(draft, "map.pdf").required
    assert said(draft, "map.pdf") == "The file is empty, so it is optional. Replace it or delete it."


class TestFrontPage:
    def course(self, meta: str = '<meta name="front_page" content="true"/>', settings: str = "") -> CanvasCourse:
        canvas = CanvasCourse()
        canvas.settings += settings
        canvas.wiki("about")
        canvas.wiki("welcome", "<p>Hello</p>")
        page = str(canvas.cartridge.files["wiki_content/welcome.html"])
        canvas.cartridge.files["wiki_content/welcome.html"] = page.replace("<meta", f"{meta}<meta", 1)
        return canvas

    def test_it_comes_first_and_is_required(self, tmp_path: Path) -> None:
        canvas = self.course()
        canvas.entry("e", "WikiPage", "About", "p-about")
        canvas.module("m1", "One", state="unpublished")
        path = canvas.save(tmp_path)
        draft = draft_of(path)
        assert [(module.title, [one.title for one in module.items]) for module in draft.modules] == [
            ("Start here", ["welcome"]),
            ("One", ["About"]),
        ]
        assert (draft.modules[0].published, draft.modules[0].items[0].required) == (True, True)
        assert said(draft, "welcome") == "The package calls it the front page, so it comes first."
        assert_accounted(draft, path)

    def test_it_stays_in_the_module_that_holds_it(self, tmp_path: Path) -> None:
        canvas = self.course()
        canvas.entry("e", "WikiPage", "About", "p-about")
        canvas.entry("e2", "WikiPage", "Hello", "p-welcome")
        canvas.module("m1", "One")
        assert [module.title for module in draft_of(canvas.save(tmp_path)).modules] == ["One"]

    def test_a_syllabus_that_is_the_home_comes_first(self, tmp_path: Path) -> None:
        canvas = self.course(meta="", settings="<default_view>syllabus</default_view>")
        page = "course_settings/syllabus.html"
        canvas.cartridge.resources.append(resource("s", "webcontent", page, href=page))
        canvas.cartridge.files[page] = "<html><body><p>Weekly</p></body></html>"
        assert draft_of(canvas.save(tmp_path)).modules[0].items[0].title == "Syllabus"

    def test_the_wiki_of_an_old_export_opens_with_the_page_of_that_name(self, tmp_path: Path) -> None:
        canvas = self.course(meta="", settings="<default_view>wiki</default_view>")
        canvas.wiki("front-page", "<p>Hi</p>")
        assert draft_of(canvas.save(tmp_path)).modules[0].items[0].title == "front-page"

    @pytest.mark.parametrize(
        "address", ["$CANVAS_COURSE_REFERENCE$/wiki", "$WIKI_REFERENCE$/pages", "/courses/4/pages/"]
    )
    def test_links_to_the_wiki_lead_to_it(self, address: str, tmp_path: Path) -> None:
        canvas = self.course()
        canvas.wiki("other", f'<a href="{address}">Home</a>')
        assert re.findall('href="(.*?)"', the_item(draft_of(canvas.save(tmp_path)), "other").html) == [
            "package-item:p-welcome"
        ]

    def test_a_blank_one_is_not_put_first(self, tmp_path: Path) -> None:
        canvas = self.course()
        canvas.cartridge.files["wiki_content/welcome.html"] = (
            '<html><head><meta name="front_page" content="true"/></head><body></body></html>'
        )
        assert draft_of(canvas.save(tmp_path)).modules == []


class TestNamesOfKeptThings:
    def assignment(self, settings: str, page: str = "<title>From the page</title>") -> CanvasCourse:
        canvas = CanvasCourse()
        kind = "associatedcontent/imscc_xmlv1p3/learning-application-resource"
        canvas.cartridge.resources.append(
            resource("a1", kind, "a1/essay.html", "a1/assignment_settings.xml", href="a1/essay.html")
        )
        canvas.cartridge.files["a1/essay.html"] = f"<html><head>{page}</head><body><p>Write</p></body></html>"
        canvas.cartridge.files["a1/assignment_settings.xml"] = settings
        return canvas

    @pytest.mark.parametrize(
        ("settings", "page", "title"),
        [
            ("<assignment><title>Essay on rivers</title></assignment>", "", "Essay on rivers"),
            ("<assignment/>", "<title>Assignment: Essay</title>", "Assignment: Essay"),
            ("<broken", "<title>Essay</title>", "Essay"),
            ("<assignment/>", "", "Assignment"),
        ],
    )
    def test_an_assignment_is_called_what_the_package_calls_it(
        self, settings: str, page: str, title: str, tmp_path: Path
    ) -> None:
        draft = draft_of(self.assignment(settings, page).save(tmp_path))
        made = [one for one in draft.items() if one.kind == "assignment"]
        assert [one.title for one in made] == [title]

    def test_a_quiz_is_called_what_only_its_settings_say(self, tmp_path: Path) -> None:
        canvas = CanvasCourse()
        canvas.quiz("tides")
        canvas.cartridge.files["tides/assessment_qti.xml"] = "<questestinterop><assessment/></questestinterop>"
        canvas.cartridge.files["tides/assessment_meta.xml"] = "<quiz><title>Tides and moons</title></quiz>"
        draft = draft_of(canvas.save(tmp_path))
        assert "Tides and moons" in [one.title for one in draft.items()]
