"""What a resource is for us, told from its type, else from what it holds."""

from __future__ import annotations

from . import names
from .draft import ASSIGNMENT, DISCUSSION, FILE, KEPT_KIND, LINK, READING
from .manifest import Resource
from .markup import local

# By what the type contains, the more particular first.
_TYPES = (
    ("imswl", LINK, ""),
    ("imsdt", KEPT_KIND, "discussion"),
    ("question-bank", KEPT_KIND, "question-bank"),
    ("imsqti", KEPT_KIND, "quiz"),
    ("imsbasiclti", KEPT_KIND, "lti"),
    ("imslti", KEPT_KIND, "lti"),
    ("assignment", KEPT_KIND, "assignment"),
)
_INLINE = {
    "weblink": (LINK, ""),
    "topic": (KEPT_KIND, "discussion"),
    "questestinterop": (KEPT_KIND, "quiz"),
    "cartridge_basiclti_link": (KEPT_KIND, "lti"),
    "assignment": (KEPT_KIND, "assignment"),
}
_CONTENT = ("webcontent", "text/html", "file", "associatedcontent", "learning-application-resource")
# Data that some system reads, not a student: kept whole rather than offered for download.
_DATA = ("xml", "qti", "json", "dat")

# Canvas's content types, for items whose resource the package lacks.
CANVAS_KEPT = {
    "contextexternaltool": "lti",
    "assignment": "assignment",
    "quizzes::quiz": "quiz",
    "discussiontopic": "discussion",
}


# Canvas writes its announcements as topics.
ANNOUNCEMENT = "announcement"
# Kinds that are read as such where the caller has them, and kept whole where not.
READABLE = (DISCUSSION, ASSIGNMENT)
# Those of which links name a resource, and that companions of a resource belong to.
THINGS = (*READABLE, KEPT_KIND)


def classify(resource: Resource, base: str) -> tuple[str, str]:
    """The item kind, and the kept kind where the item is only kept."""
    if is_settings(resource, base):
        return KEPT_KIND, "unknown"
    for mark, kind, kept in _TYPES:
        if mark in resource.type:
            return kind, kept
    files = [path.rpartition("/")[2].lower() for path in resource.files]
    if "assignment_settings.xml" in files:
        return KEPT_KIND, "assignment"
    if any(name.endswith(".xml.qti") for name in files):
        return KEPT_KIND, "question-bank"
    if resource.inline is not None and local(resource.inline) in _INLINE:
        return _INLINE[local(resource.inline)]
    main = resource.main or resource.named_main.partition("?")[0]
    is_content = not resource.type or any(mark in resource.type for mark in _CONTENT)
    if is_content and names.is_page(main):
        return READING, ""
    is_web = "webcontent" in resource.type
    if is_content and main and (is_web or names.extension(main) not in _DATA):
        return FILE, ""
    if is_web:
        return FILE, ""
    return KEPT_KIND, "unknown"


def is_own_item(resource: Resource) -> bool:
    """Whether it stays an item of its own although another kept thing depends on it.

    Canvas puts a quiz's settings and full questions into a resource that the quiz depends on.
    """
    typed = any(mark in resource.type for mark, _, _ in _TYPES)
    return typed or any(path.endswith("/assignment_settings.xml") for path in resource.files)


def is_settings(resource: Resource, base: str) -> bool:
    """Canvas's course_settings/, which is about the course and no item of it."""
    folder = f"{base}course_settings/"
    return bool(resource.files) and all(path.startswith(folder) and not names.is_page(path) for path in resource.files)


def is_syllabus(resource: Resource) -> bool:
    by_name = resource.main.endswith("course_settings/syllabus.html")
    return by_name or (resource.intended_use == "syllabus" and names.is_page(resource.main))


def is_wiki_page(resource: Resource, base: str) -> bool:
    return resource.main.startswith(f"{base}wiki_content/") and names.is_page(resource.main)
