"""An assignment: what is asked, in which form work comes and how it is judged, as Canvas and the assignment extension
of Common Cartridge 1.3 say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import limits, reasons, rubrics
from .canvas import HIDDEN_STATES
from .draft import ASSIGNMENT, ItemDraft
from .earlier import Kept, settle_place
from .links import Linker
from .markup import Element, MarkupError, attribute, child, descendants, local, parse_xml, text_at
from .names import folder_of, is_page
from .pages import read_page
from .reasons import Reason
from .rubrics import Rubric
from .text import clean
from .topics import DATES, Topic, markup_of

SETTINGS_FILE = "assignment_settings.xml"
# Canvas's words for what students send, and those of the extension.
_TAKES = {
    "online_text_entry": "text",
    "online_upload": "files",
    "online_url": "links",
    "media_recording": "files",
    "student_annotation": "files",
    "html": "text",
    "text": "text",
    "file": "files",
    "url": "links",
}
# Taken in by something else, under the kind of which it is kept.
_ELSEWHERE = {"external_tool": "lti", "online_quiz": "quiz"}
_LETTERS = ("letter_grade", "gpa_scale", "percent")


@dataclass
class Asked:
    text: Topic = field(default_factory=Topic)
    takes: list[str] = field(default_factory=list)
    scale: str = "enough"
    most_points: str = ""
    nameless: bool = False
    published: bool = True
    rubric: str = ""  # its identifier
    hides_points: bool = False
    elsewhere: str = ""  # the kind under which it is kept, where something else takes the work in
    said: list[Reason] = field(default_factory=list)  # for the report


def read_asked(root: Element) -> Asked:
    """Raises MarkupError where there is no assignment."""
    node = root if local(root) == "assignment" else next(descendants(root, "assignment"), None)
    if node is None:
        raise MarkupError(reasons.NO_CONTENT)
    attached = [
        attribute(one, "href")
        for one in descendants(node, "attachment")
        if attribute(one, "role").lower() not in ("instructor", "instructors")
    ]
    asked = Asked(
        Topic(
            clean(text_at(node, "title")),
            markup_of(child(node, "text")),
            [one for one in attached if one][: limits.MAX_COMPANIONS],
        )
    )
    inner = child(node, "extensions", "assignment")
    own = node if inner is None else inner
    _settle_what_is_taken(asked, node, own)
    _settle_scale(asked, node, own)
    asked.published = text_at(own, "workflow_state") not in HIDDEN_STATES
    asked.nameless = text_at(own, "anonymous_grading") == "true"
    asked.rubric = text_at(own, "rubric_identifierref")
    asked.hides_points = text_at(own, "rubric_hide_points") == "true"
    _say_what_stays_behind(asked, node, own)
    return asked


def _settle_what_is_taken(asked: Asked, node: Element, own: Element) -> None:
    named = [one.strip() for one in text_at(own, "submission_types").split(",")]
    formats = child(node, "submission_formats")
    named += [attribute(one, "type") for one in descendants(formats, "format")] if formats is not None else []
    asked.elsewhere = next((_ELSEWHERE[one] for one in named if one in _ELSEWHERE), "")
    asked.takes = list(dict.fromkeys(_TAKES[one] for one in named if one in _TAKES))
    if not asked.takes:
        asked.takes = ["text", "files"]
        asked.said.append(reasons.NOTHING_ONLINE)


def _settle_scale(asked: Asked, node: Element, own: Element) -> None:
    gradable = child(node, "gradable")
    given = attribute(gradable, "points_possible") if gradable is not None else ""
    points = rubrics.number(text_at(own, "points_possible") or given)
    grading = text_at(own, "grading_type")
    if grading == "not_graded" or (not grading and text_at(node, "gradable") == "false"):
        asked.scale = "none"
    elif grading != "pass_fail" and points not in ("", "0"):
        asked.scale, asked.most_points = "points", points
        if grading in _LETTERS:
            asked.said.append(reasons.LETTERS_LEFT)


def _say_what_stays_behind(asked: Asked, node: Element, own: Element) -> None:
    if any(text_at(own, name) for name in DATES) or child(own, "assignment_overrides") is not None:
        asked.said.append(reasons.DATES_LEFT)
    if text_at(own, "peer_reviews") == "true":
        asked.said.append(reasons.PEER_REVIEWS_LEFT)
    if text_at(own, "group_category") or text_at(own, "has_group_category") == "true":
        asked.said.append(reasons.GROUPS_LEFT)
    if text_at(own, "allowed_extensions"):
        asked.said.append(reasons.TYPES_LEFT)
    if text_at(node, "instructor_text"):
        asked.said.append(reasons.TEACHERS_TEXT_LEFT)


def settle(item: ItemDraft, asked: Asked, known: Mapping[str, Rubric]) -> None:
    item.takes, item.scale, item.most_points = asked.takes, asked.scale, asked.most_points
    item.nameless, item.published = asked.nameless, item.published and asked.published
    rubric = known.get(asked.rubric)
    if rubric is not None:
        item.rubric = rubrics.without_points(rubric) if asked.hides_points else rubric.criteria
        asked.said.append(reasons.RUBRIC_CUT if rubric.is_cut else reasons.rubric_came(len(rubric.criteria)))
    elif asked.rubric:
        asked.said.append(reasons.RUBRIC_MISSING)


# --- what an earlier import has kept ------------------------------------------------------------


def read_kept(kept: Kept, linker: Linker, known: Mapping[str, Rubric]) -> ItemDraft:
    """Raises Refused where it is damaged, or was too large to be kept inside; None is what another kind takes in."""
    item = ItemDraft(kept.identifier, kept.title, ASSIGNMENT)
    main, files = kept.raw.get("main", ""), kept.raw["files"]
    settings = next((path for path in files if path.endswith(SETTINGS_FILE)), "")
    found = files.get(settings or main) if settings or main else kept.raw.get("resource", "")
    if not isinstance(found, str):
        raise MarkupError(reasons.missing_file(settings or main))
    asked = read_asked(parse_xml(found.encode())[0])
    if asked.elsewhere:
        item.kind, item.kept_kind = "kept", asked.elsewhere
        return item
    page = files.get(main) if settings and is_page(main) else None
    data = ("\ufeff" + page).encode() if isinstance(page, str) else asked.text.page()
    folder = folder_of(main)
    item.html = read_page(data, lambda url: linker.resolve(url, folder)).html
    settle(item, asked, known)
    settle_place(item, kept.raw)
    return item


def rubrics_of(kept: Mapping[str, object]) -> dict[str, Rubric]:
    """Of the files of course settings that were kept."""
    for path, text in kept.items():
        if path.endswith("course_settings/rubrics.xml") and isinstance(text, str):
            try:
                return rubrics.read_rubrics(parse_xml(text.encode())[0])
            except MarkupError:
                return {}
    return {}
