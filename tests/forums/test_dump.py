"""Posts of a real forum, which arrive as HTML: nothing that carries their meaning is lost in the sanitiser."""

import gzip
import re
from functools import cache
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pytest

from bench import dump
from common import richtext

needs_dump = pytest.mark.skipif(not dump.FILE.exists(), reason="../shared/packages is not beside the project.")
CODE = re.compile(r"<code>(.*?)</code>", re.DOTALL)
ADDRESS = re.compile(r'<a href="(https?://[^"]+)"')


@cache
def said() -> list[dump.Said]:
    return list(dump.read())


@cache
def shown() -> dict[int, str]:
    return {one.id: richtext.from_html(one.html, lambda address: None).html for one in said()}


def words(html: str) -> str:
    """What is read of it, formulas left out; of a picture what is said in its place, which becomes a link to it."""
    body = lxml.html.fragment_fromstring(html, create_parent="div")
    for picture in body.xpath("//img"):
        # One of which nothing is said is called by where it lies.
        picture.tag, picture.text = "span", picture.get("alt") or f"Picture on {urlsplit(picture.get('src')).hostname}"
    for formula in body.xpath("//math"):
        formula.drop_tree()
    return " ".join(body.text_content().split())


@needs_dump
def test_all_questions_and_answers_are_read_and_nothing_else() -> None:
    questions = [one for one in said() if one.to is None]
    answers = [one for one in said() if one.to is not None]
    assert (len(questions), len(answers)) == (397, 1507)
    assert {one.to for one in answers} <= {one.id for one in questions}
    assert {one.accepted for one in questions if one.accepted} <= {one.id for one in answers}
    assert all(one.title for one in questions)


@needs_dump
def test_words_of_every_post_stay() -> None:
    changed = [one.id for one in said() if words(one.html) != words(shown()[one.id])]
    assert changed == []


@needs_dump
def test_code_stays_to_the_letter() -> None:
    found = 0
    for one in said():
        kept = [unescape(re.sub(r"<[^>]*>", "", code)) for code in CODE.findall(shown()[one.id])]
        brought = [unescape(code) for code in CODE.findall(one.html)]
        assert [code.rstrip("\n") for code in kept] == [code.rstrip("\n") for code in brought], one.id
        found += len(brought)
    assert found >= 23


@needs_dump
@pytest.mark.parametrize(("element", "least"), [("blockquote", 262), ("pre", 12), ("li", 390), ("math", 500)])
def test_quotes_lists_and_formulas_are_as_many_as_were_brought(element: str, least: int) -> None:
    having = 0
    for one in said():
        brought, kept = (html.count(f"<{element}") for html in (one.html, shown()[one.id]))
        assert brought == kept, one.id
        having += bool(brought)
    assert having >= least


@needs_dump
def test_links_to_the_world_lead_where_they_led() -> None:
    found = 0
    for one in said():
        kept = {unescape(address) for address in ADDRESS.findall(shown()[one.id])}
        brought = {unescape(address) for address in ADDRESS.findall(one.html)}
        assert brought <= kept, one.id
        found += len(brought)
    assert found > 600


@needs_dump
def test_cleaning_what_was_cleaned_changes_nothing() -> None:
    assert all(richtext.kept_safe(html).html == html for html in shown().values())


def test_dollars_in_code_and_in_prices_are_no_formula() -> None:
    kept = dump.with_formulas(r"<p>It costs \$5. <code>$x$</code> but $x^2$</p>")
    assert kept.count("<math") == 1
    assert "<code>$x$</code>" in kept


def dumped(folder: Path, *rows: str) -> Path:
    path = folder / "Posts.xml.gz"
    path.write_bytes(gzip.compress(f"<posts>{''.join(rows)}</posts>".encode()))
    return path


ROW = '<row Id="{id}" PostTypeId="{type}" CreationDate="2014-03-13T20:32:04.033" Body="{body}" Title="T"/>'


def test_dump_is_read_within_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = dumped(tmp_path, *(ROW.format(id=number, type=1, body="x" * 100) for number in range(20)))
    assert len(list(dump.read(path))) == 20
    monkeypatch.setattr(dump, "MOST_ROWS", 10)
    with pytest.raises(dump.TooMuch, match="10 rows"):
        list(dump.read(path))
    monkeypatch.setattr(dump, "MOST_BYTES", 500)
    with pytest.raises(dump.TooMuch, match="500 bytes"):
        list(dump.read(path))


def test_wikis_of_tags_are_no_talk(tmp_path: Path) -> None:
    path = dumped(tmp_path, *(ROW.format(id=kind, type=kind, body="x") for kind in (1, 4, 5, 7)))
    assert [one.id for one in dump.read(path)] == [1]
