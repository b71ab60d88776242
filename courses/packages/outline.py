"""The table of contents as flat modules: what stands where, under which heading.

Two sources make the same plan: the manifest's tree of items (here) and Canvas's own list of
modules (`canvas.py`), which also knows what is unpublished.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import limits
from .manifest import Manifest, Node
from .markup import Element
from .text import clean

# Roots that exporters name although the specification wants a root without a title.
_ROOTS = {"learningmodules", "root", "i_1"}


@dataclass
class Entry:
    """A place in a module: an item to convert, or a heading that only names what follows."""

    identifier: str
    title: str
    covers: list[str]
    ref: str = ""
    heading: str = ""
    is_heading: bool = False
    published: bool = True
    for_instructors: bool = False
    required: bool = True
    kind: str = ""  # Canvas's content type
    url: str = ""  # Canvas only
    element: Element | None = None  # Canvas's own description of the item


@dataclass
class Plan:
    """A module before its items are converted."""

    identifier: str
    title: str
    covers: list[str] = field(default_factory=list)
    published: bool = True
    entries: list[Entry] = field(default_factory=list)


def plan_from_manifest(manifest: Manifest, course_title: str) -> tuple[list[Plan], list[Node]]:
    """The modules, and the root items that were unwrapped because they are the course itself."""
    plans: list[Plan] = []
    wrappers: list[Node] = []
    for nodes in manifest.roots:
        if len(nodes) == 1 and _is_wrapper(nodes[0], course_title):
            wrappers.append(nodes[0])
            nodes = nodes[0].children
        plans += _modules(nodes, course_title)
    return plans, wrappers


def _is_wrapper(node: Node, course_title: str) -> bool:
    """Whether the only root item is the course, not a module."""
    if node.ref:
        return False
    if not node.title or node.identifier.lower() in _ROOTS or node.title == course_title:
        return True
    return any(grandchild.children for grandchild in node.children)


def _modules(nodes: list[Node], course_title: str) -> list[Plan]:
    """Folders become modules; items between them form modules of their own."""
    plans: list[Plan] = []
    run: list[Node] = []
    is_mixed = any(_is_folder(node) for node in nodes)
    for node in nodes:
        if _is_folder(node) or (is_mixed and not node.ref):
            plans += _run_of_leaves(run, course_title, is_mixed)
            run = []
            plans.append(_module(node))
        else:
            run.append(node)
    return plans + _run_of_leaves(run, course_title, is_mixed)


def _is_folder(node: Node) -> bool:
    return bool(node.children)


def _run_of_leaves(run: list[Node], course_title: str, is_mixed: bool) -> list[Plan]:
    if not run:
        return []
    if not is_mixed and not any(node.ref for node in run):
        return [_module(node) for node in run]  # only empty modules: a skeleton of a course
    title = run[0].title if is_mixed and len(run) == 1 else course_title
    plan = Plan(f"module-{run[0].identifier}", title)
    _fill(plan, run, [])
    return [plan]


def _module(node: Node) -> Plan:
    plan = Plan(node.identifier, node.title, [f"item:{node.identifier}"], published=not node.is_hidden)
    if node.ref:  # a module that opens a page itself
        plan.entries.append(Entry(node.identifier, node.title, [], node.ref, for_instructors=node.for_instructors))
    _fill(plan, node.children, [], for_instructors=node.for_instructors)
    return plan


def _fill(
    plan: Plan, nodes: list[Node], folders: list[str], *, for_instructors: bool = False, is_hidden: bool = False
) -> None:
    """Flatten a folder. An item that opens nothing is a text header for those after it.

    What a folder is for, and that it is hidden, holds for all that is in it.
    """
    under = list(folders)
    for node in nodes:
        entry = Entry(node.identifier, node.title, [f"item:{node.identifier}"], node.ref)
        entry.heading = heading_text(under)
        entry.is_heading = not node.ref
        entry.for_instructors = for_instructors or node.for_instructors
        entry.published = not (is_hidden or node.is_hidden)
        plan.entries.append(entry)
        if entry.is_heading and not node.children:
            under = [*folders, node.title]
        if node.children:
            _fill(
                plan,
                node.children,
                [*folders, node.title],
                for_instructors=entry.for_instructors,
                is_hidden=not entry.published,
            )


def heading_text(names: list[str]) -> str:
    """The first of `names`, as many as a heading has room for."""
    shown, room = [], limits.MAX_HEADING
    for name in names:
        if name and room >= 0:
            shown.append(name)
            room -= len(name)
    return clean(" / ".join(shown), limits.MAX_HEADING)
