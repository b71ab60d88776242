"""Who spoke to a student, in words."""

from collections.abc import Iterable
from typing import NamedTuple

from django.utils.translation import gettext

from progress.models import Contact
from progress.slots import SPOKEN


class Spoken(NamedTuple):
    name: str
    did: str
    contact: Contact


def spoken(contacts: Iterable[Contact]) -> list[Spoken]:
    """Under the names by which classmates know each other."""
    return [Spoken(one.by.peer_name, str(SPOKEN.get(one.what) or gettext("wrote to you")), one) for one in contacts]
