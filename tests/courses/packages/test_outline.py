"""How a manifest's tree of items becomes modules, items and headings."""

from __future__ import annotations

from pathlib import Path

from courses.packages import CourseDraft
from tests.courses.packages.reading import (
    assert_accounted,
    draft_of,
    messages,
    the_item,
    the_line,
)
from tests.factories.cartridges import Cartridge, item


def with_pages(*names: str) -> Cartridge:
    cartridge = Cartridge()
    for name in names:
        cartridge.page_resource(name)
    return cartridge


def shape(draft: CourseDraft) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(module.title, [(one.title, one.heading) for one in module.items]) for module in draft.modules]


def test_deep_folders_become_headings(tmp_path: Path) -> None:
    cartridge = with_pages("a", "b", "c", "d")
    deepest = item("f2", "Lakes", inside=item("i3", "C", "r-c"))
    folder = item("f1", "Still water", inside=item("i2", "B", "r-b") + deepest)
    module = item("i1", "A", "r-a") + folder + item("i4", "D", "r-d")
    cartridge.items = [item("m", "Water", inside=module)]
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    assert shape(draft) == [("Water", [("A", ""), ("B", "Still water"), ("C", "Still water / Lakes"), ("D", "")])]
    assert the_line(draft, "Lakes").kind == "heading"
    assert_accounted(draft, path)


def test_an_item_that_opens_nothing_is_a_text_header(tmp_path: Path) -> None:
    cartridge = with_pages("a", "b")
    inside = item("i1", "A", "r-a") + item("h", "Later on") + item("i2", "B", "r-b")
    cartridge.items = [item("m", "Water", inside=inside)]
    assert shape(draft_of(cartridge.save(tmp_path))) == [("Water", [("A", ""), ("B", "Later on")])]


def test_items_without_modules_make_one_module_named_for_the_course(tmp_path: Path) -> None:
    draft = draft_of(Cartridge().page("a").page("b").save(tmp_path))
    assert shape(draft) == [("Rivers", [("a", ""), ("b", "")])]


def test_items_without_root_are_read_as_well(tmp_path: Path) -> None:
    cartridge = Cartridge(has_root=False).page("a").page("b")
    assert shape(draft_of(cartridge.save(tmp_path))) == [("Rivers", [("a", ""), ("b", "")])]


def test_modules_without_root(tmp_path: Path) -> None:
    cartridge = Cartridge(has_root=False).page("a").module("One").page("b").module("Two")
    assert [title for title, _ in shape(draft_of(cartridge.save(tmp_path)))] == ["One", "Two"]


def test_a_single_module_with_a_title_is_not_taken_for_the_root(tmp_path: Path) -> None:
    cartridge = Cartridge(has_root=False).page("a").module("One")
    assert shape(draft_of(cartridge.save(tmp_path))) == [("One", [("a", "")])]


def test_a_root_with_the_courses_title_is_unwrapped(tmp_path: Path) -> None:
    cartridge = Cartridge(has_root=False).page("a").module("One")
    cartridge.items = [item("r", "Rivers", inside="".join(cartridge.items))]
    path = cartridge.save(tmp_path)
    assert shape(draft_of(path)) == [("One", [("a", "")])]
    assert_accounted(draft_of(path), path)


def test_a_page_among_modules_is_a_module_of_its_own(tmp_path: Path) -> None:
    cartridge = with_pages("a", "b", "c", "d")
    cartridge.items = [
        item("i1", "Welcome", "r-a"),
        item("m", "Water", inside=item("i2", "B", "r-b")),
        item("i3", "C", "r-c"),
        item("i4", "D", "r-d"),
    ]
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    assert shape(draft) == [
        ("Welcome", [("Welcome", "")]),
        ("Water", [("B", "")]),
        ("Rivers", [("C", ""), ("D", "")]),
    ]
    assert_accounted(draft, path)


def test_a_module_that_opens_a_page_itself(tmp_path: Path) -> None:
    cartridge = with_pages("a", "b")
    cartridge.items = [item("m", "Water", "r-a", inside=item("i", "B", "r-b"))]
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    assert shape(draft) == [("Water", [("Water", ""), ("B", "")])]
    assert_accounted(draft, path)


def test_empty_modules_stay(tmp_path: Path) -> None:
    cartridge = Cartridge()
    cartridge.items = [item("m1", "One"), item("m2", "Two")]
    assert shape(draft_of(cartridge.save(tmp_path))) == [("One", []), ("Two", [])]


def test_the_same_page_in_two_places(tmp_path: Path) -> None:
    cartridge = with_pages("a")
    cartridge.items = [item("i1", "First", "r-a"), item("i2", "Again", "r-a")]
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    assert the_item(draft, "First").html == the_item(draft, "Again").html
    assert_accounted(draft, path)


def test_an_item_without_title_takes_the_pages(tmp_path: Path) -> None:
    cartridge = with_pages("sources")
    cartridge.items = [item("i1", None, "r-sources")]
    draft = draft_of(cartridge.save(tmp_path))
    assert the_item(draft, "sources").kind == "reading"
    assert "It has no title, so “sources” is used." in messages(draft)


def test_an_item_without_title_takes_the_files_name(tmp_path: Path) -> None:
    cartridge = Cartridge().file("map.pdf")
    cartridge.items = [item("i1", "  ", "r-map.pdf")]
    assert the_item(draft_of(cartridge.save(tmp_path)), "map.pdf").kind == "file"


def test_an_item_without_any_title_takes_its_kinds(tmp_path: Path) -> None:
    cartridge = Cartridge().tool("x")
    cartridge.items = [item("i1", None, "r-x")]
    cartridge.files["x.xml"] = "<cartridge_basiclti_link/>"
    assert the_item(draft_of(cartridge.save(tmp_path)), "External tool").kept_kind == "lti"


def test_a_very_long_title_is_cut(tmp_path: Path) -> None:
    cartridge = with_pages("a")
    cartridge.items = [item("i1", "x" * 5000, "r-a")]
    assert len(draft_of(cartridge.save(tmp_path)).modules[0].items[0].title) == 255


def test_a_package_without_any_outline(tmp_path: Path) -> None:
    cartridge = Cartridge().quiz("Bank", "question-bank", listed=False)
    manifest = cartridge.manifest()
    start, end = manifest.index("<organizations>"), manifest.index("<resources>")
    cartridge.files["imsmanifest.xml"] = manifest[:start] + manifest[end:]
    path = cartridge.save(tmp_path)
    draft = draft_of(path)
    assert (draft.modules, [one.title for one in draft.loose]) == ([], ["Bank"])
    assert "no table of contents" in messages(draft)
    assert_accounted(draft, path)
