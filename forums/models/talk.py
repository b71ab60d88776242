import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from courses.models import Activity, Cohort
from courses.words import MOST_WAITING
from files.models import File
from forums.querysets import PostQuerySet, ThreadQuerySet

# Of what stands, as `ThreadQuerySet.unanswered` has it: nothing else is looked at where they are counted.
UNANSWERED = Q(kind="question", answered_at=None, locked_at=None, hidden_at=None, duplicate_of=None, deleted_at=None)


class Forum(models.Model):
    """What the teachers of a cohort have chosen for its talk; a cohort without a row has the defaults."""

    cohort = models.OneToOneField(Cohort, models.CASCADE, primary_key=True, related_name="forum")
    anonymous_allowed = models.BooleanField(_("students may post without their name"), default=False)
    introductions = models.TextField(
        _("questions for introductions"), blank=True, help_text="One on each line; empty for those that everybody has."
    )


class Thread(models.Model):
    """A question or a discussion of one cohort, maybe about a lesson, maybe at a moment of a lecture."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        DISCUSSION = "discussion", _("Discussion")
        INTRODUCTIONS = "introductions", _("Introductions")
        # Of a discussion that is a step of the course: opened by nobody, and everybody replies to what the step asks.
        TOPIC = "topic", _("Discussion")

    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="threads")
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="threads")
    at_ms = models.PositiveIntegerField(null=True, blank=True, help_text="The moment of a lecture.")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    anonymous = models.BooleanField(default=False, help_text="As the post that opened it.")
    own_first = models.BooleanField(
        default=False, help_text="Students see the replies of others once they have written their own."
    )
    opened_at = models.DateTimeField(default=timezone.now)
    last_post_at = models.DateTimeField(default=timezone.now)
    last_number = models.PositiveIntegerField(default=0, help_text="Of its posts, deleted ones too.")
    answered_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody else than its author first replied, and it still stands."
    )
    answer_by = models.DateTimeField(null=True, blank=True, help_text="Later than this, a question has waited long.")
    accepted = models.ForeignKey("Post", models.SET_NULL, null=True, blank=True, related_name="+")
    wonders = models.PositiveIntegerField(default=0, help_text="How many others wonder too.")
    pinned = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="+")
    hidden_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="thread_has_title"),
            models.CheckConstraint(condition=Q(at_ms=None) | Q(activity__isnull=False), name="moment_of_a_lecture"),
            models.UniqueConstraint(
                fields=["cohort"], condition=Q(kind="introductions"), name="one_round_of_introductions"
            ),
            models.UniqueConstraint(
                fields=["activity", "cohort"], condition=Q(kind="topic"), name="one_topic_of_each_cohort"
            ),
        ]
        indexes = [
            models.Index(
                fields=["cohort", "-pinned", "-last_post_at", "-id"],
                condition=Q(deleted_at=None),
                name="threads_latest_first",
            ),
            models.Index(
                fields=["activity", "cohort", "at_ms"], condition=Q(deleted_at=None), name="threads_of_lesson"
            ),
            models.Index(
                fields=["cohort", "opened_at"],
                condition=UNANSWERED,
                name="unanswered_in_cohort",
            ),
            models.Index(
                fields=["opened_at", "id"],
                condition=UNANSWERED,
                name="unanswered_anywhere",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_opening(self) -> bool:
        """Whether somebody opened it with a first post; of the others the course says what they are about."""
        return self.kind in (self.Kind.QUESTION, self.Kind.DISCUSSION)

    @property
    def is_topic(self) -> bool:
        return self.kind == self.Kind.TOPIC

    @property
    def is_introductions(self) -> bool:
        return self.kind == self.Kind.INTRODUCTIONS

    @property
    def is_question(self) -> bool:
        return self.kind == self.Kind.QUESTION


class Post(models.Model):
    """What somebody wrote in a thread: the first opens it, others reply to it or to one of its replies."""

    # Indexes that know the order of a page begin with it (docs/adr/0011).
    thread = models.ForeignKey(Thread, models.CASCADE, related_name="posts", db_index=False)
    number = models.PositiveIntegerField(help_text="Counts from 1 in its thread, and is never given again.")
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+", help_text="A reply that this one replies to."
    )
    under = models.PositiveIntegerField(help_text="The number of that reply; its own where it replies to the thread.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    anonymous = models.BooleanField(default=False)
    key = models.UUIDField(default=uuid.uuid4, help_text="Made with the form: sent twice, it is one post.")
    source = models.TextField()
    html = models.TextField(help_text="Made from the source, sanitised; the only field that pages show.")
    cleaned_by = models.PositiveSmallIntegerField(default=0, help_text="As with readings.")
    cut_by = models.PositiveSmallIntegerField(default=0, help_text="As with passages.")
    excerpt = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True, help_text="The words that it shows, as search has cut them.")
    vector = SearchVectorField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    endorsed_at = models.DateTimeField(null=True, blank=True)
    endorsed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    hidden_at = models.DateTimeField(null=True, blank=True)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty where it was reported in a cohort with minors, and no teacher has looked yet.",
    )
    hidden_for = models.CharField(max_length=500, blank=True, help_text="The reason; its author reads it.")
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = PostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="post_number_once"),
            models.UniqueConstraint(fields=["author", "key"], name="post_sent_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="post_number_from_one"),
            models.CheckConstraint(condition=~Q(pk=F("parent")), name="post_replies_to_another"),
        ]
        indexes = [
            GinIndex(fields=["vector"], gin_pending_list_limit=MOST_WAITING, name="post_words"),
            GinIndex(
                fields=["vector"], gin_pending_list_limit=MOST_WAITING, condition=Q(number=1), name="words_of_openings"
            ),
            models.Index(fields=["author", "-created_at"], name="posts_of_author"),
            models.Index(fields=["author", "thread"], condition=Q(deleted_at=None), name="posts_of_author_by_thread"),
            models.Index(fields=["thread", "under", "number"], name="posts_in_order"),
            models.Index(fields=["cleaned_by", "cut_by"], name="post_made_by"),
            models.Index(
                fields=["deleted_at"], condition=Q(deleted_at__isnull=False) & ~Q(source=""), name="post_to_erase"
            ),
        ]


class Mention(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "person"], name="mentioned_once")]


class PostFile(models.Model):
    """A file that a post shows or carries. Readable as the post is, and before it is sent by whoever brought it."""

    file = models.OneToOneField(File, models.CASCADE, primary_key=True, related_name="+")
    cohort = models.ForeignKey(Cohort, models.CASCADE, related_name="+")
    brought_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    posts = models.ManyToManyField(Post, related_name="files")
    is_image = models.BooleanField(default=False)
