"""A discussion topic: what is to be discussed, and what Canvas's settings beside it say."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from lxml import etree

from . import limits, reasons
from .canvas import HIDDEN_STATES
from .draft import DISCUSSION, ItemDraft
from .earlier import Kept, settle_place
from .links import Linker
from .markup import Element, MarkupError, attribute, child, descendants, local, parse_xml, text_at, text_of
from .names import folder_of
from .pages import read_page
from .reasons import Reason
from .text import clean

# What Canvas calls the days of an assignment, also of one that is a discussion.
DATES = ("due_at", "lock_at", "unlock_at", "peer_reviews_due_at")
# Canvas's word for a topic that opens on a later day.
_DELAYED = "post_delayed"
_GAP = re.compile(r"\n\s*\n")


@dataclass
class Topic:
    title: str = ""
    html: str = ""  # as found
    attached: list[str] = field(default_factory=list)

    def page(self) -> bytes:
        links = (f'<p><a href="{html.escape(one)}">{html.escape(_file_name(one))}</a></p>' for one in self.attached)
        # A sign for the encoding: whatever the text says of one was true of another file.
        return ("\ufeff" + self.html + "".join(links)).encode("utf-8", "replace")


@dataclass
class Settings:
    """`is_announcement`: Canvas writes its announcements as topics too."""

    title: str = ""
    published: bool = True
    own_first: bool = False
    is_announcement: bool = False
    said: list[Reason] = field(default_factory=list)  # what the report says of it


def read_topic(root: Element) -> Topic:
    """Raises MarkupError where there is none."""
    topic = next(descendants(root, "topic"), None)
    if topic is None:
        raise MarkupError(reasons.NO_CONTENT)
    text = child(topic, "text")
    attached = [attribute(one, "href") for one in descendants(topic, "attachment")]
    return Topic(
        clean(text_at(topic, "title")), markup_of(text), [one for one in attached if one][: limits.MAX_COMPANIONS]
    )


def read_settings(root: Element) -> Settings | None:
    """None for a file about something else."""
    if local(root) != "topicmeta":
        return None
    return Settings(
        title=clean(text_at(root, "title")),
        published=text_at(root, "workflow_state") not in (*HIDDEN_STATES, _DELAYED),
        own_first=text_at(root, "require_initial_post") == "true",
        is_announcement=text_at(root, "type") == "announcement",
        said=_left_behind(root, child(root, "assignment")),
    )


def _left_behind(root: Element, assignment: Element | None) -> list[Reason]:
    said = []
    if assignment is not None and text_at(assignment, "grading_type") != "not_graded":
        said.append(reasons.MARKS_LEFT)
    if any(text_at(one, name) for one in (root, assignment) if one is not None for name in DATES):
        said.append(reasons.DATES_LEFT)
    if assignment is not None and text_at(assignment, "peer_reviews") == "true":
        said.append(reasons.PEER_REVIEWS_LEFT)
    return said


def settle(item: ItemDraft, settings: Settings) -> None:
    item.own_first, item.published = settings.own_first, item.published and settings.published


def markup_of(text: Element | None) -> str:
    if text is None:
        return ""
    if attribute(text, "texttype").lower() == "text/plain":
        paragraphs = (html.escape(one.strip()) for one in _GAP.split(text_of(text).replace("\r\n", "\n")))
        return "".join(f"<p>{one}</p>" for one in paragraphs if one).replace("\n", "<br>")
    if len(text):  # markup that nobody escaped
        inside = (str(etree.tostring(one, encoding="unicode", method="html")) for one in text)
        return html.escape(str(text.text or ""), quote=False) + "".join(inside)
    return text_of(text)


def _file_name(address: str) -> str:
    return unquote(address.partition("?")[0]).rpartition("/")[2] or address


# --- what an earlier import has kept ------------------------------------------------------------


def is_announcement(kept: Kept) -> bool:
    return any(one.is_announcement for one in _settings(kept.raw["files"]))


def read_kept(kept: Kept, linker: Linker) -> ItemDraft:
    """What `raw` of an `ItemDraft` holds. Raises Refused where it is damaged, or was too large to be kept inside."""
    item = ItemDraft(kept.identifier, kept.title, DISCUSSION)
    main = kept.raw.get("main", "")
    text = kept.raw["files"].get(main) if main else kept.raw.get("resource", "")
    if not isinstance(text, str):
        raise MarkupError(reasons.missing_file(main))
    topic = read_topic(parse_xml(text.encode())[0])
    folder = folder_of(main)
    item.html = read_page(topic.page(), lambda url: linker.resolve(url, folder)).html
    settle(item, next(_settings(kept.raw["files"]), Settings()))
    settle_place(item, kept.raw)
    return item


def _settings(files: dict[str, Any]) -> Iterator[Settings]:
    for text in files.values():
        if isinstance(text, str) and "topicMeta" in text[:2_000]:
            try:
                found = read_settings(parse_xml(text.encode())[0])
            except MarkupError:
                continue
            if found is not None:
                yield found
