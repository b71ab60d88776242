"""What can be taken back in a forum."""

from django.utils.translation import gettext

from accounts.models import User
from common.undo import CannotUndo, deed
from courses.access import studied_activity
from courses.work import HOLDERS
from forums import access
from forums.selectors.work import held
from forums.services import lost, talk

HOLDERS.append(held)


@deed("post deleted")
def post_deleted(viewer: User, key: int) -> str:
    post, standing = access.removable_post(viewer, key)
    if post.deleted_by_id != viewer.pk and not standing.moderates:
        raise CannotUndo(gettext("A teacher deleted this post."))
    if not talk.restore(post):
        raise CannotUndo(gettext("This post is back already, or its text has been erased."))
    return gettext("Your post is back.") if post.author_id == viewer.pk else gettext("The post is back.")


@deed("lost here")
def lost_here(viewer: User, activity: int, second: int) -> str:
    found, student = studied_activity(viewer, activity)
    lost.take_back(student, found, second)
    return gettext("Removed.")
