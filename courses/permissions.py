"""What a role may do in a cohort. Rights are named here once; `access.py` asks for them."""

from enum import StrEnum


class Permission(StrEnum):
    SEE_DRAFTS = "see drafts"
    SEE_STUDENTS = "see students"
    SET_DATES = "set dates"
    GRANT_EXTENSIONS = "grant extensions"
    TICK = "tick activities"
    ANNOUNCE = "write announcements"
    TALK = "post in the forum"
    MODERATE = "look after the forum"
    MARK = "mark work"
    # Also of what others marked, and to say how promises are counted.
    RELEASE = "release feedback"
    # To write to a student, and to be written to, where nobody else reads it …
    CHECK_IN = "check in with students"
    # … but for students who are minors: what others of the cohort write with them.
    READ_OF_MINORS = "read conversations with minors"
    DELETE_COHORT = "delete or archive the cohort"


GRANTS: dict[str, frozenset[Permission]] = {
    "student": frozenset({Permission.TALK}),
    "observer": frozenset(),
    "assistant": frozenset(
        {
            Permission.SEE_DRAFTS,
            Permission.SEE_STUDENTS,
            Permission.GRANT_EXTENSIONS,
            Permission.TICK,
            Permission.ANNOUNCE,
            Permission.TALK,
            Permission.MODERATE,
            Permission.MARK,
            Permission.CHECK_IN,
        }
    ),
    "teacher": frozenset(Permission),
}


def roles_with(permission: Permission) -> tuple[str, ...]:
    return tuple(role for role, granted in GRANTS.items() if permission in granted)


class Deletion(StrEnum):
    """How somebody who may write a course, or holds DELETE_COHORT, can delete: it depends on students' work in it."""

    AT_ONCE = "at once"
    AFTER_COUNTING = "after counting"  # typed in: how many students lose work
    ARCHIVE_ONLY = "archive only"


def deletion(*, holds_work: bool, is_admin: bool) -> Deletion:
    if not holds_work:
        return Deletion.AT_ONCE
    return Deletion.AFTER_COUNTING if is_admin else Deletion.ARCHIVE_ONLY


ROLES = tuple(GRANTS)
TEACHING = roles_with(Permission.SEE_STUDENTS)
SEEING_DRAFTS = roles_with(Permission.SEE_DRAFTS)
ANNOUNCING = roles_with(Permission.ANNOUNCE)
TALKING = roles_with(Permission.TALK)
MODERATING = roles_with(Permission.MODERATE)
MARKING = roles_with(Permission.MARK)
CHECKING_IN = roles_with(Permission.CHECK_IN)
READING_OF_MINORS = roles_with(Permission.READ_OF_MINORS)
RELEASING = roles_with(Permission.RELEASE)
