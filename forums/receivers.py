"""What goes with rows of a forum when what they belong to is erased."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from files.models import File
from forums.models import PostFile


@receiver(post_delete, sender=PostFile)
def file_goes_along(instance: PostFile, **_: Any) -> None:
    """Nothing else uses the bytes: they go after the commit, however the row went."""
    found = File.objects.filter(pk=instance.pk).first()
    if found is not None:
        transaction.on_commit(partial(found.blob.storage.delete, found.blob.name))
        File.objects.filter(pk=instance.pk).delete()
