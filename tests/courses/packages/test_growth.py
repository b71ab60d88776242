"""The package reader takes time in step with what it reads. It is the worker's, and so without the second of pages."""

import contextlib
import io
from collections.abc import Callable

import pytest

from courses.packages import PackageError, limits, read_package
from courses.packages.text import clean
from tests.factories.cartridges import Cartridge, item, resource, zip_bytes
from tests.growth import MARKS, assert_in_step, sampled

# Coverage would be most of what is timed.
pytestmark = pytest.mark.usefixtures("untraced")


def read(data: bytes) -> None:
    with contextlib.suppress(PackageError):
        read_package(io.BytesIO(data), makes=frozenset({"assignment", "discussion"})).close()


def manifest(items: str, resources: str = "", metadata: str = "", top: str = "") -> bytes:
    text = (
        f"<manifest {top} xmlns='http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1'><metadata>{metadata}</metadata>"
        f"<organizations><organization>{items}</organization></organizations><resources>{resources}</resources></manifest>"
    )
    return zip_bytes({"imsmanifest.xml": text})


def canvas(modules: str) -> bytes:
    cartridge = Cartridge().page("a")
    cartridge.files["course_settings/module_meta.xml"] = f"<modules>{modules}</modules>"
    return zip_bytes(cartridge.all_files())


def rubrics(inside: str) -> bytes:
    cartridge = Cartridge().page("a")
    cartridge.files["course_settings/rubrics.xml"] = f"<rubrics>{inside}</rubrics>"
    return zip_bytes(cartridge.all_files())


def assignment(inside: str) -> bytes:
    cartridge = Cartridge(version="1.3").assignment("Essay")
    cartridge.files["Essay.xml"] = f"<assignment><title>Essay</title>{inside}</assignment>"
    return zip_bytes(cartridge.all_files())


def nested(begin: str, inside: str, end: str, depth: int = 200) -> str:
    return begin * depth + inside + end * depth


def page(body: str, files: int = 0) -> bytes:
    cartridge = Cartridge().page("a", body)
    cartridge.files |= {f"pages/picture-{n}.png": b"x" for n in range(files)}
    return zip_bytes(cartridge.all_files())


def quizzes_that_share(count: int) -> bytes:
    cartridge = Cartridge()
    for number in range(count // 100):
        cartridge.quiz(f"Q{number}")
        need = '<dependency identifierref="shared"/>'
        cartridge.resources[-1] = cartridge.resources[-1].replace("</res", need + "</res")
    cartridge.resources.append(resource("shared", "webcontent", "p.png", inside="<x>" + "y" * 10**6 + "</x>"))
    cartridge.files["p.png"] = b"x"
    return zip_bytes(cartridge.all_files())


LONG = "x" * 1000
FOUR_HUNDRED = "<item " + " ".join(f"a{n}=''" for n in range(400)) + "/>"
HEADING = "<content_type>ContextModuleSubHeader</content_type><title>" + "t" * 255 + "</title>"
CANVAS_LINK = '<a href="$CANVAS_OBJECT_REFERENCE$/assignments/x">x</a>'
PACKAGES: dict[str, Callable[[int], bytes]] = {
    "items": lambda n: manifest("".join(f'<item identifier="i{i}"><title>T</title></item>' for i in range(n))),
    "items without a title or a name": lambda n: manifest("<item/>" * n),
    "items of one name": lambda n: manifest('<item identifier="i"><title>T</title></item>' * n),
    "items of one long name": lambda n: manifest(f'<item identifier="{LONG}"><title>T</title></item>' * (n // 10)),
    "items that take the numbers of others": lambda n: manifest(
        "".join(f'<item identifier="i~{i}"/>' for i in range(2, n // 2)) + '<item identifier="i"/>' * (n // 2)
    ),
    "items in folders": lambda n: manifest(
        nested("<item identifier='f'><title>" + "t" * 255 + "</title>", "<item identifier='i'/>" * n, "</item>")
    ),
    "titles in titles": lambda n: manifest("<item>" + nested("<title>", "<b/>" * n, "</title>") + "</item>"),
    "organisations in items": lambda n: manifest(
        nested("<item><organization>", "<item identifier='i'/>" * n, "</organization></item>", 100)
    ),
    "resources": lambda n: manifest("", "".join(resource(f"r{i}", "webcontent", f"f{i}.html") for i in range(n // 2))),
    "resources of one name": lambda n: manifest("", resource("r", "webcontent", "f.html") * (n // 2)),
    "resources without a name": lambda n: manifest("", "<resource/>" * n),
    "files of one resource": lambda n: manifest("", resource("r", "webcontent", *[f"f{i}" for i in range(n)])),
    "resources below a long base": lambda n: manifest(
        "", resource("r", "webcontent", "f.html") * (n // 2), top=f'xml:base="{"b/" * n}"'
    ),
    "resources with variants": lambda n: manifest(
        "<item identifier='i' identifierref='r'/>",
        "".join(
            f"<resource identifier='r{i}' type='imsqti'><variant identifierref='r'/></resource>" for i in range(n // 2)
        ),
    ),
    "a chain of dependencies": lambda n: manifest(
        "",
        "".join(
            f"<resource identifier='r{i}' type='imsqti' href='imsmanifest.xml'><file href='imsmanifest.xml'/>"
            f"<dependency identifierref='r{i + 1}'/></resource>"
            for i in range(n // 4)
        ),
    ),
    "references of marks": lambda n: manifest("", resource("r", "webcontent", "x" + MARKS * (2 * n))),
    "long references": lambda n: manifest("", resource("r", "webcontent", *["../" * 3000 + "x"] * (n // 1000))),
    "percent signs": lambda n: manifest("", resource("r", "webcontent", "%25" * n)),
    "ampersands": lambda n: manifest("<item>" + "&" * n + "</item>"),
    "unknown entities": lambda n: manifest("<item>" + "&nbsp;&x;" * n + "</item>"),
    "sections of text": lambda n: manifest("<item>" + "<![CDATA[&]]>&" * n + "</item>"),
    "faults of XML": lambda n: manifest("</x>" * n),
    "comments": lambda n: manifest("<!--x-->" * n),
    "comments without an end": lambda n: manifest("<!--" * n),
    "control characters": lambda n: manifest("\x01" * n),
    "attributes": lambda n: manifest(FOUR_HUNDRED * (n // 400)),
    "namespaces": lambda n: manifest('<a:item xmlns:a="u"/>' * (n // 2)),
    "a description of tags": lambda n: manifest(
        "", metadata="<general><description><string>" + "&lt;p&gt;" * n + "</string></description></general>"
    ),
    "words of a title": lambda n: manifest("<item><title>" + " x" * n + "</title></item>"),
    "modules of Canvas": lambda n: canvas('<module identifier="m"><title>T</title></module>' * (n // 2)),
    "modules in modules": lambda n: canvas(nested("<module>", "<completionRequirement/>" * (n // 2), "</module>")),
    "headings in headings": lambda n: canvas(
        "<module identifier='m'><items>"
        + "".join(f"<item>{HEADING}<indent>{i}</indent></item>" for i in range(900))
        + "<item><title>x</title><indent>999</indent></item>" * (n // 8)
        + "</items></module>"
    ),
    "quizzes that share a large part": quizzes_that_share,
    "assessments in assessments": lambda n: zip_bytes(
        {
            **(cartridge := Cartridge().quiz("Q")).all_files(),
            "imsmanifest.xml": cartridge.manifest().replace("<title>Q</title>", ""),
            "Q/quiz.xml": nested("<assessment>", "<b/>" * n, "</assessment>"),
        }
    ),
    "titles in titles of a quiz": lambda n: zip_bytes(
        {
            **(cartridge := Cartridge().quiz("Q")).all_files(),
            "imsmanifest.xml": cartridge.manifest().replace("<title>Q</title>", ""),
            "Q/quiz.xml": nested("<title>", "<b/>" * n, "</title>"),
        }
    ),
    "one page of many items": lambda n: manifest(
        "".join(item(f"i{i}", "T", "r") for i in range(n // 4)), resource("r", "webcontent", "imsmanifest.xml")
    ),
    "rubrics": lambda n: rubrics("<rubric identifier='r'><criteria><criterion/></criteria></rubric>" * (n // 3)),
    "rubrics in rubrics": lambda n: rubrics(
        nested(
            "<rubric><criteria><criterion><description>",
            "<b>x</b>" * n,
            "</description></criterion></criteria></rubric>",
            40,
        )
    ),
    "levels of a criterion": lambda n: rubrics(
        "<rubric identifier='r'><criteria><criterion><ratings>"
        + "<rating><points>1e9</points><description>&lt;p&gt;</description></rating>" * (n // 3)
        + "</ratings></criterion></criteria></rubric>"
    ),
    "assignments that share a file": lambda n: manifest(
        "".join(item(f"i{i}", "T", f"r{i}") for i in range(n // 4)),
        "".join(resource(f"r{i}", "assignment_xmlv1p0", "imsmanifest.xml") for i in range(n // 4)),
    ),
    "attachments of an assignment": lambda n: assignment(
        "<attachments>" + "<attachment href='x'/>" * n + "</attachments>"
    ),
    "assignments in assignments": lambda n: assignment(
        nested("<extensions><assignment>", "<text>" + "<b>x</b>" * n + "</text>", "</assignment></extensions>", 90)
    ),
    "forms of an assignment": lambda n: assignment(
        "<submission_formats>" + "<format type='x'/>" * n + "</submission_formats>"
    ),
    "links to nothing": lambda n: page("".join(f'<a href="gone-{i}">x</a>' for i in range(n // 2))),
    "links to files": lambda n: page("".join(f'<a href="picture-{i}.png">x</a>' for i in range(n // 8)), files=n // 8),
    "long links": lambda n: page(f'<a href="{"a/../" * 200}x">x</a>' * (n // 40)),
    "links of marks": lambda n: page(f'<a href="{MARKS * 400}">x</a>' * (n // 40)),
    "a link of marks": lambda n: page(f'<a href="{MARKS * (4 * n)}">x</a>'),
    "a set of pictures": lambda n: page('<img srcset="' + "a, " * (8 * n) + '">'),
    "sets of pictures": lambda n: page(('<img srcset="' + "a, " * 40 + '">') * (n // 20)),
    "aliases of Canvas": lambda n: zip_bytes(
        {
            **Cartridge().page("a", CANVAS_LINK).quiz("Q").all_files(),
            "Q/quiz.xml": "<quiz " * n,
        }
    ),
    "links to Canvas": lambda n: page('<a href="$CANVAS_OBJECT_REFERENCE$/' + "x/" * n + '">x</a>'),
    "links to files of Moodle": lambda n: page('<a href="@@PLUGINFILE@@/gone">x</a>' * (n // 2)),
    "titles of a page": lambda n: page("<title>" * n),
    "comments of a page without an end": lambda n: page("<!--" * n),
    "beginnings of tags": lambda n: page("<a" * n),
    "quotation marks": lambda n: page("<a b='" * n),
    "entities of a page": lambda n: page("&amp;&x" * (4 * n)),
    "elements in elements": lambda n: page("<div>" * n),
    "cells": lambda n: page("<table><td>" * n),
    "formatting": lambda n: page("<p><b><i>" * (n // 2)),
}


@pytest.mark.parametrize("case", sampled(PACKAGES, {"items", "one link on many pages"}))
def test_package_takes_time_in_step(case: str) -> None:
    assert_in_step(read, PACKAGES[case], 8_000, within=4)


def test_page_of_too_many_links_is_left_out() -> None:
    with read_package(io.BytesIO(page("<a href=x>y</a>" * (limits.MAX_PAGE_LINKS + 1)))) as package:
        assert package.draft.lines[-1].reason.code == "page_too_large"
    with read_package(io.BytesIO(page("<a href=x>y</a>" * limits.MAX_PAGE_LINKS))) as package:
        assert [one.title for one in package.draft.items()] == ["a"]


@pytest.mark.parametrize("name", ["x" + MARKS * 15_000, "\ufdfa" * 20_000, "a/" * 30_000])
def test_names_of_an_archive_are_measured_before_they_are_looked_at(name: str) -> None:
    data = zip_bytes({**Cartridge().page("a").all_files(), **{f"{n}{name}": b"x" for n in range(8)}})
    assert_in_step(read, lambda _: data, 2, doublings=1)


@pytest.mark.parametrize("piece", ["x", " x", "\u0300", "\u200b"])
def test_words_are_made_clean_in_step(piece: str) -> None:
    assert_in_step(clean, lambda count: piece * count, 10**6)
