"""The sanitiser before Chromium's own parser: in what it leaves there is nothing but what is allowed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from common.richtext import TooMuch, from_html, from_markdown, kept_safe, sanitise, vocabulary
from tests.browser.conftest import DEVICE
from tests.common.mutations import BAD, PLANTED, corpus
from tests.common.safety import CLASSES, OF_TAG, PLAIN, WORDS_OF_FORMULAS, resolve
from tests.conftest import SOAK

# The browser wants a database of tests, though no page here is ours.
pytestmark = pytest.mark.usefixtures("transactional_db")
INPUTS = 5_000 if SOAK else 400
AT_ONCE = 500
RULES = {
    "tags": sorted(vocabulary.TAGS),
    "plain": sorted(PLAIN),
    "ofTag": {tag: sorted(names) for tag, names in OF_TAG.items()},
    "longest": vocabulary.ID_LENGTH,
    "math": sorted(vocabulary.MATH),
    "words": sorted(WORDS_OF_FORMULAS),
    "classes": {tag: sorted(names) for tag, names in CLASSES.items()},
}
# Each text is read as part of a page, as what a script sets, and as that is when it is written out and read again.
LOOK = r"""([texts, rules]) => {
  const HERE = "https://school.test/lessons/7/";
  const href = (value) => {
    if (/^#[cp]-./.test(value)) return true;
    let url;
    try { url = new URL(value, HERE); } catch { return /^https?:\/\//i.test(value); }
    if (value.startsWith("/")) return url.origin === "https://school.test";
    return /^(https?:\/\/|mailto:)/i.test(value) && ["http:", "https:", "mailto:"].includes(url.protocol);
  };
  const src = (value) => value.startsWith("/") && new URL(value, HERE).origin === "https://school.test";
  const VALUES = {
    href, src,
    id: (value) => /^(c-|p-\d+$)/.test(value) && value.length <= rules.longest * 2,
    class: (value, tag) => value.split(" ").every((name) => rules.classes[tag]?.includes(name)),
    tabindex: (value) => value === "0",
    rel: (value) => value === "noopener noreferrer",
  };
  const faults = (root) => {
    const found = [], ids = new Set();
    const nodes = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_ALL);
    while (nodes.nextNode()) {
      const node = nodes.currentNode;
      if (node.nodeType === Node.TEXT_NODE) continue;
      if (node.nodeType !== Node.ELEMENT_NODE) { found.push(`node ${node.nodeName}`); continue; }
      const isMath = rules.math.includes(node.localName);
      const space = isMath ? "http://www.w3.org/1998/Math/MathML" : "http://www.w3.org/1999/xhtml";
      if (node.namespaceURI !== space) found.push(`namespace of ${node.nodeName}`);
      const around = node.parentElement;
      const isInside = around !== null && around.namespaceURI.endsWith("MathML");
      if (isInside !== (isMath && node.localName !== "math")) found.push(`${node.localName} in ${around?.localName}`);
      if (isInside && rules.words.includes(around.localName)) found.push(`${node.localName} in words`);
      if (!rules.tags.includes(node.localName)) found.push(`<${node.localName}>`);
      for (const { name, value } of node.attributes) {
        const known = rules.plain.includes(name) || rules.ofTag[node.localName]?.includes(name);
        if (!known) found.push(`${node.localName} ${name}`);
        else if (VALUES[name] && !VALUES[name](value, node.localName)) found.push(`${name}=${value}`);
      }
      if (node.id && ids.has(node.id)) found.push(`twice ${node.id}`);
      ids.add(node.id);
    }
    return found;
  };
  return texts.flatMap((text) => {
    const page = new DOMParser().parseFromString(
      `<!DOCTYPE html><body><main><div id="text">${text}<i id="end"></i></div></main></body>`, "text/html");
    const whole = page.getElementById("text");
    const set = document.implementation.createHTMLDocument("").createElement("div");
    set.innerHTML = text;
    const again = set.ownerDocument.createElement("div");
    again.innerHTML = set.innerHTML;
    const end = page.getElementById("end");
    const isClosed = end?.parentNode === whole && end === whole.lastChild && !whole.nextSibling;
    end?.remove();
    const found = [whole, set, again].flatMap(faults);
    if (!isClosed) found.push("not closed");
    if (page.body.children.length !== 1 || page.head.children.length) found.push("out of its place");
    return found.length ? [[text, found]] : [];
  });
}"""


def outputs(source: str) -> set[str]:
    makers: list[Callable[[], str]] = [
        lambda: from_html(source, resolve).html,
        # As an older cleaner may have stored it.
        lambda: kept_safe(source).html,
        lambda: from_markdown(source, resolve).html,
    ]
    made = set()
    for make in makers:
        try:
            made.add(make())
        except TooMuch:
            continue
    return made


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return sorted({made for source in corpus(INPUTS) for made in outputs(source)})


def test_the_last_pass_changes_nothing_in_what_it_has_made(texts: list[str]) -> None:
    assert len(texts) > INPUTS
    for text in texts:
        assert kept_safe(text).html == text
        assert sanitise.settle(text, rounds=1) == text


def look(browser: Browser, texts: list[str]) -> list[object]:
    page = browser.new_context(**DEVICE).new_page()
    try:
        parts = [texts[at : at + AT_ONCE] for at in range(0, len(texts), AT_ONCE)]
        return [fault for part in parts for fault in page.evaluate(LOOK, [part, RULES])]
    finally:
        page.context.close()


def test_chromium_finds_only_what_is_allowed(browser: Browser, texts: list[str]) -> None:
    assert look(browser, texts) == []


@pytest.mark.parametrize(
    "bad",
    [
        BAD, PLANTED, "<svg></svg>", "<!-- a -->", "<p onclick=a>", "</div>", "<p id=c-a></p><p id=c-a></p>",
        *(f'<a href="{address}">' for address in ("//evil.test", "/\\evil.test", "javascript:a", "x", "/\t/evil.test")),
        '<img src="https://evil.test/x">', "<p style='a'>", "<div class=button>", "<b id=after>", "<table>a<form>",
        "<math><mi><b>a</b></mi></math>", "<math><mtext><mi>a</mi></mtext></math>", "<mi>a</mi>", "<math href=/x>",
        "<math><annotation-xml encoding='text/html'><p>a</p></annotation-xml></math>", "<math><mrow style=a></math>",
        "<math><mtext><math></math></mtext></math>", "<math><mglyph></math>", "<math><mrow class=math-end></math>",
    ],
)  # fmt: skip
def test_the_look_would_find(bad: str, browser: Browser) -> None:
    assert look(browser, [bad])
