import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from drafts.fields import LONGEST_BASE, LONGEST_PLACE
from drafts.querysets import DraftQuerySet

LONGEST_EXCERPT = 200


class Draft(models.Model):
    """A text that somebody is writing at a place, until it is sent and for a while after.

    A place is opaque here, such as "forums/thread/12/reply"; there is one draft of each person at each.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # `one_draft_at_a_place` begins with it.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", db_index=False)
    place = models.CharField(max_length=LONGEST_PLACE)
    key = models.UUIDField(help_text="Of the sending that it is for: what is sent twice with it is sent once.")
    revision = models.PositiveBigIntegerField(
        help_text="Counts what was accepted, from the second in which the row was made: a number never comes again."
    )
    writer = models.UUIDField(help_text="The opening of a form that wrote last.")
    seq = models.PositiveBigIntegerField(help_text="That writer's own count.")
    fields = models.JSONField(default=dict, help_text="Texts by the name of their field.")
    choices = models.JSONField(default=dict, help_text="What is ticked and chosen beside them, likewise.")
    files = ArrayField(models.UUIDField(), default=list, help_text="Files that it names, which live as long as it.")
    base = models.CharField(max_length=LONGEST_BASE, blank=True, help_text="What it was started over; opaque here.")
    size = models.PositiveIntegerField(default=0, help_text="Characters in all.")
    excerpt = models.CharField(max_length=LONGEST_EXCERPT, blank=True, help_text="Empty where no text has a word.")
    saved_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "place"], name="one_draft_at_a_place"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(discarded_at=None), name="draft_ends_in_one_way"
            ),
        ]

    @property
    def is_closed(self) -> bool:
        """Whether it was sent or discarded: nobody is writing at it."""
        return self.sent_at is not None or self.discarded_at is not None

    @property
    def is_blank(self) -> bool:
        return not (self.excerpt or self.files)
