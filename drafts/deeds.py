from uuid import UUID

from django.utils.translation import gettext

from accounts.models import User
from common.undo import CannotUndo, deed
from drafts import services


@deed("draft discarded")
def draft_discarded(viewer: User, key: str, revision: int) -> str:
    if not services.restore(viewer, UUID(key), revision):
        raise CannotUndo(gettext("You have written something else there since, or it has been erased."))
    return gettext("Your text is back.")
