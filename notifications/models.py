from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notifications.querysets import NoticeQuerySet

# Both are whole hours of the reader's own clock.
QUIET_FROM, QUIET_HOURS, MOST_QUIET_HOURS = 20, 11, 14
USUAL_HOUR = 17
# Days before a date.
LEADS = (14, 7, 5, 3, 2, 1)


def usual_leads() -> list[int]:
    return [3, 1]


class Mailbox(models.Model):
    """How one person wants to be told, and how much they have not read: apart from the account, which every page reads
    and nothing here may lock."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mailbox")
    unread = models.PositiveIntegerField(default=0, db_default=0)
    quiet_from = models.PositiveSmallIntegerField(_("quiet from"), default=QUIET_FROM, db_default=QUIET_FROM)
    quiet_hours = models.PositiveSmallIntegerField(default=QUIET_HOURS, db_default=QUIET_HOURS)
    leads = ArrayField(models.PositiveSmallIntegerField(), default=usual_leads, help_text="Days before a date.")
    break_until = models.DateField(_("on a break until"), null=True, blank=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quiet_from__range=(0, 23)), name="quiet_from_an_hour"),
            models.CheckConstraint(condition=Q(quiet_hours__range=(0, MOST_QUIET_HOURS)), name="quiet_for_some_hours"),
        ]

    def break_on(self, today: date) -> date | None:
        """Until when the break lasts that they are on, that day included."""
        return self.break_until if self.break_until and self.break_until >= today else None


class Preference(models.Model):
    """What somebody chose for one kind, for good; where there is no row, the kind's own defaults hold."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=40)
    in_inbox = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, help_text="One of notifications.kinds.Cadence.")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind"], name="one_preference_per_kind")]


class Event(models.Model):
    """That something happened, written in its own transaction; a worker finds out who hears of it."""

    kind = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    context = models.BigIntegerField(default=0)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    values = models.JSONField(default=dict)
    happened_at = models.DateTimeField(default=timezone.now)
    not_before = models.DateTimeField(default=timezone.now, help_text="Later, where a burst is told as one.")
    spread_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "context"], condition=Q(spread_at=None), name="one_open_event"
            )
        ]
        indexes = [models.Index(fields=["not_before"], condition=Q(spread_at=None), name="event_to_spread")]


class Replan(models.Model):
    """That what is planned by has changed: plan before the next full hour. Rows, so that no two writers wait for each
    other; a planner deletes those that it saw."""

    asked_at = models.DateTimeField(default=timezone.now)


class Notice(models.Model):
    """One thing that one person is told, from the plan to what became of it (docs/adr/0023)."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        TOLD = "told", _("sent")
        SKIPPED = "skipped", _("skipped")
        HELD_OUT = "held out", _("held out")
        RETRACTED = "retracted", _("removed")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    context = models.BigIntegerField(default=0, help_text="The id of what it belongs to, such as a cohort.")
    lead = models.SmallIntegerField(default=0, help_text="Which of several about it, such as days before.")
    local_day = models.DateField(help_text="The day of sending in the person's own zone.")
    values = models.JSONField(default=dict, help_text="All that its words need.")
    not_before = models.DateTimeField()
    not_after = models.DateTimeField(null=True, blank=True)
    planned_at = models.DateTimeField(default=timezone.now)

    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=30, blank=True, default="", help_text="One of notifications.kinds.Reason.")
    settled_at = models.DateTimeField(null=True, blank=True, help_text="When it was told, skipped or held out.")
    in_inbox = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True, blank=True)

    mail_by = models.CharField(max_length=10, blank=True, default="", help_text="A Cadence; empty for no mail.")
    mail_after = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey("accounts.OutgoingMail", models.SET_NULL, null=True, blank=True, related_name="notices")
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_reason = models.CharField(max_length=30, blank=True, default="", help_text="Why it was not mailed.")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "person", "subject", "lead", "local_day"], name="told_once_a_day")
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(state="planned"), name="notice_to_tell"),
            models.Index(
                fields=["person", "-settled_at", "-id"],
                condition=Q(state="told", in_inbox=True),
                name="inbox_by_person",
            ),
            # What a page of an app says of one kind comes along with the account.
            models.Index(
                fields=["person", "kind"],
                condition=Q(state="told", in_inbox=True, read_at=None),
                include=["subject"],
                name="unread_by_kind",
            ),
            models.Index(fields=["mail_after"], condition=Q(mail_by="now", mail=None), name="notice_to_mail"),
            models.Index(
                fields=["person"], condition=Q(mail_by__in=["daily", "weekly"], mail=None), name="notice_for_a_digest"
            ),
            models.Index(fields=["settled_at"], name="notice_by_when_it_ended"),
        ]
