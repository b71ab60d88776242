"""Where the drafts of students stand (`drafts.kinds`). Knows no model and no request."""

from uuid import UUID


def place_of(activity_id: int) -> str:
    """Of the draft of somebody's work."""
    return f"feedback/work/{activity_id}"


def place_of_change(submission_id: int) -> str:
    """Of what somebody will change."""
    return f"feedback/change/{submission_id}"


def place_of_question(submission_id: int, comment: UUID | None = None) -> str:
    """Of what somebody asks about feedback as a whole, or about one comment."""
    return f"feedback/ask/{submission_id}{f'/{comment}' if comment else ''}"
