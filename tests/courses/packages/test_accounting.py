"""Whatever is in a package: a complete report, or one sentence. Never anything else."""

from __future__ import annotations

import io
import os
import random

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from courses.packages import PackageError
from courses.services.package_words import in_words
from tests.courses.packages.reading import assert_accounted, draft_of
from tests.factories.cartridges import (
    CanvasCourse,
    Cartridge,
    Content,
    item,
    resource,
    zip_bytes,
)

RUNS = 5000 if os.environ.get("OWNPACE_SOAK") else 60
thoroughly = settings(max_examples=RUNS, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def assert_report_or_sentence(data: bytes) -> None:
    sentence = ""
    try:
        draft = draft_of(io.BytesIO(data))
    except PackageError as refused:
        sentence = in_words(refused.reason)
    else:
        assert_accounted(draft, io.BytesIO(data))
    assert sentence == "" or sentence.endswith(".")


# --- packages made of parts that may or may not fit together ------------------------------------
names = st.sampled_from(["a", "b", "c", "r1", "r2", "r3", "", "a b", "é", "~2", "a~2"])
paths = st.sampled_from(
    ["p.html", "q.html", "d/r.html", "x.png", "d/y.pdf", "l.xml", "t.xml", "gone.html", "P.HTML",
     "wiki_content/w.html", "course_settings/syllabus.html", "", "..", "p.html?x#y"]
)  # fmt: skip
types = st.sampled_from(
    ["webcontent", "imswl_xmlv1p1", "imsdt_xmlv1p1", "imsbasiclti_xmlv1p0", "", "odd",
     "imsqti_xmlv1p2/imscc_xmlv1p1/assessment", "imsqti_xmlv1p2/imscc_xmlv1p1/question-bank",
     "associatedcontent/imscc_xmlv1p1/learning-application-resource", "assignment_xmlv1p0"]
)  # fmt: skip
titles = st.one_of(st.none(), st.text(st.characters(codec="utf-8", categories=["L", "P"]), max_size=9))
links = st.sampled_from(
    ["p.html", "../p.html", "d/r.html#x", "x.png", "gone.png", "$IMS-CC-FILEBASE$/x.png",
     "$CANVAS_OBJECT_REFERENCE$/pages/w", "$WIKI_REFERENCE$/pages/r1", "@@PLUGINFILE@@/y.pdf",
     "$CANVAS_COURSE_REFERENCE$/modules/a", "package-item:a", "https://example.org/", "#a", "%"]
)  # fmt: skip


@st.composite
def nodes(draw: st.DrawFn, depth: int = 3) -> str:
    inside = ""
    if depth and draw(st.booleans()):
        inside = "".join(draw(st.lists(nodes(depth - 1), max_size=3)))
    return item(draw(names), draw(titles), draw(names), inside)


@st.composite
def resources(draw: st.DrawFn) -> str:
    listed = draw(st.lists(paths, max_size=3))
    inside = "".join(
        f'<{tag} identifierref="{draw(names)}"/>'
        for tag in draw(st.lists(st.sampled_from(["dependency", "variant"]), max_size=2))
    )
    more = {"href": draw(paths)} if draw(st.booleans()) else {}
    return resource(draw(names), draw(types), *listed, inside=inside, **more)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    return "".join(f'<a href="{link}">x</a>' for link in draw(st.lists(links, max_size=3)))


@st.composite
def files(draw: st.DrawFn) -> dict[str, Content]:
    made: dict[str, Content] = {}
    for path in draw(st.lists(paths.filter(lambda p: p.strip(".") != ""), max_size=8, unique=True)):
        if path.lower().endswith("html"):
            made[path] = f"<html><body>{draw(bodies())}</body></html>"
        else:
            made[path] = draw(st.sampled_from([b"", b"\x89PNG", b"<webLink><url href='a.b'/></webLink>"]))
    junk = draw(st.sampled_from([{}, {"__MACOSX/._a": b""}, {"d/.DS_Store": b"x"}]))
    return made | junk


@st.composite
def cartridges(draw: st.DrawFn) -> Cartridge:
    return Cartridge(
        version=draw(st.sampled_from(["1.0", "1.1", "1.3"])),
        title=draw(st.sampled_from(["Rivers", ""])),
        items=draw(st.lists(nodes(), max_size=5)),
        resources=draw(st.lists(resources(), max_size=7)),
        files=draw(files()),
        has_root=draw(st.booleans()),
    )


@thoroughly
@given(cartridges())
def test_parts_that_may_not_fit(cartridge: Cartridge) -> None:
    assert_report_or_sentence(zip_bytes(cartridge.all_files()))


@st.composite
def canvas_courses(draw: st.DrawFn) -> Cartridge:
    canvas = CanvasCourse(cartridge=draw(cartridges()))
    kinds = ["WikiPage", "Attachment", "ExternalUrl", "ContextModuleSubHeader", "Quizzes::Quiz",
             "ContextExternalTool", "DiscussionTopic", "Odd", ""]  # fmt: skip
    for _ in range(draw(st.integers(0, 3))):
        for _ in range(draw(st.integers(0, 3))):
            canvas.entry(
                draw(names),
                draw(st.sampled_from(kinds)),
                draw(titles) or "",
                draw(names).replace(" ", ""),
                url=draw(st.sampled_from(["", "https://example.org/", "javascript:1"])),
                indent=draw(st.sampled_from(["0", "1", "x"])),
                workflow_state=draw(st.sampled_from(["active", "unpublished"])),
            )
        canvas.module(draw(names), draw(titles) or "")
    settings_ = {
        "course_settings/canvas_export.txt": "",
        "course_settings/module_meta.xml": f"<modules>{''.join(canvas.modules)}</modules>",
    }
    canvas.cartridge.files |= settings_
    if draw(st.booleans()):
        canvas.cartridge.resources.append(resource("set", "associatedcontent/x", *settings_))
    return canvas.cartridge


@thoroughly
@given(canvas_courses())
def test_canvas_and_manifest_that_may_not_agree(cartridge: Cartridge) -> None:
    assert_report_or_sentence(zip_bytes(cartridge.all_files()))


# --- a good package, spoilt ---------------------------------------------------------------------
def good() -> Cartridge:
    cartridge = Cartridge(version="1.2").page("a", '<a href="b.html">b</a>').page_resource("b")
    cartridge.file("map.pdf").link("Atlas").module("Water").topic("Hello").quiz("Check")
    return cartridge.tool("Simulator").assignment("Essay").module("Work")


FRAGMENTS = ["<", ">", '"', "&", "</item>", "<item>", "<title>", "<!--", "<![CDATA[", "]]>", "\x00",
             "&x;", "identifier", 'identifier="r-a"', "<resource>", "</resources>", "<?x", "é"]  # fmt: skip


@thoroughly
@given(
    st.lists(
        st.tuples(st.integers(0, 3000), st.integers(0, 40), st.sampled_from(["", *FRAGMENTS])),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(["utf-8", "utf-16", "cp1252"]),
)
def test_manifests_with_pieces_cut_out_and_put_in(changes: list[tuple[int, int, str]], encoding: str) -> None:
    cartridge = good()
    manifest = cartridge.manifest()
    for at, length, piece in changes:
        manifest = manifest[:at] + piece + manifest[at + length :]
    data = {**cartridge.all_files(), "imsmanifest.xml": manifest.encode(encoding, "replace")}
    assert_report_or_sentence(zip_bytes(data))


@thoroughly
@given(st.integers(0, 2**32), st.integers(1, 12), st.booleans())
def test_archives_with_bytes_changed(seed: int, count: int, near_the_end: bool) -> None:
    """`seed` places the changes; half of the runs aim at the central directory."""
    chance = random.Random(seed)
    data = bytearray(zip_bytes(good().all_files()))
    start = data.find(b"PK\x01\x02") if near_the_end else 0
    for _ in range(count):
        data[chance.randrange(start, len(data))] = chance.randrange(256)
    assert_report_or_sentence(bytes(data))


@thoroughly
@given(st.integers(0, 6000))
def test_archives_cut_short(length: int) -> None:
    data = zip_bytes(good().all_files())
    assume(length < len(data))
    assert_report_or_sentence(data[:length])


@thoroughly
@given(st.binary(max_size=400))
def test_pages_of_arbitrary_bytes(content: bytes) -> None:
    cartridge = good()
    cartridge.files["pages/a.html"] = content
    cartridge.files["Atlas.xml"] = content
    cartridge.files["Hello.xml"] = content
    assert_report_or_sentence(zip_bytes(cartridge.all_files()))


@thoroughly
@given(st.text(max_size=60).filter(lambda name: max(name, default="a") < "\ud800"))
def test_arbitrary_file_names(name: str) -> None:
    cartridge = good()
    cartridge.files[name] = b"x"
    assert_report_or_sentence(zip_bytes(cartridge.all_files()))
