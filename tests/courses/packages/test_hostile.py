"""Archives that are no course or mean harm: one clear sentence each, fast and in little memory.

Time is the processor's: a busy machine must not make a limit look broken.
"""

from __future__ import annotations

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from courses.packages import read_package
from courses.packages.draft import CourseDraft
from courses.services.package_words import in_words
from tests.courses.packages.reading import draft_of, refusal
from tests.factories.cartridges import (
    FLAGS,
    SIZE,
    Cartridge,
    Content,
    item,
    overlapping,
    patched,
    resource,
    symlink,
    zip_bytes,
)
from tests.growth import within

MIB = 1024 * 1024


def good() -> dict[str, Content]:
    return Cartridge().page("a").all_files()


def with_manifest(manifest: Content) -> bytes:
    return zip_bytes({**good(), "imsmanifest.xml": manifest})


def zeros(count: int, size: int) -> bytes:
    """A package beside `count` files of zeros that claim, and are, `size` bytes each."""
    buffer = io.BytesIO(zip_bytes(good()))
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(count):
            with archive.open(f"zeros-{number}", "w") as member:
                for _ in range(size // MIB):
                    member.write(bytes(MIB))
    return buffer.getvalue()


def many(count: int) -> bytes:
    """A package with that many empty files, written by hand: zipfile would take a minute."""
    data = bytearray(zip_bytes(good()))
    end = data.rfind(b"PK\x05\x06")
    start = struct.unpack_from("<L", data, end + 16)[0]
    directory = data[start:end]
    for number in range(count):
        name = b"%d" % number
        head = struct.pack("<4sHHHHHHLLL", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0) + struct.pack(
            "<HHHHHLL", len(name), 0, 0, 0, 0, 0, 0
        )
        directory += head + name
    total = min(count, 0xFFFE)  # the claim may lie; the records are what counts
    closing = struct.pack("<4sHHHHLLH", b"PK\5\6", 0, 0, total, total, len(directory), start, 0)
    return bytes(data[:start] + directory + closing)


def claiming_few(count: int) -> bytes:
    data = bytearray(many(count))
    struct.pack_into("<HH", data, data.rfind(b"PK\x05\x06") + 8, 3, 3)
    return bytes(data)


def laughs() -> str:
    entities = '<!ENTITY a0 "ha">' + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f"<!DOCTYPE manifest [{entities}]>" + "<manifest><title>&a9;</title></manifest>"


def named(name: str) -> bytes:
    return zip_bytes({**good(), name: b"x"})


NESTED = "<a>" * 100_000
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "is empty"),
    "text": (lambda: b"Dear all, here is my course", "a text file"),
    "a page": (lambda: b"<!doctype html><p>404", "web page"),
    "a pdf": (lambda: b"%PDF-1.7 ...", "PDF"),
    "a tar.gz": (lambda: b"\x1f\x8b\x08" + bytes(50), "tar archive"),
    "a rar": (lambda: b"Rar!\x1a\x07" + bytes(50), "RAR, 7-Zip"),
    "cut in half": (lambda: zip_bytes(good())[:300], "incomplete"),
    "cut at the end": (lambda: zip_bytes(good())[:-30], "incomplete"),
    "its beginning gone": (lambda: zip_bytes(good())[100:], "is damaged"),
    "a password": (lambda: patched(zip_bytes(good()), 1, FLAGS, "<H", 1), "password"),
    "an encrypted directory": (
        lambda: patched(zip_bytes(good()), 0, FLAGS, "<H", 0x2041),
        "password",
    ),
    "up and out": (lambda: named("../outside.txt"), "unsafe path"),
    "down, then up and out": (lambda: named("a/../../outside.txt"), "unsafe path"),
    "an absolute path": (lambda: named("/etc/passwd"), "unsafe path"),
    "a drive": (lambda: named("C:/Windows/x.dll"), "unsafe path"),
    "a drive with backslashes": (lambda: named("c:\\x.dll"), "unsafe path"),
    "a network share": (lambda: named("\\\\server\\x"), "unsafe path"),
    "backslashes up and out": (lambda: named("..\\..\\x"), "unsafe path"),
    "full-width dots": (lambda: named("a/\uff0e\uff0e/x"), "unsafe path"),
    "NUL": (lambda: named("a.txt\0.html"), "unsafe path"),
    "an endless name": (lambda: named("x" * 5000), "far too long"),
    "a symbolic link": (lambda: symlink("link", "/etc/passwd"), "link or device"),
    "a bomb of zeros": (lambda: zeros(1, 64 * MIB), "far more than"),
    "a bomb in small pieces": (lambda: zeros(40, 3 * MIB), "far more than"),
    "a claim of terabytes": (
        lambda: patched(zip_bytes(good()), 1, SIZE, "<L", 0xFFFFFFF0),
        "far more than",
    ),
    "overlapping files": (overlapping, "overlap"),
    "a hundred thousand files": (lambda: many(100_000), "too many files"),
    "half a million files": (lambda: many(500_000), "too many files"),
    "more files than it says": (lambda: claiming_few(30_000), "too many files"),
    "no manifest": (lambda: zip_bytes({"a.txt": b"x"}), "no imsmanifest.xml"),
    "nothing inside": (lambda: zip_bytes({}), "no imsmanifest.xml"),
    "a Moodle backup": (lambda: zip_bytes({"moodle_backup.xml": b"<x/>"}), "Moodle backup"),
    "an Open edX export": (lambda: zip_bytes({"course/course.xml": b"<x/>"}), "Open edX"),
    "a document": (lambda: zip_bytes({"[Content_Types].xml": b"<x/>"}), "office document"),
    "an e-book": (lambda: zip_bytes({"META-INF/container.xml": b"<x/>"}), "EPUB"),
    "an H5P activity": (lambda: zip_bytes({"h5p.json": b"{}"}), "H5P"),
    "xAPI": (lambda: zip_bytes({"x/tincan.xml": b"<x/>"}), "xAPI"),
    "Blackboard's own": (lambda: named(".bb-package-info"), "Blackboard"),
    "SCORM": (
        lambda: with_manifest('<manifest xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_v1p3"/>'),
        "SCORM",
    ),
    "two packages": (
        lambda: zip_bytes({"a/imsmanifest.xml": b"<x/>", "b/imsmanifest.xml": b"<x/>"}),
        "several course packages",
    ),
    "an empty manifest": (lambda: with_manifest(b""), "not XML"),
    "a binary manifest": (lambda: with_manifest(bytes(range(256)) * 40), "not XML|not describe"),
    "a manifest in words": (lambda: with_manifest("Here is the course"), "not XML"),
    "some other XML": (lambda: with_manifest("<rss><channel/></rss>"), "does not describe"),
    "a billion laughs": (lambda: with_manifest(laughs()), "declares XML entities"),
    "laughs in UTF-16": (lambda: with_manifest(laughs().encode("utf-16")), "declares XML entities"),
    "an outside entity": (
        lambda: with_manifest(
            '<!DOCTYPE m [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
            "<manifest><organization>&x;</organization></manifest>"
        ),
        "declares XML entities",
    ),
    "a parameter entity": (
        lambda: with_manifest('<!DOCTYPE m [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><manifest/>'),
        "declares XML entities",
    ),
    "too deep": (lambda: with_manifest(NESTED), "nested too deeply"),
    "too deep in items": (
        lambda: with_manifest(
            "<manifest><organizations><organization>"
            + '<item identifier="i">' * 5000
            + "</item>" * 5000
            + "</organization></organizations></manifest>"
        ),
        "nested too deeply",
    ),
    "a huge manifest": (
        lambda: with_manifest("<manifest>" + "x y z " * 4_000_000),
        "too large|far",
    ),
    "a manifest of tags": (lambda: with_manifest("<manifest>" + "<a/>" * 300_000), "too large"),
    "a manifest of namespaces": (
        lambda: with_manifest(
            "<manifest>" + "".join(f'<a xmlns:a{n}="u">' for n in range(230)) + "</a>" * 230 + "</manifest>"
        ),
        "too large",
    ),
    "a manifest of references": (lambda: with_manifest("<manifest>" + "&" * 3_000_000), "too large|far"),
    "a manifest of attributes": (
        lambda: with_manifest("<manifest " + " ".join(f'a{n}=""' for n in range(300_000)) + "/>"),
        "too large",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_is_refused_in_one_sentence(tmp_path: Path, case: str) -> None:
    make, expected = HOSTILE[case]
    path = tmp_path / "c.imscc"
    path.write_bytes(make())
    with within(2):
        sentence = refusal(path)
    assert any(part in sentence for part in expected.split("|")), sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 250


MEASURE = """
import json, resource, sys, time
from django.conf import settings
settings.configure(USE_I18N=False)
from courses.packages import PackageError, read_package
from courses.packages import pages, kept  # what reading loads is not what it costs
def peak():
    return int(next(l for l in open("/proc/self/status") if l.startswith("VmHWM")).split()[1])
for path in sys.argv[1:]:
    open("/proc/self/clear_refs", "w").write("5")
    before, begun = peak(), time.process_time()
    try:
        read_package(path).close()
    except PackageError:
        pass
    print(json.dumps([path, (peak() - before) / 1024, time.process_time() - begun]))
"""


def test_costs_little_memory_and_time(tmp_path: Path) -> None:
    """All of them in one other process, whose high-water mark is reset before each."""
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("the peak of memory can only be measured on Linux")
    paths = []
    for number, (make, _) in enumerate(HOSTILE.values()):
        path = tmp_path / f"{number}.imscc"
        path.write_bytes(make())
        paths.append(str(path))
    costly = [*dear_pages(tmp_path), *paths]
    run = subprocess.run(
        [sys.executable, "-c", MEASURE, *costly],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    measured = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(measured) == len(costly)
    assert [one for one in measured if one[1] > 64 or one[2] > 2] == []


def dear_pages(folder: Path) -> list[str]:
    """Packages that are read, but whose pages were made to cost as much as they can."""
    cases = {
        "tags": "<p>" * 60_000,
        "deep": "<div>" * 60_000,
        "attributes": "<p " + " ".join(f"a{n}=1" for n in range(60_000)) + ">",
        "links": '<a href="gone">' * 30_000,
        "text": "&amp; x" * 500_000,
    }
    paths = []
    for name, body in cases.items():
        path = Cartridge().page("a", body).save(folder, f"{name}.imscc")
        paths.append(str(path))
    return paths


class TestBounds:
    def test_a_zip_inside_is_a_plain_file(self, tmp_path: Path) -> None:
        inner = zip_bytes({"big": bytes(50 * MIB)})
        draft = draft_of(Cartridge().file("more.zip", inner).save(tmp_path))
        assert draft.modules[0].items[0].path == "more.zip"

    def test_small_files_may_compress_well(self, tmp_path: Path) -> None:
        draft = draft_of(Cartridge().file("empty.dat", bytes(3 * MIB)).save(tmp_path))
        assert draft.modules[0].items[0].kind == "file"

    def test_one_page_used_a_thousand_times_stays_within_the_limit(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page_resource("a", "<p>" + "word " * 50_000 + "</p>")
        cartridge.items = [item(f"i{n}", f"Item {n}", "r-a") for n in range(1000)]
        draft = draft_of(cartridge.save(tmp_path))
        assert sum(len(one.html) for one in draft.items()) < 33 * MIB
        assert in_words(draft.lines[-1].reason) == "The package has more text than we can import in one go."

    def test_one_picture_in_a_thousand_quizzes_stays_within_the_limit(self, tmp_path: Path) -> None:
        cartridge = Cartridge()
        for number in range(1000):
            cartridge.quiz(f"Q{number}")
            need = '<dependency identifierref="pic"/>'
            cartridge.resources[-1] = cartridge.resources[-1].replace("</res", need + "</res")
        cartridge.resources.append(resource("pic", "webcontent", "p.png"))
        cartridge.files["p.png"] = bytes(range(256)) * 800
        draft = draft_of(cartridge.save(tmp_path))
        assert len(draft.items()) == 1000
        assert size_of(draft) < 64 * MIB
        assert draft.modules[0].items[-1].raw["files"]["p.png"] == {"file": "p.png"}

    def test_things_that_depend_on_each_other_in_a_ring(self, tmp_path: Path) -> None:
        cartridge = Cartridge().quiz("A").quiz("B")
        for index, other in enumerate(("r-B", "r-A")):
            need = f'<dependency identifierref="{other}"/><dependency identifierref="r-A"/>'
            old = cartridge.resources[index]
            cartridge.resources[index] = old.replace("</res", need + "</res")
        assert len(draft_of(cartridge.save(tmp_path)).modules[0].items) == 2

    def test_a_page_with_too_many_tags_is_left_out(self, tmp_path: Path) -> None:
        draft = draft_of(Cartridge().page("a").page("b", "<p>" * 200_000).save(tmp_path))
        line = next(line for line in draft.lines if line.title == "b")
        assert (line.outcome, in_words(line.reason)) == ("left out", "The page is too large.")

    def test_a_page_with_a_bloated_tag_is_left_out_wherever_it_hides(self, tmp_path: Path) -> None:
        tag = "<p " + " ".join(f"a{n}" for n in range(600)) + ">"
        hidden = f'<!-- <p x=" --> {tag} <!-- " -->'
        for body in (tag, hidden, f"<script>'<p x=\"'</script>{tag}"):
            draft = draft_of(Cartridge().page("a").page("b", body).save(tmp_path))
            assert [one.title for one in draft.modules[0].items] == ["a"]

    def test_what_databases_refuse_does_not_come_through(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page("a", "x\0y&#0;&#xD800;&#x1F600;").topic("Hello")
        cartridge.files["Hello.xml"] = b"<topic>a\0b</topic>"
        cartridge.items.append(item("long" * 500, "Long", "r-a"))
        draft = draft_of(cartridge.save(tmp_path))
        text = json.dumps([[one.html, one.title, one.raw] for one in draft.items()])
        assert "\\u0000" not in text
        assert "\\ud800" not in text
        assert "\\ud83d\\ude00" in text
        assert max(len(one.identifier) for one in draft.items()) <= 200

    def test_long_identifiers_stay_apart_and_the_same(self, tmp_path: Path) -> None:
        cartridge = Cartridge().page_resource("a")
        cartridge.items = [item("x" * 300 + end, end, "r-a") for end in ("1", "2")]
        path = cartridge.save(tmp_path)
        first, second = ([one.identifier for one in draft_of(path).items()] for _ in range(2))
        assert first == second
        assert len(set(first)) == 2

    def test_nothing_is_left_open_after_a_refusal(self, tmp_path: Path) -> None:
        path = tmp_path / "c.imscc"
        path.write_bytes(named("../x"))
        stream = path.open("rb")
        refusal(stream)
        assert not stream.closed  # the caller's stream is the caller's
        stream.close()

    def test_a_closed_package_gives_no_more_bytes(self, tmp_path: Path) -> None:
        package = read_package(Cartridge().file("a.pdf").save(tmp_path))
        package.close()
        with pytest.raises(ValueError, match="closed"):
            package.open("a.pdf").read()


def size_of(draft: CourseDraft) -> int:
    return sum(len(json.dumps(one.raw)) for one in draft.items())
