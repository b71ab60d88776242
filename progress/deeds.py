"""What students can take back, and what they did as deletion counts it."""

from django.utils.translation import gettext

from accounts.models import User
from common.undo import CannotUndo, deed
from courses.work import HOLDERS
from progress.models import Note
from progress.selectors.work import held
from progress.services import notes

HOLDERS.append(held)


@deed("note deleted")
def note_deleted(viewer: User, key: str) -> str:
    note = Note.objects.of(viewer).filter(pk=key).first()
    if note is None:
        raise CannotUndo(gettext("This note has been erased."))
    try:
        notes.restore(note)
    except notes.Full as full:
        raise CannotUndo(str(full)) from None
    return gettext("Note restored.")
