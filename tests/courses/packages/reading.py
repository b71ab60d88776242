"""What the tests of the package reader share: reading, and the accounting that must always hold."""

from __future__ import annotations

from collections.abc import Set
from pathlib import Path
from typing import BinaryIO

from courses.packages import CourseDraft, ItemDraft, Line, PackageError, read_package
from courses.packages.archive import Archive
from courses.packages.canvas import read_canvas
from courses.packages.foreign import find_manifest
from courses.packages.manifest import Node, read_manifest
from courses.services.package_words import in_words


def draft_of(source: Path | BinaryIO, makes: Set[str] = frozenset({"assignment", "discussion"})) -> CourseDraft:
    with read_package(source, words=in_words, makes=makes) as package:
        return package.draft


def refusal(source: Path | BinaryIO) -> str:
    """The sentence with which a package is refused; fails if it is read."""
    try:
        draft = draft_of(source)
    except PackageError as error:
        return in_words(error.reason)
    raise AssertionError(f"It was read: {draft.title}")


def the_item(draft: CourseDraft, title: str) -> ItemDraft:
    found = [item for item in draft.items() if item.title == title]
    assert len(found) == 1, [item.title for item in draft.items()]
    return found[0]


def the_line(draft: CourseDraft, title: str) -> Line:
    found = [line for line in draft.lines if line.title == title]
    assert len(found) == 1, [line.title for line in draft.lines]
    return found[0]


def messages(draft: CourseDraft) -> str:
    return "\n".join(f"{fault.where}: {in_words(fault.message)}" for fault in draft.faults)


def expected_coverage(source: Path | BinaryIO) -> set[str]:
    """Everything that a report has to answer for, counted without the code that reports."""
    archive = Archive(source)
    try:
        manifest = read_manifest(archive, find_manifest(archive))
        canvas = read_canvas(archive)
        expected = {f"file:{path}" for path in archive.paths}
        expected |= {f"older copy:{path}" for path in archive.older_copies}
        expected |= {f"resource:{key}" for key in manifest.resources}
        nodes: list[Node] = [node for nodes in manifest.roots for node in nodes]
        while nodes:
            node = nodes.pop()
            expected.add(f"item:{node.identifier}")
            nodes += node.children
        for plan in canvas.plans:
            expected.add(f"canvas:{plan.identifier}")
            expected |= {f"canvas:{entry.identifier}" for entry in plan.entries}
        return expected
    finally:
        archive.close()


def assert_accounted(draft: CourseDraft, source: Path | BinaryIO) -> None:
    covered = [key for line in draft.lines for key in line.covers]
    assert len(covered) == len(set(covered)), "something is answered for twice"
    assert set(covered) == expected_coverage(source)
    identifiers = [item.identifier for item in draft.items()]
    assert len(identifiers) == len(set(identifiers)), "an identifier is given twice"
    outcomes = {"imported", "kept", "left out"}
    assert all(line.outcome in outcomes and line.title for line in draft.lines)
    assert all(line.reason for line in draft.lines if line.outcome == "left out")
    lines = [line for line in draft.lines if line.kind != "module"]
    by_identifier = {line.identifier: line.outcome for line in lines}
    assert len(by_identifier) == len(lines), "two lines have the same identifier"
    for item in draft.items():
        expected = "kept" if item.kind == "kept" else "imported"
        assert by_identifier[item.identifier] == expected
