from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Cohort, Enrolment
from feedback.querysets import AskedQuerySet, ConversationQuerySet

LONGEST_CHECK_IN, LONGEST_LINE, LONGEST_MESSAGE = 2_000, 300, 5_000


class Checking(models.Model):
    """How one teacher checks in with a cohort: how many they can answer at a time, and how soon."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+", db_index=False)
    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    most_open = models.PositiveSmallIntegerField(default=25)
    answer_days = models.PositiveSmallIntegerField(default=2, help_text="Working days until an answer.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "teacher"], name="checking_once"),
            models.CheckConstraint(condition=Q(most_open__range=(1, 500)), name="checking_most_in_range"),
            models.CheckConstraint(condition=Q(answer_days__range=(1, 10)), name="checking_days_in_range"),
        ]


class CheckIn(models.Model):
    """What a teacher asked some students of a cohort. `source` has the places {first name} and {next step}."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="check_ins")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    key = models.UUIDField(help_text="Of the sending: what comes twice with it is sent once.")
    source = models.TextField()
    segment = models.CharField(max_length=40, help_text="One of feedback.segments, as it was chosen.")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="check_in_once")]
        indexes = [models.Index(fields=["cohort", "author", "-sent_at"], name="check_ins_latest_first")]


class Asked(models.Model):
    """A check-in as one student reads it. It waits its turn until `opened_at`, and can be answered once."""

    class Pulse(models.TextChoices):
        ON_TRACK = "on track", _("On track")
        BEHIND = "behind", _("A bit behind")
        STUCK = "stuck", _("Stuck")
        WORD = "word", _("I’d like a word")

    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="asked", db_index=False)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="asked")
    # Of the enrolment: what waits for somebody's answer comes along with their account.
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    line = models.CharField(max_length=LONGEST_LINE, blank=True, help_text="Added for this student alone.")
    text = models.TextField()
    opened_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    pulse = models.CharField(max_length=10, choices=Pulse.choices, blank=True)
    said = models.CharField(max_length=LONGEST_LINE, blank=True)
    answered_at = models.DateTimeField(null=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["check_in", "enrolment"], name="asked_once"),
            models.CheckConstraint(
                condition=Q(pulse="", answered_at=None) | ~Q(pulse="") & Q(answered_at__isnull=False),
                name="answered_with_a_pulse",
            ),
            models.CheckConstraint(
                condition=Q(opened_at=None, expires_at=None) | Q(expires_at__gt=F("opened_at")),
                name="asked_opens_before_it_ends",
            ),
        ]
        indexes = [
            models.Index(fields=["check_in", "id"], condition=Q(opened_at=None), name="asked_in_turn"),
            models.Index(
                fields=["person", "expires_at"],
                condition=Q(opened_at__isnull=False, answered_at=None),
                name="asked_and_open",
            ),
        ]


class Conversation(models.Model):
    """What a student and one teacher of their cohort write to each other. Nothing in it is ever deleted."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="conversations", db_index=False)
    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    begun_at = models.DateTimeField(default=timezone.now)
    latest_at = models.DateTimeField(default=timezone.now)
    waiting_since = models.DateTimeField(null=True, help_text="Since when the student waits for an answer.")
    promised_at = models.DateTimeField(null=True)
    broken_at = models.DateTimeField(null=True, help_text="The promise that passed last while the student waits.")
    student_read = models.BigIntegerField(default=0, db_default=0, help_text="The last message that they have read.")
    teacher_read = models.BigIntegerField(default=0, db_default=0, help_text="The last message that they have read.")

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "teacher"], name="one_conversation_of_two"),
            models.CheckConstraint(
                condition=Q(waiting_since=None, promised_at=None)
                | Q(waiting_since__isnull=False, promised_at__isnull=False),
                name="who_waits_is_promised_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(broken_at=None) | Q(promised_at__isnull=False, promised_at__gt=F("broken_at")),
                name="broken_before_what_is_promised",
            ),
        ]
        indexes = [
            models.Index(
                fields=["teacher", "promised_at"], condition=Q(waiting_since__isnull=False), name="talks_to_answer"
            )
        ]


class Message(models.Model):
    """Plain words. An answer to a check-in has it in `asked`, and may be without any."""

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    by_student = models.BooleanField(help_text="Whose side it is on, also once its author is gone.")
    key = models.UUIDField(help_text="Of the sending: what comes twice with it is one message.")
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)
    asked = models.OneToOneField(Asked, models.CASCADE, null=True, related_name="message")
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    hidden_why = models.CharField(max_length=LONGEST_LINE, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["author", "key"], name="message_once"),
            models.CheckConstraint(condition=~Q(text="") | Q(asked__isnull=False), name="message_says_something"),
            models.CheckConstraint(condition=Q(hidden_at=None) | ~Q(hidden_why=""), name="message_hidden_for_a_reason"),
        ]
        indexes = [models.Index(fields=["conversation", "at", "id"], name="messages_in_order")]


class WorksAlone(models.Model):
    """That a student would rather be left to work alone: shown to their teachers, and respected."""

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, primary_key=True, related_name="works_alone")
    since = models.DateTimeField(default=timezone.now)


class RegularCheckIn(models.Model):
    """What a teacher asks the whole cohort every week or two, until they stop it."""

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    source = models.TextField()
    every_weeks = models.PositiveSmallIntegerField()
    next_on = models.DateField(help_text="By the cohort's calendar; on a day off, the next working day.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cohort", "author"], name="one_regular_check_in"),
            models.CheckConstraint(condition=Q(every_weeks__in=(1, 2)), name="regular_every_week_or_two"),
        ]
        indexes = [models.Index(fields=["next_on"], name="regular_check_ins_next")]
