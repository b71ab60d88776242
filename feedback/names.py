"""Where drafts stand that several modules name (`drafts.kinds`). Knows no model and no request."""

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


def place_of_talk(conversation_id: int) -> str:
    """Of what somebody writes in a conversation."""
    return f"feedback/talk/{conversation_id}"


def place_of_word(enrolment_id: int) -> str:
    """Of what a student writes who asks for a word."""
    return f"feedback/word/{enrolment_id}"


def place_of_line(asked_id: int) -> str:
    """Of the line in which a student answers a check-in."""
    return f"feedback/line/{asked_id}"


def place_of_check_in(cohort_id: int) -> str:
    return f"feedback/check-in/{cohort_id}"


def place_of_regular(cohort_id: int) -> str:
    return f"feedback/regular/{cohort_id}"


def line_name(enrolment: int) -> str:
    """The name of the field for the line that a teacher adds to a check-in for one student."""
    return f"line-{enrolment}"
