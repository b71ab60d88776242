"""Packages that are slightly wrong: read all the same, and every defect said."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from courses.packages import DamagedFile, read_package
from courses.services.package_words import in_words
from tests.courses.packages.reading import (
    assert_accounted,
    draft_of,
    messages,
    the_item,
    the_line,
)
from tests.factories.cartridges import (
    FLAGS,
    METHOD,
    Cartridge,
    Content,
    item,
    patched,
    records,
    resource,
    write_zip,
    zip_bytes,
)


def with_manifest(tmp_path: Path, cartridge: Cartridge, manifest: Content) -> Path:
    return write_zip(tmp_path / "c.imscc", {**cartridge.all_files(), "imsmanifest.xml": manifest})


def base() -> Cartridge:
    return Cartridge().page("a").file("map.pdf").link("Atlas").module("Water")


def assert_whole(path: Path) -> None:
    """It is read as if nothing were wrong with it."""
    draft = draft_of(path)
    assert [one.title for one in draft.modules[0].items] == ["a", "map.pdf", "Atlas"]
    assert_accounted(draft, path)


class TestManifest:
    def test_without_namespaces(self, tmp_path: Path) -> None:
        manifest = re.sub(r' xmlns="[^"]*"', "", base().manifest())
        assert_whole(with_manifest(tmp_path, base(), manifest))

    def test_with_a_wrong_namespace(self, tmp_path: Path) -> None:
        manifest = re.sub(r' xmlns="[^"]*"', ' xmlns="http: //x"', base().manifest())
        assert_whole(with_manifest(tmp_path, base(), manifest))

    def test_with_undeclared_prefixes(self, tmp_path: Path) -> None:
        manifest = base().manifest().replace("<item", "<cc:item").replace("</item", "</cc:item")
        path = with_manifest(tmp_path, base(), manifest.replace("lom>", "lomimscc:lom>"))
        assert_whole(path)
        assert "namespaces are wrong" in messages(draft_of(path))

    def test_without_a_version(self, tmp_path: Path) -> None:
        manifest = re.sub("<schemaversion>.*?</schemaversion>", "", base().manifest())
        path = with_manifest(tmp_path, base(), manifest)
        assert_whole(path)
        assert draft_of(path).version == "1.1"  # from the namespace

    def test_without_any_metadata(self, tmp_path: Path) -> None:
        manifest = re.sub("<metadata>.*?</metadata>|xmlns=[^>]*", "", base().manifest())
        path = with_manifest(tmp_path, base(), re.sub(r"xmlv\d+p\d+", "", manifest))
        draft = draft_of(path)
        assert (draft.title, draft.version) == ("Untitled course", "")
        assert "does not give the course a title" in messages(draft)
        assert "which version" in messages(draft)

    def test_with_bare_ampersands_and_html_entities(self, tmp_path: Path) -> None:
        cartridge = base()
        manifest = cartridge.manifest().replace("Water", "R&D &eacute;t&eacute; &nosuch; &amp;")
        path = with_manifest(tmp_path, cartridge, manifest)
        assert draft_of(path).modules[0].title == "R&D été &nosuch; &"
        assert "unescaped ampersands" in messages(draft_of(path))

    def test_with_tags_that_do_not_match(self, tmp_path: Path) -> None:
        manifest = base().manifest().replace("<title>Water</title>", "<title>Water")
        draft = draft_of(with_manifest(tmp_path, base(), manifest))
        assert "not well-formed" in messages(draft)

    def test_with_something_before_the_declaration(self, tmp_path: Path) -> None:
        assert_whole(with_manifest(tmp_path, base(), "\n\n Warning: x\n" + base().manifest()))

    def test_with_control_characters(self, tmp_path: Path) -> None:
        manifest = base().manifest().replace("Water", "Wa\x0b\x1fter")
        draft = draft_of(with_manifest(tmp_path, base(), manifest))
        assert draft.modules[0].title == "Water"
        assert "control characters" in messages(draft)

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
    def test_in_any_unicode_encoding(self, tmp_path: Path, encoding: str) -> None:
        manifest = base().manifest().replace("Water", "Été").encode(encoding)
        draft = draft_of(with_manifest(tmp_path, base(), manifest))
        assert draft.modules[0].title == "Été"

    @pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
    def test_in_another_encoding_than_it_says(self, tmp_path: Path, encoding: str) -> None:
        manifest = base().manifest().replace("Water", "Été").encode(encoding)
        draft = draft_of(with_manifest(tmp_path, base(), manifest))
        assert draft.modules[0].title == "Été"
        assert "not in the encoding that it declares" in messages(draft)

    def test_in_an_encoding_that_it_names(self, tmp_path: Path) -> None:
        manifest = base().manifest().replace("UTF-8", "koi8-r").replace("Water", "Вода")
        draft = draft_of(with_manifest(tmp_path, base(), manifest.encode("koi8-r")))
        assert draft.modules[0].title == "Вода"
        assert messages(draft) == ""

    def test_with_identifiers_used_twice(self, tmp_path: Path) -> None:
        cartridge = Cartridge()
        cartridge.items = [item("i", "One", "r"), item("i", "Two", "r"), item("i", "Three", "r~2")]
        cartridge.resources = [
            resource("r", "webcontent", "1.html"),
            resource("r", "webcontent", "2.html"),
        ]
        cartridge.files |= {"1.html": "<p>1</p>", "2.html": "<p>2</p>"}
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        items = {one.identifier: one.html for one in draft.modules[0].items}
        assert items == {"i": "<p>1</p>", "i~2": "<p>1</p>", "i~3": "<p>2</p>"}
        assert "“i” is used twice" in messages(draft)
        assert_accounted(draft, path)

    def test_with_identifiers_missing(self, tmp_path: Path) -> None:
        manifest = re.sub(r'identifier="(i-a|r-map.pdf|rivers-101)"', "", base().manifest())
        path = with_manifest(tmp_path, base(), manifest)
        draft = draft_of(path)
        assert draft.identifier == "rivers"
        assert "has no identifier" in messages(draft)
        assert_accounted(draft, path)

    def test_with_a_reference_to_nothing(self, tmp_path: Path) -> None:
        cartridge = base()
        cartridge.items.append(item("i9", "Ghost", "nowhere"))
        assert [module.title for module in draft_of(cartridge.save(tmp_path)).modules] == ["Water"]
        path = cartridge.save(tmp_path)
        line = the_line(draft_of(path), "Ghost")
        assert line.outcome == "left out"
        assert "“nowhere”" in in_words(line.reason)
        assert_accounted(draft_of(path), path)

    def test_with_bases(self, tmp_path: Path) -> None:
        cartridge = Cartridge()
        cartridge.items = [item("i", "One", "r")]
        cartridge.resources = [resource("r", "webcontent", "1.html", **{"xml:base": "deep/er/"})]
        cartridge.files["deep/er/1.html"] = "<p>1</p>"
        assert the_item(draft_of(cartridge.save(tmp_path)), "One").html == "<p>1</p>"


class TestFileNames:
    @pytest.mark.parametrize(
        ("href", "name"),
        [
            ("my%20page.html", "my page.html"),
            ("My Page.HTML", "my page.html"),
            ("folder\\page.html", "folder/page.html"),
            ("folder/page.html", "folder\\page.html"),
            ("./folder//page.html", "folder/page.html"),
            ("page.html?lang=en", "page.html"),
            ("page.html#top", "page.html"),
            ("100%25.html", "100%.html"),
            ("100%.html", "100%.html"),
            ("page%2520one.html", "page one.html"),
            ("caf%C3%A9.html", "café.html"),
            ("caf%E9.html", "café.html"),
            ("cafe\u0301.html", "café.html"),
            ("what?.html", "what?.html"),
        ],
    )
    def test_are_matched_generously(self, tmp_path: Path, href: str, name: str) -> None:
        cartridge = Cartridge()
        cartridge.items = [item("i", "One", "r")]
        cartridge.resources = [resource("r", "webcontent", href)]
        cartridge.files[name] = "<p>1</p>"
        path = cartridge.save(tmp_path)
        assert the_item(draft_of(path), "One").html == "<p>1</p>"
        assert_accounted(draft_of(path), path)

    @pytest.mark.parametrize("encoding", ["utf-8", "cp437", "cp1252"])
    def test_without_the_flag_that_says_utf8(self, tmp_path: Path, encoding: str) -> None:
        cartridge = Cartridge()
        cartridge.items = [item("i", "One", "r")]
        cartridge.resources = [resource("r", "webcontent", "été.html")]
        placeholder = "x" * len("été".encode(encoding)) + ".html"
        cartridge.files[placeholder] = "<p>1</p>"
        data = zip_bytes(cartridge.all_files())
        data = data.replace(placeholder.encode(), "été.html".encode(encoding))
        path = tmp_path / "c.imscc"
        path.write_bytes(data)
        assert the_item(draft_of(path), "One").html == "<p>1</p>"
        assert_accounted(draft_of(path), path)

    def test_another_spelling_is_said(self, tmp_path: Path) -> None:
        cartridge = Cartridge().file("Map.PDF")
        cartridge.files = {"map.pdf": b"x"}
        draft = draft_of(cartridge.save(tmp_path))
        assert "calls it “Map.PDF”, but the archive has it as “map.pdf”" in messages(draft)

    def test_the_same_name_twice(self, tmp_path: Path) -> None:
        files = base().all_files() | {"mapXpdf": b"old"}
        data = zip_bytes(files).replace(b"mapXpdf", b"map.pdf")
        path = tmp_path / "c.imscc"
        path.write_bytes(data)
        draft = draft_of(path)
        assert "same name" in messages(draft)
        assert_accounted(draft, path)


class TestContents:
    def test_a_page_that_is_absent(self, tmp_path: Path) -> None:
        cartridge = base()
        del cartridge.files["pages/a.html"]
        path = cartridge.save(tmp_path)
        draft = draft_of(path)
        line = the_line(draft, "a")
        assert line.outcome == "left out"
        assert in_words(line.reason) == "The file “pages/a.html” is not in the package."
        assert_accounted(draft, path)

    def test_a_kept_thing_with_one_file_absent(self, tmp_path: Path) -> None:
        cartridge = Cartridge().quiz("Check")
        cartridge.resources[0] = cartridge.resources[0].replace("</res", '<file href="x.png"/></res')
        line = the_line(draft_of(cartridge.save(tmp_path)), "Check")
        assert (line.outcome, in_words(line.reason)) == ("kept", "One of its files is missing.")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1"])
    def test_a_page_in_any_encoding(self, tmp_path: Path, encoding: str) -> None:
        cartridge = base()
        text = "<html><body><p>Été à Genève</p></body></html>"
        cartridge.files["pages/a.html"] = text.encode(encoding)
        assert the_item(draft_of(cartridge.save(tmp_path)), "a").html == "<p>Été à Genève</p>"

    def test_a_page_with_a_label_that_lies(self, tmp_path: Path) -> None:
        cartridge = base()
        head = '<html><head><meta charset="iso-8859-1"></head>'
        cartridge.files["pages/a.html"] = f"{head}<body><p>Été €</p></body></html>".encode()
        assert the_item(draft_of(cartridge.save(tmp_path)), "a").html == "<p>Été €</p>"

    def test_xhtml_with_a_declaration(self, tmp_path: Path) -> None:
        cartridge = base()
        cartridge.files["pages/a.html"] = (
            '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0" '
            '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html '
            'xmlns="http://www.w3.org/1999/xhtml"><body><p>é<br/></p></body></html>'
        )
        assert the_item(draft_of(cartridge.save(tmp_path)), "a").html == "<p>é<br></p>"

    def test_a_fragment_is_a_page(self, tmp_path: Path) -> None:
        cartridge = base()
        cartridge.files["pages/a.html"] = "One <b>two</b> &amp; three"
        assert "One <b>two</b> &amp; three" in the_item(draft_of(cartridge.save(tmp_path)), "a").html

    def test_an_empty_page_in_a_module_stays(self, tmp_path: Path) -> None:
        cartridge = base()
        cartridge.files["pages/a.html"] = b""
        assert the_item(draft_of(cartridge.save(tmp_path)), "a").html == ""

    @pytest.mark.parametrize(
        ("url", "becomes"),
        [
            ("www.example.org/a", "https://www.example.org/a"),
            ("example.org", "https://example.org"),
            (" HTTP://example.org/ ", "HTTP://example.org/"),
            ("https://example.org/\n a b", "https://example.org/ a b"),
        ],
    )
    def test_addresses_are_mended(self, tmp_path: Path, url: str, becomes: str) -> None:
        link = the_item(draft_of(Cartridge().link("Atlas", url).save(tmp_path)), "Atlas")
        assert link.url.replace("  ", " ") == becomes

    @pytest.mark.parametrize(
        "url",
        [
            "javascript:alert(1)",
            "ftp://example.org/",
            "file:///etc/passwd",
            "data:text/html,x",
            "",
            "http://",
        ],
    )
    def test_addresses_of_other_kinds_are_left_out(self, tmp_path: Path, url: str) -> None:
        line = the_line(draft_of(Cartridge().page("a").link("Atlas", url).save(tmp_path)), "Atlas")
        assert line.outcome == "left out"
        assert url in in_words(line.reason) or not url

    def test_a_link_to_a_file_of_the_package_is_that_file(self, tmp_path: Path) -> None:
        cartridge = Cartridge().link("Map", "maps/nile.pdf")
        cartridge.files["maps/nile.pdf"] = b"%PDF"
        path = cartridge.save(tmp_path)
        one = the_item(draft_of(path), "Map")
        assert (one.kind, one.path) == ("file", "maps/nile.pdf")
        assert_accounted(draft_of(path), path)

    def test_a_link_file_with_a_bare_ampersand(self, tmp_path: Path) -> None:
        cartridge = Cartridge().link("Atlas")
        cartridge.files["Atlas.xml"] = '<webLink><url href="https://example.org/?a=1&b=2"/></webLink>'
        draft = draft_of(cartridge.save(tmp_path))
        assert the_item(draft, "Atlas").url == "https://example.org/?a=1&b=2"
        assert "Atlas.xml: It had unescaped ampersands" in messages(draft)

    @pytest.mark.parametrize(
        "xml",
        [
            "no XML",
            "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><webLink><url href='&e;'/></webLink>",
            "<a>" * 400,
            "<webLink/>",
            b"\x00\x01\x02",
        ],
    )
    def test_a_link_file_that_is_useless(self, tmp_path: Path, xml: Content) -> None:
        cartridge = Cartridge().page("a").link("Atlas")
        cartridge.files["Atlas.xml"] = xml
        path = cartridge.save(tmp_path)
        line = the_line(draft_of(path), "Atlas")
        assert line.outcome == "left out"
        assert in_words(line.reason)
        assert_accounted(draft_of(path), path)


def assert_unreadable(path: Path, name: str) -> None:
    """The package is read; only the file's bytes, when they are asked for, prove wrong."""
    package = read_package(path)
    stream = package.open(name)
    with package, pytest.raises(DamagedFile, match="file_damaged"):
        stream.read()


class TestDamage:
    def spoilt(self, tmp_path: Path, name: str, content: bytes) -> Path:
        """A package whose one file, stored without compression, has a byte changed."""
        cartridge = base()
        cartridge.files[name] = content
        data = zip_bytes(cartridge.all_files(), store=True)
        path = tmp_path / "c.imscc"
        path.write_bytes(data.replace(content, content[:-1] + b"!"))
        return path

    def test_a_damaged_page_is_left_out(self, tmp_path: Path) -> None:
        path = self.spoilt(tmp_path, "pages/a.html", b"<p>some words of a page</p>")
        draft = draft_of(path)
        assert in_words(the_line(draft, "a").reason) == "The file “pages/a.html” is damaged."
        assert_accounted(draft, path)

    def test_a_damaged_file_shows_while_it_is_read(self, tmp_path: Path) -> None:
        path = self.spoilt(tmp_path, "map.pdf", b"some bytes of a document")
        assert_unreadable(path, "map.pdf")

    @pytest.mark.parametrize("claim", [-7, 7])
    def test_a_size_that_lies_shows_while_it_is_read(self, tmp_path: Path, claim: int) -> None:
        cartridge = base()
        cartridge.files["map.pdf"] = b"0123456789" * 10
        data = zip_bytes(cartridge.all_files())
        index = list(cartridge.all_files()).index("map.pdf")
        path = tmp_path / "c.imscc"
        path.write_bytes(patched(data, index, 24, "<L", 100 + claim))
        assert_unreadable(path, "map.pdf")

    def test_a_file_in_a_foreign_compression_is_left_out(self, tmp_path: Path) -> None:
        data = zip_bytes(base().all_files())
        index = list(base().all_files()).index("map.pdf")
        path = tmp_path / "c.imscc"
        path.write_bytes(patched(data, index, METHOD, "<H", 14))
        line = the_line(draft_of(path), "map.pdf")
        assert (line.outcome, "compressed in a way" in in_words(line.reason)) == ("left out", True)

    def test_a_local_header_that_is_gone(self, tmp_path: Path) -> None:
        data = bytearray(zip_bytes(base().all_files()))
        index = list(base().all_files()).index("map.pdf")
        at = struct.unpack_from("<L", data, records(bytes(data))[index] + 42)[0]
        data[at : at + 4] = b"XXXX"
        path = tmp_path / "c.imscc"
        path.write_bytes(data)
        assert in_words(the_line(draft_of(path), "map.pdf").reason) == "The file “map.pdf” is damaged."

    def test_names_flagged_as_utf8_that_are_not(self, tmp_path: Path) -> None:
        data = zip_bytes(base().all_files() | {"xxx.txt": b"1"})
        data = data.replace(b"xxx.txt", b"\xe9\xe8x.txt")
        path = tmp_path / "c.imscc"
        path.write_bytes(patched(data, len(base().all_files()), FLAGS, "<H", 0x800))
        with pytest.raises(Exception, match="bad_names"):
            read_package(path)
