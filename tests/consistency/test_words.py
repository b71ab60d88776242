"""Words that people read can be translated, wherever they are written."""

import ast
import importlib
import re
import zoneinfo
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.apps import apps
from django.utils.functional import Promise

from common.forms import AccessibleForm
from tests.consistency.sources import APPS, TEMPLATES, TREES, listed, read


class Visible(HTMLParser):
    """Collects the text and the attributes that a person reads or hears."""

    ATTRIBUTES = frozenset({"title", "placeholder", "aria-label", "alt", "data-label"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.words += [value or "" for name, value in attrs if name in self.ATTRIBUTES]

    def handle_data(self, data: str) -> None:
        if not self.inside or self.inside[-1] not in ("code", "kbd", "script"):
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.inside:
            while self.inside.pop() != tag:
                pass


UNTRANSLATED = {"Ownpace", "Aisha"}  # names are the same in every language
TRANSLATED = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|{% blocktranslate.*?{% endblocktranslate %}", re.S)


def fallbacks(match: re.Match[str]) -> str:
    """`{{ name|default:"nobody" }}` shows "nobody"."""
    return " ".join(re.findall(r"""\|(?:default|default_if_none|yesno):["']([^"']*)""", match[0]))


def untranslated(name: str, text: str) -> list[str]:
    # In an attribute a fallback is a value, not a word, so it is only looked for between tags.
    text = re.sub(r"(>[^<]*)", lambda part: re.sub(r"{{.*?}}", fallbacks, part[0]), TRANSLATED.sub("", text))
    # `%s` is the place of a value, in a line that is filled in for each row.
    text = re.sub(r"{%.*?%}|{{.*?}}|%[ds]", "", text)
    if name.endswith(".txt"):
        words = [text]
    else:
        parser = Visible()
        parser.feed(text)
        words = parser.words
    return [word.strip() for word in words if set(re.findall(r"[^\W\d_]+", word)) - UNTRANSLATED]


@pytest.mark.parametrize("name", TEMPLATES)
def test_words_of_templates_are_translatable(name: str) -> None:
    faults = untranslated(name, TEMPLATES[name])
    assert not faults, listed(faults, f"Put into translate or blocktranslate, in templates/{name}")


def test_the_reader_of_templates_sees_bare_words() -> None:
    """Otherwise the test above would pass for a reason that nobody meant."""
    page = '{% if x %}<a title="Go" class="big">Bare {{ x|default:"none" }}</a>{% endif %}{% translate "fine" %}'
    assert untranslated("a.html", page) == ["Go", "Bare none"]
    assert untranslated("a.txt", "{% autoescape off %}Dear {{ name }}{% endautoescape %}") == ["Dear"]


# A digit put in the place of another, and letters that a script shows itself.
MADE_BY_A_SCRIPT = re.compile(
    r"""\.replace\(\s*["'`/]\W*\d|(?:textContent|innerText|title|placeholder)\s*=\s*["'`][^"'`$]*[A-Za-z]"""
)


def test_scripts_take_their_words_from_the_page() -> None:
    faults = [
        f"{name}: {found[0]}"
        for name, text in read("static/js", "*.js").items()
        for found in MADE_BY_A_SCRIPT.finditer(text)
    ]
    assert not faults, listed(faults, "Put the words into the page, in a data attribute or a <template>")
    assert MADE_BY_A_SCRIPT.search('a.textContent = a.dataset.words.replace("0", n);')
    assert MADE_BY_A_SCRIPT.search('a.textContent = "Saved";')


def said_without_gettext(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=str(text)):
            return bool(re.search(r"[^\W\d_]", text))
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left):
            return said_without_gettext(left)
        case ast.IfExp(body=body, orelse=other):
            return said_without_gettext(body) or said_without_gettext(other)
        case ast.Call(func=ast.Name(id="str")):
            return True  # an exception's own words
    return False


def sayings(tree: ast.Module) -> Iterator[tuple[int, ast.expr]]:
    """Line and expression of everything that Python says to a person."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="messages")), args=[_, said, *_]):
                yield node.lineno, said
            case ast.Call(func=ast.Attribute(attr="add_error"), args=[_, said, *_]):
                yield node.lineno, said
            case ast.Call(func=ast.Name(id="ValidationError"), args=[said, *_]):
                yield node.lineno, said
            case ast.keyword(arg="label" | "violation_error_message", value=said):
                yield said.lineno, said


def test_what_python_says_is_translatable() -> None:
    faults = [
        f"{name}:{line}: {ast.unparse(said)[:80]}"
        for name, tree in TREES.items()
        for line, said in sayings(tree)
        if said_without_gettext(said)
    ]
    assert not faults, listed(faults, "Put the words into gettext where they are written")


# Words that made the interface read as a translation, or that only developers know. Add what readers stumble over.
AVOIDED = {
    r"whoever|whichever|whatever": "say who or what is meant",
    r"stands?|stood|standing": "say “is”, “appears here”, or what it does",
    r"told|tells": "say “see”, “get” or “says”",
    r"hangs? on": "say “belongs to” or “depends on”",
    r"by a slip|at once|by hand|anew|meanwhile|henceforth|thereof": "say “by mistake”, “straight away”, “again” …",
    r"nobody|somebody": "say “no one”, “someone”, or what is missing",
    r"is called so|takes? (?:no|any) other|puts? (?:\w+ )?into|hand(?:s|ed)? over": "say it as a teacher would",
    r"goes? on|go on": "say “continue” or “carry on”",
    r"begin|begins|began|begun": "say “start”",
    r"takes? (?:it |them )?(?:along|away)|taken back": "say “download”, “remove” or “undo”",
    r"(?:book|plain|reading|small) letters": "say “font” or “lower-case letters”",
    r"e-mails?|mails?": "say “email”",
    r"two-factor|authentication|authenticator|security keys?": "say “second step”, “app that shows codes”, “passkey”",
    r"tokens?|sessions?|user agent": "say “link” or “code”, or name the device",
    r"please|successfully|invalid": "say what to do, or what is wrong",
}
# Names of products.
NAMES = re.compile(r"(?:Google|Microsoft) Authenticator")
SPOKEN = re.compile(
    r"""{%\s*(?:translate|trans)\s+(?:"([^"]*)"|'([^']*)')|{%\s*blocktranslate[^%]*%}(.*?){%\s*endblocktranslate""",
    re.S,
)
GETTEXTS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def interface_strings() -> Iterator[tuple[str, str]]:
    """Where it is written, and what people read: of templates and of Python."""
    for name, text in TEMPLATES.items():
        for found in SPOKEN.finditer(text):
            # The name of a variable is no word of the sentence.
            yield f"templates/{name}", re.sub(r"{[{%].*?[}%]}", " ", "".join(filter(None, found.groups())))
    for name, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in GETTEXTS:
                for said in node.args:
                    if isinstance(said, ast.Constant) and isinstance(said.value, str):
                        yield f"{name}:{said.lineno}", re.sub(r"%\(\w+\)", " ", said.value)


@pytest.mark.parametrize("avoided", AVOIDED)
def test_interface_avoids_words_of_a_translation(avoided: str) -> None:
    words = re.compile(rf"\b(?:{avoided})\b", re.I)
    faults = [f"{where}: {said}" for where, said in interface_strings() if words.search(NAMES.sub("", said))]
    assert not faults, listed(faults, f"Write it otherwise: {AVOIDED[avoided]}")


def test_interface_strings_are_found_in_templates_and_in_python() -> None:
    said = {words for _, words in interface_strings()}
    assert {"Mark as done", "Match my device", "Cohort created. Now add people."} <= said
    assert len(said) > 500


def forms_of_ours() -> Iterator[type[forms.BaseForm]]:
    for app in apps.get_app_configs():
        if app.name in APPS and (Path(app.path) / "forms.py").exists():
            module = importlib.import_module(f"{app.name}.forms")
            for found in vars(module).values():
                if isinstance(found, type) and issubclass(found, AccessibleForm) and found is not AccessibleForm:
                    yield found


def words_of(field: forms.Field) -> Iterator[object]:
    yield field.label if field.label is not None else "no label"
    yield field.help_text
    if isinstance(field, forms.ChoiceField):
        yield from (label for value, label in field.choices if not isinstance(value, zoneinfo.ZoneInfo))


def test_labels_hints_and_choices_of_forms_are_translatable() -> None:
    """Also those a form takes from its model, where a missing name would show the column's."""
    faults = [
        f"{form.__module__}.{form.__name__}.{name}: {words}"
        for form in forms_of_ours()
        for name, field in form.base_fields.items()
        for words in words_of(field)
        if not isinstance(words, Promise) and re.search(r"[^\W\d_]", str(words))
    ]
    assert not faults, listed(faults, "Wrap in gettext_lazy, at the form or at the model's field")
