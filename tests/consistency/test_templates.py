"""Templates: used, named where they are, and without what the browser would not run."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import allauth
import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.utils.translation import override
from django.utils.translation.template import templatize
from django.views import defaults
from jinja2 import UndefinedError

from config.settings.test import UnknownVariable
from tests.consistency.sources import TEMPLATES, TREES, listed


def named_in_templates() -> set[str]:
    naming = r'{% (?:include|extends|remembered) "([^"]+)"|{{ remembered\("([^"]+)"'
    return {name for text in TEMPLATES.values() for names in re.findall(naming, text) for name in names if name}


def named_rows() -> set[str]:
    """Those of `templates/rows/`, which templates of both engines and `common.templatetags.ui.rows` name."""
    named = {name for text in TEMPLATES.values() for name in re.findall(r'{% (?:\w*rows|from) "([^"]+)"', text)}
    calls = (node for tree in TREES.values() for node in ast.walk(tree) if isinstance(node, ast.Call))
    return named | {
        call.args[0].value
        for call in calls
        if ast.unparse(call.func) in ("ui.rows", "rows") and isinstance(call.args[0], ast.Constant)
    }


def named_in_python() -> set[str]:
    # The package reader knows files inside packages, and no template.
    trees = (tree for name, tree in TREES.items() if not name.startswith("courses/packages/"))
    words = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {word for word in words if isinstance(word, str) and re.fullmatch(r"[\w/-]+\.(html|txt)(#\w+)?", word)}


def is_found_by_name(name: str) -> bool:
    """Whether allauth or Django look for it without our naming it."""
    errors = {"400.html", "403.html", "404.html", "500.html"}
    assert errors == {getattr(defaults, f"ERROR_{name[:3]}_TEMPLATE_NAME") for name in errors}
    return name in errors or (Path(allauth.__file__).parent / "templates" / name).exists()


def test_every_template_is_used() -> None:
    named = named_in_templates() | {name.partition("#")[0] for name in named_in_python()}
    named |= {f"rows/{name}" for name in named_rows()}
    unused = [name for name in TEMPLATES if name not in named and not is_found_by_name(name)]
    assert not unused, listed(unused, "No view, kind, include or extends names these templates; delete them")


def test_every_named_template_and_partial_exists() -> None:
    missing = []
    rows = named_rows()
    for name in sorted(named_in_templates() | named_in_python() | rows):
        try:
            get_template(name, using="rows" if name in rows else "django")
        except TemplateDoesNotExist:
            missing.append(name)
    assert not missing, listed(missing, "These templates are named and not there")


PAGES = {name: text for name, text in TEMPLATES.items() if not name.startswith("emails/")}


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    """The content security policy lets none of it run, so it would be dead; mail has no policy."""
    forbidden = re.compile(
        r"""<style|\sstyle=|\son[a-z]+\s*=|\shx-on|javascript:|<script(?![^>]*\s(?:src=|type="application/json"))"""
    )
    faults = [f"{name}: {match[0].strip()}" for name, text in PAGES.items() for match in forbidden.finditer(text)]
    assert not faults, listed(faults, "Move to a stylesheet or a module of static/js")


def test_a_variable_that_nobody_gave_ends_the_page_in_the_suite() -> None:
    engine = engines["django"]
    with pytest.raises(UnknownVariable, match="nobody"):
        engine.from_string("{{ nobody.name }}").render({})
    with pytest.raises(UnknownVariable, match="nobody"):
        engine.from_string("{{ nobody|default:'x' }}").render({})
    assert engine.from_string("{% if nobody %}x{% endif %}{{ there }}").render({"there": ""}) == ""


# Where markup is made in Python, and why.
MADE_IN_PYTHON = {
    "common/templatetags/ui.py": "the smallest pieces, which templates of both engines share",
    "common/richtext/": "what people wrote, taken apart and cleaned",
    "courses/cue_markup.py": "the tags of captions, told from their words",
    "courses/packages/": "pages of packages, as they are found and before they are cleaned",
}
MARKUP = re.compile(r"</?[a-z][a-z0-9]*(?=[\s>/])[^<]*>|</?[a-z][a-z0-9]*(?=[\s>/])[^<]*$")


def docstrings(tree: ast.Module) -> set[ast.expr]:
    """Whatever stands as a statement of its own is read by nobody but us."""
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def markup_in(tree: ast.Module) -> Iterator[str]:
    spoken_to_us = docstrings(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Name(id="mark_safe" | "format_html" | "format_html_join" | "Markup"):
                yield f"{node.lineno}: {node.id}"
            case ast.Constant(value=str(text)) if node not in spoken_to_us and MARKUP.search(text):
                yield f"{node.lineno}: {text[:60]!r}"


def test_markup_is_made_in_templates() -> None:
    faults = [
        f"{name}:{found}"
        for name, tree in TREES.items()
        if not name.startswith((*MADE_IN_PYTHON, "tools/"))
        for found in markup_in(tree)
    ]
    assert not faults, listed(faults, "Put it into a template; for lists of hundreds of rows into templates/rows/")
    assert [name for name in MADE_IN_PYTHON if not any(path.startswith(name) for path in TREES)] == []


def test_the_reader_of_modules_sees_markup() -> None:
    """Otherwise the test above would pass for a reason that nobody meant."""
    code = 'def f(a):\n    """A <b>."""\n    g("<li>", f\'<a href="{a}">\', "a < b", "</p>")\n    return mark_safe(a)\n'
    assert {found.partition(": ")[2] for found in markup_in(ast.parse(code))} == {
        "mark_safe",
        *map(repr, ("<li>", '<a href="', "</p>")),
    }


ROWS = {name: text for name, text in TEMPLATES.items() if name.startswith("rows/")}


@pytest.mark.parametrize("name", ROWS)
def test_makemessages_finds_every_word_of_a_row(name: str) -> None:
    """It reads the language of Django's templates, and of Jinja's no more than `_("…")` closed at once."""
    wanted = re.findall(r"\b_\((?:\"([^\"]*)\"|'([^']*)')", ROWS[name])
    found = re.findall(r"\b_\((?:\"([^\"]*)\"|'([^']*)')\)", templatize(ROWS[name]))
    assert sorted(found) == sorted(wanted)
    assert not re.search(r"\b_\([^\"']|gettext|{%-? *(?:trans|pluralize|translate|blocktrans)", ROWS[name])


def test_a_row_escapes_and_names_nothing_that_is_not_there() -> None:
    engine = engines["rows"]
    assert engine.from_string("{{ words }}").render({"words": "<b>&"}) == "&lt;b&gt;&amp;"
    with pytest.raises(UndefinedError):
        engine.from_string("{{ nothing }}").render({})


def test_a_row_speaks_the_language_of_the_moment() -> None:
    template = engines["rows"].from_string("{{ _('Delete') }}")
    assert template.render({}) == "Delete"
    with override("de"):
        assert template.render({}) == "Löschen"


# In mail as text each line is a paragraph, which the reader's program wraps.
LONGEST_LINE = 160


def test_no_line_of_a_template_is_longer_than_a_screen() -> None:
    faults = [
        f"{name}:{number}: {len(line)}"
        for name, text in TEMPLATES.items()
        if not name.endswith(".txt")
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) > LONGEST_LINE
    ]
    assert not faults, listed(faults, f"Wrap these after {LONGEST_LINE} letters")
