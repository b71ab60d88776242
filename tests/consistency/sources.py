"""The project as it is read here: text and syntax, by path from the root."""

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
APPS: list[str] = PROJECT["tool"]["importlinter"]["root_packages"]


def read(folder: str, *patterns: str) -> dict[str, str]:
    """Path from the root, and text, of every file under a folder."""
    found = {path for pattern in patterns for path in (ROOT / folder).rglob(pattern) if "__pycache__" not in path.parts}
    return {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in sorted(found)}


def python(*folders: str) -> dict[str, str]:
    found = {name: text for folder in folders for name, text in read(folder, "*.py").items()}
    return {name: text for name, text in found.items() if "/migrations/" not in name}


TEMPLATES = {name.removeprefix("templates/"): text for name, text in read("templates", "*.html", "*.txt").items()}
SOURCE = python(*APPS, "tools")
TREES = {name: ast.parse(text) for name, text in SOURCE.items()}
PAGES = {name: (ROOT / name).read_text("utf-8") for name in ["README.md", *read("docs", "*.md")]}
ADRS = {name: text for name, text in PAGES.items() if name.startswith("docs/adr/")}


def listed(faults: list[str], what_to_do: str) -> str:
    return "\n".join([f"{what_to_do}:", *(f"  {fault}" for fault in faults)])
