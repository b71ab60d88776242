"""What goes with work when what it belongs to is erased."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from feedback.models import PageImage, WorkFile
from files.models import File


@receiver(post_delete, sender=WorkFile)
@receiver(post_delete, sender=PageImage)
def file_goes_along(instance: WorkFile | PageImage, **_: Any) -> None:
    """Nothing else uses the bytes: they go after the commit, however the row went."""
    found = File.objects.filter(pk=instance.file_id).first()
    if found is not None:
        transaction.on_commit(partial(found.blob.storage.delete, found.blob.name))
        File.objects.filter(pk=instance.file_id).delete()
