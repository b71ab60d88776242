"""The schema and the settings are those that are written down."""

import ast
import io
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.consistency.sources import PAGES, PROJECT, ROOT, TREES, listed


def test_no_migration_is_missing(db: None) -> None:
    out = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=out)
    except SystemExit:
        pytest.fail(f"The models and the migrations differ; run makemigrations.\n{out.getvalue()}")


def read_from_environment(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="env")), args=[ast.Constant(value=str(name)), *_]):
                yield name


def test_operations_lists_every_setting_and_no_other() -> None:
    known = {
        name
        for path, tree in TREES.items()
        if path.startswith("config/settings/")
        for name in read_from_environment(tree)
    }
    described = set(re.findall(r"^\| `([A-Z0-9_]+)` \|", PAGES["docs/operations.md"], re.M))
    assert known - described == set(), "docs/operations.md says nothing of these settings."
    assert described - known == set(), "docs/operations.md describes settings that nothing reads."


def test_only_config_reads_the_environment() -> None:
    faults = [
        f"{name}:{node.lineno}"
        for name, tree in TREES.items()
        if not name.startswith(("config/", "tools/"))
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]
    assert not faults, listed(faults, "Give it a line in config/settings/base.py and read django.conf.settings")


def test_every_app_of_ours_is_in_the_contracts_and_in_the_layers_of_the_house() -> None:
    """An app that is not named there is checked by nothing."""
    ours = {name.split(".")[0] for name in settings.INSTALLED_APPS if (ROOT / name.split(".")[0] / "apps.py").exists()}
    contracts = PROJECT["tool"]["importlinter"]
    layers = {app for layer in contracts["contracts"][0]["layers"] for app in layer.split(" | ")}
    assert ours == set(contracts["root_packages"]) - {"config"} == layers
    assert ours | {"config"} == set(PROJECT["tool"]["coverage"]["run"]["source"])
