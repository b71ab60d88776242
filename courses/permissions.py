"""What a role may do in a cohort. Rights are named here once; `access.py` asks for them."""

from enum import StrEnum


class Permission(StrEnum):
    SEE_DRAFTS = "see drafts"
    SEE_STUDENTS = "see students"
    SET_DATES = "set dates"
    GRANT_EXTENSIONS = "grant extensions"
    TICK = "tick activities"


GRANTS: dict[str, frozenset[Permission]] = {
    "student": frozenset(),
    "observer": frozenset(),
    "assistant": frozenset(
        {Permission.SEE_DRAFTS, Permission.SEE_STUDENTS, Permission.GRANT_EXTENSIONS, Permission.TICK}
    ),
    "teacher": frozenset(Permission),
}


def roles_with(permission: Permission) -> tuple[str, ...]:
    return tuple(role for role, granted in GRANTS.items() if permission in granted)


ROLES = tuple(GRANTS)
TEACHING = roles_with(Permission.SEE_STUDENTS)
SEEING_DRAFTS = roles_with(Permission.SEE_DRAFTS)
