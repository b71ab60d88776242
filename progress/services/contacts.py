"""Who was spoken to, by whom and when: pushed down by the apps in which people talk, as ticks are."""

from collections.abc import Mapping
from datetime import datetime

from progress.models import Contact

REPLY, MENTION, ANSWER, ACCEPTED, ENDORSED = "reply", "mention", "answer", "accepted", "endorsed"
MESSAGE = "message"


def push(cohort_id: int, by_id: int, spoken: Mapping[int, str], *, subject: str, at: datetime) -> None:
    """`spoken` is what was done, by the key of whom it spoke to. Pushed twice, it is one contact.

    `subject` names what it was done with in the words of the app that pushes it, such as "post 12".
    """
    Contact.objects.bulk_create(
        [
            Contact(cohort_id=cohort_id, by_id=by_id, person_id=person, what=what, subject=subject, at=at)
            for person, what in sorted(spoken.items())
        ],
        ignore_conflicts=True,
    )
