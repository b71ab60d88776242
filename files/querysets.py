from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    pass


class FileQuerySet(models.QuerySet["File"]):
    def unclaimed_since(self, moment: datetime) -> "FileQuerySet":
        return self.filter(claimed_at=None, created_at__lt=moment)
