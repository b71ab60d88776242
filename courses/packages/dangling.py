"""Links to items that were promised to a page before they turned out to be unusable."""

from __future__ import annotations

import re

from . import reasons
from .draft import READING, CourseDraft, parse_reference
from .ledger import Ledger

_REFERENCE = re.compile(r' (?:href|src|data|poster|background|longdesc)="(package-item:[^"]*)"')


def drop_dangling(draft: CourseDraft, promised: set[str], ledger: Ledger) -> None:
    """Remove them, with a fault for each; their text stays."""
    dangling = promised - {item.identifier for item in draft.items()}
    if not dangling:
        return
    for item in draft.items():
        if item.kind == READING:
            item.html = _without(item.html, item.identifier, dangling, ledger)


def _without(html: str, where: str, dangling: set[str], ledger: Ledger) -> str:
    def replace(match: re.Match[str]) -> str:
        reference = parse_reference(match.group(1))
        if reference is None or reference.target not in dangling:
            return match.group(0)
        ledger.fault(where, reasons.broken_link(reference.target))
        return ""

    return _REFERENCE.sub(replace, html)
