import uuid
from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, Cohort, Enrolment
from progress.fields import Int4MultiRangeField, Int8MultiRangeField
from progress.querysets import CompletionQuerySet, NoteQuerySet


class Completion(models.Model):
    """A tick. Rows are only ever added; a trigger refuses every change but the withdrawal that the row allows."""

    class How(StrEnum):
        """The ways of the kinds below this app; a kind of an app above brings its own (`courses.kinds.Way`)."""

        READ = "read"
        OPENED = "opened"
        WATCHED = "watched"
        MARKED = "marked"

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="completions")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="completions")
    completed_at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=30, help_text="The way of its kind in which it came about.")
    evidence = models.JSONField(default=dict)
    activity_revision = models.PositiveIntegerField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    withdrawable_by = models.CharField(
        max_length=10,
        blank=True,
        default="",
        db_default="",
        help_text="Who may withdraw it, as `courses.kinds.Who` says; empty for nobody.",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CompletionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "activity"],
                condition=Q(withdrawn_at=None),
                # An outline is read from the index alone: a student's ticks lie all over the table.
                include=["completed_at", "activity_revision"],
                name="one_standing_completion",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawable_by=""), name="only_what_may_be_is_withdrawn"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("completed_at")),
                name="withdrawn_after_completed",
            ),
        ]


class Waiting(models.Model):
    """Whose turn it is at a step: with the teacher, as work that was handed in; the student's again, once it was handed
    back; or nobody's, for whoever is excused.

    Begun and ended by the app that owns the activity, as completions are pushed down; `progress` never asks for it.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="waits")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="waits")
    waits_for = models.CharField(max_length=10, help_text="Whose turn it is, as `courses.kinds.Who` says.")
    since = models.DateTimeField(default=timezone.now)
    promised_at = models.DateTimeField(null=True, blank=True, help_text="By when the student was promised an answer.")
    reason = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="Why somebody is excused; the student reads it.",
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "activity"],
                condition=Q(ended_at=None),
                include=["promised_at"],
                name="one_open_wait",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("since")), name="wait_ended_after_it_began"
            ),
        ]


class WorkStanding(models.Model):
    """The SQL view `progress_work_standing`: where every step stands for every student, said in one place.

    A row for each step of each student: ask it for enrolments or for a cohort. Its rule is a function, which statements
    call that have gathered what it looks at by themselves.
    """

    pk = models.CompositePrimaryKey("enrolment", "activity")
    enrolment = models.ForeignKey(Enrolment, models.DO_NOTHING, related_name="work")
    activity = models.ForeignKey(Activity, models.DO_NOTHING, related_name="work")
    due_at = models.DateTimeField(null=True)
    closes_at = models.DateTimeField(null=True)
    zone = models.TextField(null=True)
    promised_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=20, help_text="A word of `progress.outline.Stands`.")

    class Meta:
        managed = False
        db_table = "progress_work_standing"


class Visit(models.Model):
    """That an activity was opened, and the seconds (Unix time) in which it was visible on a screen.

    Absolute seconds make every report harmless when it comes late, twice or from two devices: the set is a union.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="visits")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="visits")
    opened_at = models.DateTimeField(default=timezone.now)
    last_opened_at = models.DateTimeField(default=timezone.now)
    visible = Int8MultiRangeField(db_default=models.Value("{}"))
    block = models.CharField(
        max_length=20, default="", db_default="", help_text="Of a text, the id of the block that was read last."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity"], include=["last_opened_at"], name="one_visit_row")
        ]


class Watch(models.Model):
    """Which milliseconds of a lecture were played, in which seconds (Unix time) that was, and where to go on.

    Both sets are unions, so that reports may come late, twice and from two devices. `covered` never holds more than
    could be played since `since`, the earliest opening of the lecture that we signed.
    """

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="watches")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="watches")
    covered = Int4MultiRangeField(db_default=models.Value("{}"))
    played = Int8MultiRangeField(db_default=models.Value("{}"))
    position_ms = models.PositiveIntegerField(default=0)
    position_at = models.DateTimeField(help_text="When it was there, by the corrected clock of the device.")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "activity"], name="one_watch_row")]


class Spent(models.Model):
    """The seconds (Unix time) that ticks by the clock or the player were made of, in all courses of a person."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="spent")
    seconds = Int8MultiRangeField(db_default=models.Value("{}"))


class Note(models.Model):
    """What a student wrote beside a second of a lecture. The browser makes the id, so that a repeated save is one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="notes")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="notes")
    at_ms = models.PositiveIntegerField(help_text="Where in the lecture.")
    text = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1, help_text="Counts changes, so that two tabs cannot lose a word.")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["at_ms", "created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(version__gte=1), name="note_version_from_one"),
        ]
        indexes = [
            models.Index(
                fields=["enrolment", "activity", "at_ms", "created_at", "id"],
                condition=Q(deleted_at=None),
                name="notes_in_order",
            )
        ]


class Presence(models.Model):
    """The minutes of one day, in the student's own zone, in which they were at work: the one history of activity."""

    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="presence")
    day = models.DateField()
    minutes = Int4MultiRangeField(help_text="Minutes since midnight, half-open ranges.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enrolment", "day"], name="one_presence_per_day")]


class Contact(models.Model):
    """That a person spoke to another one directly: the one history of who had human contact. Pushed down, never asked.

    What is said to many at once is no contact, and what is written without a name tells of nobody.
    """

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    what = models.CharField(max_length=20)
    subject = models.CharField(max_length=40, help_text="With what, in the words of the app that pushed it.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "by", "what", "subject"], name="one_contact_of_each"),
            models.CheckConstraint(condition=~Q(by=F("person")), name="contact_with_somebody_else"),
        ]
        indexes = [models.Index(fields=["cohort", "person", "-at"], name="contacts_latest_first")]


class Signals(models.Model):
    """What of a student tells that they may need somebody, as it was when their cohort was last reckoned.

    A row for each active student of a cohort that runs, written by a worker, and only where something changed. Days
    are those of the student's own calendar. For those who teach alone: no page, notice or feed of a student reads it.
    """

    enrolment = models.OneToOneField(Enrolment, models.CASCADE, primary_key=True, related_name="signals")
    last_day = models.DateField(null=True, help_text="When they were last at work; null for never.")
    active_days_7 = models.PositiveSmallIntegerField()
    active_days_14 = models.PositiveSmallIntegerField()
    active_days_28 = models.PositiveSmallIntegerField()
    due = models.PositiveSmallIntegerField(help_text="Steps whose date has come, but for those excused.")
    missing = models.PositiveSmallIntegerField(help_text="Of those, the ones that did not come.")
    late = models.PositiveSmallIntegerField(help_text="Of those, the ones that came after their date, in four weeks.")
    share_done = models.FloatField(help_text="Of the required steps.")
    through = models.BooleanField(help_text="Nothing that is required is left to them: it is done, or with others.")
    mean_mark = models.FloatField(null=True, help_text="From 0 to 100, of what is marked and released.")
    contact_at = models.DateTimeField(null=True, help_text="When a person last spoke to them.")


class Reckoning(models.Model):
    """When the signals of a cohort were last reckoned; also where nothing had changed, so that no row was written."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()


class Snooze(models.Model):
    """That somebody who teaches puts a student off their list for some days; then they come back by themselves."""

    teacher = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    enrolment = models.ForeignKey(Enrolment, models.CASCADE, related_name="+")
    until = models.DateField(help_text="The day on which they are back, by the calendar of the teacher.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["teacher", "enrolment"], name="one_snooze_of_each")]
