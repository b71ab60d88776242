"""Links to items that were promised to a page before they turned out to be unusable, or only kept."""

from __future__ import annotations

import re

from . import reasons
from .draft import ASSIGNMENT, DISCUSSION, KEPT_KIND, READING, CourseDraft, ItemDraft, parse_reference
from .ledger import Ledger
from .reasons import Reason

_REFERENCE = re.compile(r' (?:href|src|data|poster|background|longdesc)="(package-item:[^"]*)"')


def settle_links(draft: CourseDraft, promised: set[str], ledger: Ledger) -> None:
    """Remove the links to what did not come, with a fault for each; their text stays.

    A link to what is kept for later keeps its target, and works once there is a lesson for it. The report counts both.
    """
    dangling = promised - {item.identifier for item in draft.items()}
    kept = promised & {item.identifier for item in draft.items() if item.kind == KEPT_KIND}
    if not dangling | kept:
        return
    lines = {line.identifier: line for line in ledger.lines if line.kind in (READING, DISCUSSION, ASSIGNMENT)}
    for item in draft.items():
        if not item.html:
            continue
        broken, waiting = _settle(item, dangling, kept, ledger)
        line = lines.get(item.identifier)
        if line is not None and broken + waiting:
            before = line.reason.values if line.reason and line.reason.code == "broken_links" else {}
            line.reason = _remark(int(before.get("count", 0)) + broken, waiting)


def _remark(broken: int, kept: int) -> Reason:
    if broken and kept:
        return reasons.broken_and_kept_links(broken, kept)
    return reasons.kept_links(kept) if kept else reasons.broken_links(broken)


def _settle(item: ItemDraft, dangling: set[str], kept: set[str], ledger: Ledger) -> tuple[int, int]:
    """How many of its links had to go, and how many lead to what is kept."""
    broken = waiting = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal broken, waiting
        reference = parse_reference(match.group(1))
        if reference is None or reference.target not in dangling:
            waiting += reference is not None and reference.target in kept
            return match.group(0)
        broken += 1
        ledger.fault(item.identifier, reasons.broken_link(reference.target))
        return ""

    item.html = _REFERENCE.sub(replace, item.html)
    return broken, waiting
