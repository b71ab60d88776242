"""What follows here from what happens below: rows that go with others, and dates that move with a calendar."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from courses.services import calendars
from files import services as files
from files.models import File
from forums.models import PostFile
from forums.services import waiting


@receiver(post_delete, sender=PostFile)
def file_goes_along(instance: PostFile, **_: Any) -> None:
    """Nothing else uses the bytes: they go after the commit, however the row went."""
    files.delete(list(File.objects.filter(pk=instance.pk)))


@receiver(calendars.CHANGED)
def answers_are_due_by_the_new_calendar(cohorts: list[int], **_: Any) -> None:
    waiting.count_again(cohorts)
