"""What student and teachers say to each other about feedback, in its place."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from common import richtext
from feedback.models import Comment, Remark, Submission
from feedback.services import texts
from feedback.services.marking import Refused

MOST_REMARKS = 100


@transaction.atomic
def answer(submission: Submission, key: UUID, source: str, *, by: User, comment: Comment | None = None) -> Remark:
    """Say something to the student; what comes twice with a key is said once. Raises Refused, and richtext.TooMuch."""
    Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)
    if found := Remark.objects.filter(author=by, key=key).first():
        return found
    if not source.strip():
        raise Refused(gettext("Write an answer first."))
    if len(source) > texts.LONGEST_COMMENT:
        raise Refused(gettext("An answer can have up to 5,000 characters."))
    if submission.remarks.count() >= MOST_REMARKS:
        raise Refused(gettext("There are 100 remarks here already. Write to the student instead."))
    return Remark.objects.create(
        submission=submission,
        comment=comment,
        author=by,
        key=key,
        source=source,
        html=texts.made(source),
        cleaned_by=richtext.VERSION,
    )
