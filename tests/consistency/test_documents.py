"""Documents speak of what is there."""

import importlib
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.consistency.sources import ADRS, APPS, PAGES, PROJECT, ROOT, listed


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
    assert len(PROJECT["project"]["dependencies"]) <= 25


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
