"""Every reader of what people bring takes time in step with its size, up to its limit. Rich text has its own tests."""

import contextlib
import gzip
import io
import tarfile
import time
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pytest
from django.db import connection

from accounts.names import LONGEST, folded
from common.numbers import row_key
from courses import captions, cue_markup, encodings, forms, lengths
from courses.finding import find
from courses.forms import EnrolForm
from courses.packages import PackageError, limits, read_package, recognise
from courses.packages.text import clean
from courses.search_terms import LONGEST as LONGEST_SEARCH
from courses.services import passages
from courses.services.cohorts import find_people
from tests.cast import Cast
from tests.factories.cartridges import Cartridge, item, resource, zip_bytes
from tests.growth import assert_in_step

# Coverage would be most of what is timed.
pytestmark = pytest.mark.usefixtures("untraced")

# Letters that a normaliser has to put in order: to sort them takes time in the square of their number.
MARKS = "\u0315\u0300"


# Captions and chapters

HEADS = {
    "vtt": "WEBVTT\n\n00:01.000 --> 00:02.000\na\n\n",
    "srt": "1\n00:00:01,000 --> 00:00:02,000\na\n\n",
    "sbv": "0:00:01.000,0:00:02.000\na\n\n",
}
PIECES = [
    "<", ">", "<a", "</", "x\n\n", "x\n", "\n", "\r\r", "{", "{x}", "&", "&#", "&amp", "&#x110000;", "-->", "--> ", "9",
    "99:", "9:9.", "0:00:01.000,", "00:00 --> ", " ", "\t", "\u00a0", "\ufeff", "\0", "NOTE\n", "NOTE\n\n", "STYLE\n\n",
    "WEBVTT\n\n", "WEBVTT", "1\n", "1\n\n", "\u0300", "00:01.000 --> 00:02.000\n", "00:01.000 --> 00:02.000\nx\n\n",
    "00:00:01,000 --> 00:00:02,000\nx\n\n", "0:00:01.000,0:00:02.000\nx\n\n", "00:01.000 --> 00:02.000 align:start\n",
    "99:99:99.999 --> 99:99:99.999\nx\n\n", "00:02.000 --> 00:01.000\nx\n\n", "<c.a>x</c>", "<00:01.000>x",
]  # fmt: skip


# The dearest of each kind are looked at in every run, and all of them in the soak.
SAMPLE = {"<", "x\n\n", "&", "{", "00:01.000 --> 00:02.000\nx\n\n"}


def sampled(values: Iterable[str], sample: Collection[str]) -> list[object]:
    return [value if value in sample else pytest.param(value, marks=pytest.mark.soak) for value in values]


def read_captions(data: bytes) -> None:
    with contextlib.suppress(captions.Unreadable):
        captions.read(data)


@pytest.mark.parametrize("form", HEADS)
@pytest.mark.parametrize("piece", sampled(PIECES, SAMPLE))
def test_captions_take_time_in_step_and_less_than_a_second(piece: str, form: str) -> None:
    head = HEADS[form]
    # The most of a piece that is read: lines and captions have limits of their own.
    times = piece.count("-->") + piece.count(".000,")
    most = min(
        (captions.MOST_BYTES - 200) // len(piece.encode()),
        (captions.MOST_LINES - 9) // max(1, piece.count("\n") + piece.count("\r"))
        if set(piece) & set("\n\r")
        else 2**30,
        (captions.MOST_CUES - 2) // times if times and "\n" in piece else 2**30,
    )
    assert_in_step(read_captions, lambda count: (head + piece * count).encode(), most)


@pytest.mark.parametrize("piece", sampled(PIECES, SAMPLE))
def test_one_long_caption_takes_time_in_step(piece: str) -> None:
    head = HEADS["vtt"].replace("a\n\n", "")
    most = (captions.MOST_BYTES - 200) // len(piece.encode())
    assert_in_step(read_captions, lambda count: (head + piece.replace("\n", " ") * count).encode(), most)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_captions_in_another_encoding_take_time_in_step(encoding: str) -> None:
    most = (captions.MOST_BYTES - 400) // len("é".encode(encoding)[-2:])
    assert_in_step(read_captions, lambda count: (HEADS["vtt"] + "é" * count).encode(encoding), most)


@pytest.mark.parametrize("language", ["en", "ru", "zh"])
@pytest.mark.parametrize(
    "piece", [b"\xe9", b"\xe9\n", b"a\xff", b"\xe4" * 40 + b"\n", b"\xc3\xa9\xff", b"\xff\xfe\xfd", b"a\0"]
)
def test_letters_of_any_encoding_are_told_in_step(piece: bytes, language: str) -> None:
    def work(data: bytes) -> None:
        encodings.charset(data, language)
        with contextlib.suppress(encodings.Unsure):
            encodings.decode(data, language)

    assert_in_step(work, lambda count: piece * count, captions.MOST_BYTES // len(piece))


PLAIN = ["<", "<v ", "<v a", "{\\", "<font ", "<c.", "&lt;", "<00:01.000>", "{\\a}", "</v>"]


@pytest.mark.parametrize("form", ["vtt", "srt", "sbv"])
@pytest.mark.parametrize("piece", PLAIN)
def test_markup_of_a_caption_is_told_in_step(piece: str, form: str) -> None:
    most = captions.LONGEST_CUE // len(piece)
    assert_in_step(lambda text: cue_markup.said(cue_markup.to_vtt(text, form)), lambda count: piece * count, most)


LENGTHS = ["1", "1 h ", "(1", "- ", "video ", "~", "12'", "PT", "(a", " ", "1:", "1-", "1.1"]


@pytest.mark.parametrize("piece", LENGTHS)
def test_length_in_a_title_is_looked_for_in_step(piece: str) -> None:
    most = 10 * lengths.MOST_LETTERS // len(piece)
    assert_in_step(lambda text: (lengths.in_title(text), lengths.in_text([text] * 40)), lambda n: piece * n, most)


BROUGHT = {
    "gzip": lambda n: gzip.compress(bytes(64 * n)),
    "tar": lambda n: b"".join(tarfile.TarInfo(f"a{i}").tobuf() for i in range(n // 8)),
    "tags": lambda n: b"<" * (32 * n),
    "words": lambda n: b"\n$" * (32 * n),
}


@pytest.mark.parametrize("case", BROUGHT)
def test_file_that_is_no_package_is_recognised_in_step(case: str) -> None:
    def work(data: bytes) -> None:
        with contextlib.suppress(PackageError):
            recognise(io.BytesIO(data))

    assert_in_step(work, BROUGHT[case], 8_000)


# Search


@pytest.fixture
def postgres_clock(db: None) -> Callable[[], float]:
    """Seconds that our process and the server's for this connection have worked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/stat")
    if not stat.exists():
        pytest.skip("Postgres runs where its time cannot be read")

    def clock() -> float:
        user, system = stat.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / 100

    return lambda: clock() + time.process_time()


QUERIES = {
    "letters": "a" * 10**6,
    "words": "a " * 500_000,
    "different words": " ".join(f"w{n}" for n in range(150_000)),
    "a phrase": '"' + "a b " * 250_000 + '"',
    "quotation marks": '"' * 10**6,
    "not": "-a " * 300_000,
    "not not": "-" * 10**6,
    "or": "a or " * 200_000,
    "digits": "9" * 10**6,
    "marks": MARKS * 500_000,
    "an address": "http://" + "a." * 500_000,
    "NUL": "\0" * 10**6,
    "astral": "\U0001f41d" * 250_000,
    "not with spaces": "- " * 500_000,
    "not brackets": "(-" * 500_000,
    "not quoted": '-"a' * 300_000,
}


@pytest.mark.parametrize("query", sampled(QUERIES, {"letters", "not with spaces", "not"}))
def test_a_megabyte_in_the_search_box_is_cut_and_answered(
    query: str, cast: Cast, postgres_clock: Callable[[], float]
) -> None:
    def work(words: str) -> None:
        find([cast.course], words, drafts=[cast.course.pk])

    work(QUERIES[query])
    assert_in_step(work, lambda size: QUERIES[query][:size], 10**6, clock=postgres_clock)


@pytest.mark.soak
@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("a ", "a"),
        ("bee ", "bee"),
        ("bee wax ", "bee wax"),
        ("bee wax ", '"bee wax"'),
        ("bee wax ", '"' + "bee wax " * 24 + '"'),
        ("bee wax ", "bee or wax -none"),
        ("bee wax ", '"' + "bee wax " * 24 + 'honey" or bee'),
        ("b-e-e-s ", "b-e-e-s"),
        ("b-" * 20 + " ", "b-b"),
        ("9.9.9.9.9 ", "9.9"),
        ("a@b.c/d/e ", "a@b.c"),
    ],
)
def test_excerpts_of_long_passages_take_time_in_step(
    word: str, query: str, cast: Cast, postgres_clock: Callable[[], float]
) -> None:
    def store(size: int) -> str:
        text = (word * size)[:size]
        written = [passages.Written(f"a{place}", part) for place, part in enumerate(passages.portions(text))]
        passages.exchange(cast.reading, cast.reading.passages.all(), written)
        return query

    def work(words: str) -> None:
        find([cast.course], words, drafts=[cast.course.pk])

    assert_in_step(work, store, 50_000, clock=postgres_clock)


def test_search_takes_as_many_letters_as_it_says(cast: Cast) -> None:
    for words in ("a" * LONGEST_SEARCH, "\U0001f41d" * LONGEST_SEARCH, "é-" * LONGEST_SEARCH, "蜂" * LONGEST_SEARCH):
        assert find([cast.course], words, drafts=[cast.course.pk]).total == 0


# Names and numbers that people type


@pytest.mark.parametrize("piece", ["a\n", "\n", "a", "a@b.c\n", MARKS, MARKS + "\n", "\u2028", " \n", "é\n", "9"])
def test_lists_of_people_take_time_in_step(piece: str, db: None) -> None:
    def work(people: str) -> None:
        form = EnrolForm({"people": people, "role": "student"})
        if form.is_valid():
            find_people(form.cleaned_data["people"])

    assert_in_step(work, lambda count: piece * count, 10**6 // len(piece))


def test_people_are_named_in_hundreds_and_not_in_thousands() -> None:
    for count, valid in ((forms.MOST_AT_ONCE, True), (forms.MOST_AT_ONCE + 1, False)):
        form = EnrolForm({"people": "\n".join(f"p{n}" for n in range(count)), "role": "student"})
        assert form.is_valid() is valid
    assert form.errors["people"] == ["Name at most 500 people at a time."]


@pytest.mark.parametrize("piece", ["a", MARKS, "\ufdfa", "\uff21", " ", "@"])
def test_name_of_any_length_is_folded_in_step(piece: str) -> None:
    assert_in_step(folded, lambda count: piece * count, 2 * 10**6 // len(piece))
    assert folded("Ａ" * LONGEST) == "a" * LONGEST


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("7", 7), ("0007", 7), ("", 0), ("-7", 0), ("7.0", 0), (" 7", 0), ("٧", 0), ("²", 0), ("9" * 4301, 0),
        ("9" * 10**6, 0), (str(10**18 - 1), 10**18 - 1), (str(2**63 - 1), 0), ("1e3", 0), ("1_0", 0), ("\0", 0),
    ],
)  # fmt: skip
def test_key_that_somebody_typed_is_one_or_none(text: str, number: int) -> None:
    assert row_key(text) == number


# Packages: the worker's, and so without the second


def read(data: bytes) -> None:
    with contextlib.suppress(PackageError):
        read_package(io.BytesIO(data)).close()


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
