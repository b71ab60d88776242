"""What a package says of an assignment, as it is kept here."""

from typing import Any

from courses.packages.draft import ItemDraft
from feedback import criteria
from feedback.models import Assignment
from feedback.services import assignments


def chosen(item: ItemDraft) -> dict[str, Any]:
    """Fields of a new assignment, of those that the package knows of."""
    scale, most = Assignment.Scale(item.scale or Assignment.Scale.ENOUGH), criteria.number(item.most_points)
    if scale == Assignment.Scale.POINTS and most is None:
        scale = Assignment.Scale.ENOUGH
    taken = {f"takes_{one}": one in item.takes for one in ("text", "files", "links")} if item.takes else {}
    return {"scale": scale, "most_points": most, "nameless": item.nameless, **taken}


def bring_rubric(assignment: Assignment, item: ItemDraft) -> None:
    """The rubric of a package, unless somebody has written one here since."""
    standing = assignments.standing_rubric(assignment)
    if item.rubric and (standing is None or standing.made_by_id is None):
        assignments.write_rubric(assignment, criteria.from_plain(item.rubric), by=None)
