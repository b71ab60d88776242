"""Whom a package means its things for: every way in which exporters keep something from students.

Common Cartridge names roles in the metadata of a resource, an item or a file, or a use that only teachers have. Content
packages hide an item. Canvas hides a page, a file or a folder in settings of its own.
"""

from __future__ import annotations

from .markup import Element, attribute, children, descendants, text_of

# The vocabularies of Common Cartridge (Learner, Instructor, Mentor), of LOM and of LTI, which may stand in a URN.
_TEACHING = {
    "instructor", "teacher", "mentor", "author", "manager", "administrator", "teachingassistant", "contentdeveloper",
    "faculty", "staff",
}  # fmt: skip
# IMS Common Cartridge 1.3, "intendeduse".
_TEACHERS_USE = ("lessonplan", "lesson plan", "answerkey", "answer key")


def is_for_instructors(element: Element) -> bool:
    """Of a <resource>, <item> or <file>: whether its metadata name roles, and none of them learns."""
    roles = {
        text_of(value).strip().lower().rpartition("/")[2].replace(" ", "")
        for metadata in children(element, "metadata")
        for role in descendants(metadata, "intendedenduserrole")
        for value in descendants(role, "value")
    }
    return bool(roles) and roles <= _TEACHING


def is_for_teaching(element: Element, main: str) -> bool:
    """Of a <resource> whose main file is `main`: the resource, or that file, is for instructors."""
    if is_for_instructors(element) or attribute(element, "intendeduse").lower() in _TEACHERS_USE:
        return True
    return any(is_for_instructors(file) for file in children(element, "file") if attribute(file, "href") == main)


def is_hidden(element: Element) -> bool:
    return attribute(element, "isvisible").lower() in ("false", "0")
