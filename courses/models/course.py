from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.removal import Removable, StandingManager, waits_for_erasing
from courses.kinds import KINDS
from courses.querysets import ActivityQuerySet, CourseQuerySet, ModuleQuerySet


class Course(Removable):
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, default="en", help_text=_("A language tag such as en, fi or pt-BR.")
    )
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    origin = models.CharField(
        max_length=255, blank=True, help_text="The package's own identifier, for importing again."
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = StandingManager.from_queryset(CourseQuerySet)()
    everything = CourseQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(title=""), name="course_has_title"),
            models.UniqueConstraint(
                fields=["origin"], condition=~models.Q(origin="") & models.Q(deleted_at=None), name="course_origin_once"
            ),
        ]
        indexes = [models.Index(fields=["title", "id"], name="course_by_title"), waits_for_erasing("course")]

    def __str__(self) -> str:
        return self.title


class Module(Removable):
    # `module_position_once` begins with it, and knows the order besides.
    course = models.ForeignKey(Course, models.CASCADE, related_name="modules", db_index=False)
    title = models.CharField(_("title"), max_length=255)
    position = models.PositiveIntegerField()
    published = models.BooleanField(_("shown to students"), default=True)
    origin = models.CharField(max_length=255, blank=True)

    objects = StandingManager.from_queryset(ModuleQuerySet)()
    everything = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                # What is deleted gives its place free.
                fields=["course", "position", "deleted_at"],
                name="module_position_once",
                deferrable=models.Deferrable.DEFERRED,
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["course", "origin"],
                condition=~models.Q(origin="") & models.Q(deleted_at=None),
                name="module_origin_once",
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="module_has_title"),
        ]
        indexes = [waits_for_erasing("module")]

    def __str__(self) -> str:
        return self.title


class Activity(Removable):
    """One thing to do, in minutes. Its kind (`courses.kinds`) owns what is inside it."""

    module = models.ForeignKey(Module, models.CASCADE, related_name="activities")
    kind = models.CharField(max_length=20)
    title = models.CharField(_("title"), max_length=255)
    heading = models.CharField(_("section heading"), max_length=255, blank=True)
    position = models.PositiveIntegerField()
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, help_text="Empty where nobody knows: not shown, and not added up."
    )
    minutes_by_hand = models.BooleanField(default=False, help_text="Set by a person, so no estimate replaces it.")
    required = models.BooleanField(_("required"), default=True)
    published = models.BooleanField(_("shown to students"), default=True)
    published_at = models.DateTimeField(null=True, blank=True, help_text="When students could first see it.")
    rule = models.CharField(_("ticked when"), max_length=20)
    dwell_seconds = models.PositiveSmallIntegerField(
        default=0, help_text="How long it must be visible to be ticked by that; 0 where that is no rule."
    )
    for_instructors = models.BooleanField(
        _("for instructors"),
        default=False,
        db_default=False,
        help_text=_("An answer key, for example. It stays hidden when you show a whole module or course."),
    )
    revision = models.PositiveIntegerField(default=1, help_text="Counts changes that a student should look at again.")
    revised_at = models.DateTimeField(null=True, blank=True, editable=False, help_text="When it was last counted up.")
    origin = models.CharField(max_length=255, blank=True)

    objects = StandingManager.from_queryset(ActivityQuerySet)()
    everything = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["module", "position", "deleted_at"],
                name="activity_position_once",
                deferrable=models.Deferrable.DEFERRED,
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=~models.Q(title=""), name="activity_has_title"),
            models.CheckConstraint(condition=models.Q(minutes__range=(1, 1440)), name="activity_minutes_of_one_day"),
            models.CheckConstraint(
                condition=models.Q(published=False) | models.Q(published_at__isnull=False),
                name="published_activity_has_instant",
            ),
            models.CheckConstraint(condition=models.Q(revision__gte=1), name="activity_revision_from_one"),
        ]
        indexes = [
            models.Index(fields=["module", "origin"], condition=~models.Q(origin=""), name="activity_origin"),
            waits_for_erasing("activity"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def icon(self) -> str:
        return KINDS[self.kind].icon

    def ask_to_look_again(self) -> None:
        self.revision += 1
        self.revised_at = timezone.now()
