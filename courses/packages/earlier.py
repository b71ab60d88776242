"""What an earlier import has kept whole, read again once there is a kind for it."""

from __future__ import annotations

from typing import Any, NamedTuple

from .audience import is_for_teaching
from .canvas import HIDDEN_STATES
from .draft import FOR_INSTRUCTORS, ItemDraft
from .markup import Element, MarkupError, attribute, parse_xml, text_at


class Kept(NamedTuple):
    """`raw` is what that of an `ItemDraft` holds."""

    identifier: str
    title: str
    raw: dict[str, Any]


def resource_of(kept: Kept) -> str:
    """The identifier of its resource, by which links name it."""
    found = element(kept.raw.get("resource", ""))
    return attribute(found, "identifier") if found is not None else ""


def settle_place(item: ItemDraft, raw: dict[str, Any]) -> None:
    """What Canvas's list of modules says of it, and for whom the package means it."""
    listed, resource = element(raw.get("module_item", "")), element(raw.get("resource", ""))
    if listed is not None and text_at(listed, "workflow_state") in HIDDEN_STATES:
        item.published = False
    if resource is not None and is_for_teaching(resource, raw.get("main", "")):
        item.held_back, item.published, item.required = FOR_INSTRUCTORS, False, False


def element(xml: str) -> Element | None:
    try:
        return parse_xml(xml.encode())[0] if xml else None
    except MarkupError:
        return None
