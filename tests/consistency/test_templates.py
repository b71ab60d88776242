"""Templates: used, named where they are, and without what the browser would not run."""

import ast
import re
from pathlib import Path

import allauth
import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import get_template
from django.views import defaults

from config.settings.test import UnknownVariable
from tests.consistency.sources import TEMPLATES, TREES, listed


def named_in_templates() -> set[str]:
    return {
        name for text in TEMPLATES.values() for name in re.findall(r'{% (?:include|extends|remembered) "([^"]+)"', text)
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
    unused = [name for name in TEMPLATES if name not in named and not is_found_by_name(name)]
    assert not unused, listed(unused, "No view, kind, include or extends names these templates; delete them")


def test_every_named_template_and_partial_exists() -> None:
    missing = []
    for name in sorted(named_in_templates() | named_in_python()):
        try:
            get_template(name)
        except TemplateDoesNotExist:
            missing.append(name)
    assert not missing, listed(missing, "These templates are named and not there")


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    """The content security policy lets none of it run, so it would be dead."""
    forbidden = re.compile(
        r"""<style|\sstyle=|\son[a-z]+\s*=|\shx-on|javascript:|<script(?![^>]*\s(?:src=|type="application/json"))"""
    )
    faults = [f"{name}: {match[0].strip()}" for name, text in TEMPLATES.items() for match in forbidden.finditer(text)]
    assert not faults, listed(faults, "Move to a stylesheet or a module of static/js")


def test_a_variable_that_nobody_gave_ends_the_page_in_the_suite() -> None:
    engine = engines["django"]
    with pytest.raises(UnknownVariable, match="nobody"):
        engine.from_string("{{ nobody.name }}").render({})
    with pytest.raises(UnknownVariable, match="nobody"):
        engine.from_string("{{ nobody|default:'x' }}").render({})
    assert engine.from_string("{% if nobody %}x{% endif %}{{ there }}").render({"there": ""}) == ""
