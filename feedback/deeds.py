"""What can be taken back of work and feedback."""

from uuid import UUID

from django.utils.translation import gettext

from accounts.models import User
from common.undo import CannotUndo, deed
from courses.models import Course
from courses.work import HOLDERS
from feedback import access
from feedback.selectors.held import held
from feedback.services import comments
from feedback.services.marking import Refused

HOLDERS.append(held)


@deed("comment deleted")
def comment_deleted(viewer: User, submission: int, key: str) -> str:
    found, _ = access.marked_submission(viewer, submission)
    if not comments.restore(found, UUID(key)):
        raise CannotUndo(gettext("This comment is back already, or the work has been sent again."))
    return gettext("The comment is back.")


@deed("bank comment deleted")
def bank_comment_deleted(viewer: User, source: str, course: int | None) -> str:
    try:
        comments.keep(source, by=viewer, course=Course.objects.filter(pk=course).first() if course else None)
    except Refused as refusal:
        raise CannotUndo(refusal.args[0]) from refusal
    return gettext("It is in your bank again.")
