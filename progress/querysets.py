from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    pass


class CompletionQuerySet(models.QuerySet["Completion"]):
    def standing(self) -> "CompletionQuerySet":
        return self.filter(withdrawn_at=None)
