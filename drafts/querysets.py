from typing import TYPE_CHECKING

from django.db import models

from accounts.models import User

if TYPE_CHECKING:
    pass


class DraftQuerySet(models.QuerySet["Draft"]):
    def of(self, person: User) -> "DraftQuerySet":
        return self.filter(person=person)

    def open(self) -> "DraftQuerySet":
        """Neither sent nor discarded."""
        return self.filter(sent_at=None, discarded_at=None)

    def shown_to(self, person: User) -> "DraftQuerySet":
        """What waits for its writer to go on with it."""
        return self.of(person).open().exclude(excerpt="", files=[])
