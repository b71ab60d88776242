import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from files.querysets import FileQuerySet


def blob_name(file: "File", name: str) -> str:
    """Where the bytes lie: never the name that somebody typed, and spread over folders."""
    return f"{file.pk.hex[:2]}/{file.pk.hex}"


class File(models.Model):
    """Bytes that somebody brought, with the name they had. Who may read it is decided by the row that uses it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    blob = models.FileField(upload_to=blob_name, max_length=200)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    content_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="Unclaimed files are uploads that led nowhere.")

    objects = FileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["created_at"], condition=models.Q(claimed_at=None), name="unclaimed_files"),
        ]

    def __str__(self) -> str:
        return self.name
