"""Under which name work stands before its marker: that of its student, or one that tells nothing."""

from base64 import b32encode
from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from feedback.models import Submission

SALT = "feedback.nameless"


def is_nameless(submission: Submission, now: datetime) -> bool:
    """Whether nobody who marks may know whose it is: until it is released, admins neither."""
    hidden = submission.release_at is None or submission.release_at > now
    return submission.activity.assignment.nameless and hidden


def neutral(submission: Submission) -> str:
    """ "Work 3F2A": the same wherever it stands; another for the next attempt, whose student is known by then."""
    who = f"{submission.enrolment_id}/{submission.activity_id}/{submission.attempt}"
    sign = b32encode(salted_hmac(SALT, who, algorithm="sha256").digest()).decode()[:4]
    return gettext("Work %(sign)s") % {"sign": sign}


def name_of(submission: Submission, now: datetime) -> str:
    return neutral(submission) if is_nameless(submission, now) else str(submission.enrolment.user)
