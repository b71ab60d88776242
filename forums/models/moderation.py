from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forums.models.talk import Post


class PostEdit(models.Model):
    """A post as it was before an edit."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="edits")
    source = models.TextField()
    title = models.CharField(max_length=200, blank=True, help_text="Of its thread, where this post opened it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)


class Report(models.Model):
    """That a reader finds a post not in order. Closed once a teacher has looked."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(_("what is wrong with it"), max_length=500)
    at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "by"], name="reported_once_by_each")]
        indexes = [models.Index(fields=["post"], condition=Q(closed_at=None), name="open_reports")]


class Unmasking(models.Model):
    """That a member of staff looked who wrote an anonymous post; its author sees that it was done."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="unmaskings")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
