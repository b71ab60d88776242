"""Under which name work stands before its marker: that of its student, or one that tells nothing."""

from base64 import b32encode
from datetime import datetime

from django.utils.crypto import salted_hmac
from django.utils.translation import gettext

from feedback.models import Submission
from feedback.selectors.queue import ToMark

SALT = "feedback.nameless"


def is_nameless(submission: Submission, now: datetime) -> bool:
    return is_kept(submission.activity.assignment.nameless, submission.release_at, now)


def is_kept(nameless: bool, release_at: datetime | None, now: datetime) -> bool:
    """Whether nobody who marks may know whose it is: until it is released, admins neither."""
    return nameless and (release_at is None or release_at > now)


def neutral(work: Submission | ToMark) -> str:
    """ "Work 3F2A": the same wherever it stands; another for the next attempt, whose student is known by then."""
    who = f"{work.enrolment_id}/{work.activity_id}/{work.attempt}"
    sign = b32encode(salted_hmac(SALT, who, algorithm="sha256").digest()).decode()[:4]
    return gettext("Work %(sign)s") % {"sign": sign}


def name_of(submission: Submission, now: datetime) -> str:
    return neutral(submission) if is_nameless(submission, now) else str(submission.enrolment.user)
