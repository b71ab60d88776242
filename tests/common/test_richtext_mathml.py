"""MathML that people bring: what of it is kept, and what becomes of the rest."""

import lxml.html
import pytest
from lxml.html import HtmlElement

from common.richtext import from_html, kept_safe
from tests.common.safety import assert_safe, resolve


def html(source: str) -> str:
    made = from_html(source, resolve).html
    assert_safe(made)
    return made


def tree(source: str) -> HtmlElement:
    return lxml.html.fragment_fromstring(html(source), create_parent="section")


SQUARE = "<msup><mi>x</mi><mn>2</mn></msup>"


def test_mathml_core_is_kept_as_it_is() -> None:
    formula = (
        f'<math display="block">{SQUARE}<mo stretchy="false" lspace="0.2em">=</mo><mfrac linethickness="0"><mn>1</mn>'
        '<msqrt><mi mathvariant="normal">y</mi></msqrt></mfrac><mspace width="1em"></mspace>'
        '<mtable><mtr><mtd columnspan="2"><mtext>if</mtext></mtd></mtr></mtable></math>'
    )
    assert html(formula) == formula


@pytest.mark.parametrize(
    ("inside", "left"),
    [
        (
            f"<semantics>{SQUARE}<annotation encoding='application/x-tex'>x^2</annotation></semantics>",
            f"<mrow>{SQUARE}</mrow>",
        ),
        (f"<semantics>{SQUARE}<annotation-xml><p>x</p></annotation-xml></semantics>", f"<mrow>{SQUARE}</mrow>"),
        ("<maction actiontype='toggle'><mi>x</mi><mi>y</mi></maction>", "<mrow><mi>x</mi></mrow>"),
        ("<mi href='https://a.test' style='color:red' mathcolor='red' class='a'>x</mi>", "<mi>x</mi>"),
        ("<mtext>if <b>x</b> is <span>y</span></mtext>", "<mtext>if x is y</mtext>"),
        ("<mglyph src='https://a.test/x' alt='ell'></mglyph>", "<mtext>ell</mtext>"),
        ("<mi><mglyph alt='ell'></mglyph><malignmark></malignmark></mi>", "<mi>ell</mi>"),
        ("<mrow><p>x</p></mrow>", "<mrow><mrow>x</mrow></mrow>"),
        (
            "<mfenced open='['><mi>a</mi><mi>b</mi></mfenced>",
            "<mrow><mo>[</mo><mi>a</mi><mo>,</mo><mi>b</mi><mo>)</mo></mrow>",
        ),
        ("<menclose notation='box'><mi>x</mi></menclose>", '<mrow class="math-box"><mi>x</mi></mrow>'),
        ("<apply><plus></plus><ci>x</ci><cn>2</cn></apply>", "<mrow><mrow></mrow><mi>x</mi><mn>2</mn></mrow>"),
        (
            "<mtable><mtr><mtd columnalign='right'>x</mtd></mtr></mtable>",
            '<mtable><mtr><mtd class="math-end">x</mtd></mtr></mtable>',
        ),
        ("<math><mi>x</mi></math>", "<mrow><mi>x</mi></mrow>"),
        ("<mi>x</mi><mspace width='9999px' height='1e9em'></mspace>", "<mi>x</mi><mspace></mspace>"),
    ],
)
def test_what_is_not_of_mathml_core_is_put_into_it_or_goes(inside: str, left: str) -> None:
    assert html(f"<math>{inside}</math>") == f"<math>{left}</math>"


def test_mathml_with_a_prefix_is_mathml() -> None:
    assert html("<mml:math><mml:mi>x</mml:mi></mml:math>") == "<math><mi>x</mi></math>"


@pytest.mark.parametrize("inside", ["", "<mspace width='1em'></mspace>", "<annotation>x</annotation>", "<mi> </mi>"])
def test_a_formula_that_shows_nothing_goes(inside: str) -> None:
    assert html(f"<p>a<math>{inside}</math>b</p>") == '<p id="p-1">ab</p>'


def test_mathml_outside_a_formula_is_words() -> None:
    assert html("<p>a <mi>b</mi> <mtext>c</mtext></p>") == '<p id="p-1">a b c</p>'


def test_a_formula_is_found_once_by_what_is_seen_of_it() -> None:
    source = f"<p>So <math><semantics>{SQUARE}<annotation>x^2</annotation></semantics></math> grows.</p>"
    assert [block.text for block in from_html(source, resolve).blocks] == ["So x2 grows."]


@pytest.mark.parametrize("stored", ["<math><mtext><b>x</b></mtext></math>", "<math><ms><i>x</i></ms></math>"])
def test_of_a_stored_formula_with_other_things_in_it_only_words_are_kept(stored: str) -> None:
    assert kept_safe(stored).html == "<p>x</p>"


@pytest.mark.parametrize(
    "tag", ["section", "article", "header", "address", "center", "fieldset", "form", "nav", "dialog", "x-card"]
)
def test_an_unknown_block_is_a_block(tag: str) -> None:
    text = from_html(f"<{tag}>First end</{tag}><{tag}>Second start</{tag}>", resolve)
    assert [block.text for block in text.blocks] == ["First end", "Second start"]
    assert html(f"<{tag}>a</{tag}><{tag}>b</{tag}>") == '<div id="p-1">a</div><div id="p-2">b</div>'


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<menu><li>a</li></menu>", "<ul><li"),
        ("<xmp>a  b</xmp>", "<pre"),
        ("<strike>a</strike>", "<s>a</s>"),
        ("<tt>a</tt>", "<code>a</code>"),
        ("<bdo dir=rtl>a</bdo>", '<bdo dir="rtl">a</bdo>'),
        ("<bdi>a</bdi>", "<bdi>a</bdi>"),
        ("<select><option>one</option><option>two</option></select>", ">one</div>"),
    ],
)
def test_what_has_another_name_here_keeps_its_meaning(source: str, left: str) -> None:
    assert left in html(source)


RUBY = "<p><ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>へ行く</p>"


def test_readings_of_ruby_are_kept() -> None:
    assert html(RUBY) == RUBY.replace("<p>", '<p id="p-1">')
    assert html("<ruby><rb>漢</rb><rt>かん</rt></ruby>") == "<ruby>漢<rt>かん</rt></ruby>"


def test_words_are_found_across_their_readings_and_by_them() -> None:
    assert from_html(RUBY, resolve).blocks[0].text == "東京へ行く とう きょう"


def test_a_reading_outside_of_ruby_is_words() -> None:
    assert html("<p>a<rt>b</rt></p>") == '<p id="p-1">ab</p>'
