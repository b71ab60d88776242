from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, Reading


class Discussion(models.Model):
    """A discussion as a step of a course: what is discussed, and how much of it ticks; each cohort has a thread."""

    activity = models.OneToOneField(Activity, models.CASCADE, primary_key=True, related_name="discussion")
    format = models.CharField(
        _("format"), max_length=10, choices=Reading.Format.choices, default=Reading.Format.MARKDOWN
    )
    source = models.TextField(_("what to discuss"), blank=True)
    html = models.TextField(blank=True, help_text="As with readings.")
    cleaned_by = models.PositiveSmallIntegerField(default=0)
    posts_needed = models.PositiveSmallIntegerField(_("posts"), default=1)
    replies_needed = models.PositiveSmallIntegerField(_("replies to others"), default=0)
    own_first = models.BooleanField(_("students see others’ posts once they have written their own"), default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(posts_needed__lte=20, replies_needed__lte=20)
                & (Q(posts_needed__gt=0) | Q(replies_needed__gt=0)),
                name="discussion_asks_for_something",
            ),
        ]
