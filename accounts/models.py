from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from accounts.names import called
from accounts.querysets import UserManager, UserQuerySet
from common.removal import Removable, waits_for_erasing


class User(Removable, AbstractBaseUser):
    """A person. Signs in with a username or an email address; a twelve-year-old may have no address at all."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("Match my device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class TextSize(models.TextChoices):
        NORMAL = "normal", _("Normal")
        LARGE = "large", _("Large")
        LARGER = "larger", _("Largest")

    class ReadingFont(models.TextChoices):
        SERIF = "serif", _("Serif")
        SANS = "sans", _("Sans serif")
        SPACED = "spaced", _("Sans serif, wide spacing")

    username = models.CharField(
        _("username"), max_length=60, unique=True, error_messages={"unique": _("Someone else has this username.")}
    )
    email = models.EmailField(
        _("email address"),
        null=True,
        blank=True,
        unique=True,
        error_messages={"unique": _("Someone else uses this address.")},
    )
    display_name = models.CharField(_("name"), max_length=100)
    timezone = TimeZoneField(_("time zone"), default="UTC")
    zone_confirmed_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=10, default="en-gb")
    minor = models.BooleanField(
        _("under 18"), default=False, help_text=_("Classmates will only see the first name and one initial.")
    )
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("site admin"), default=False)
    has_staff_role = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Kept by triggers in Postgres (courses/migrations/0004_staff_roles.py), whatever is written here.",
    )
    studies = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Kept as `has_staff_role`."
    )
    teaches = models.BooleanField(
        default=False, db_default=False, editable=False, help_text="Kept as `has_staff_role`."
    )
    session_generation = models.PositiveIntegerField(
        default=0, db_default=0, editable=False, help_text="Part of what a session is checked by: one more ends them."
    )
    joined_at = models.DateTimeField(auto_now_add=True)
    reached_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When a link that was mailed to this address was followed. A trigger empties it with the address.",
    )
    mail_stopped_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="Since when mail to this address comes back. Emptied likewise."
    )
    mail_stopped_for = models.CharField(max_length=40, blank=True, default="", db_default="", editable=False)

    theme = models.CharField(_("colours"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    text_size = models.CharField(_("text size"), max_length=8, choices=TextSize.choices, default=TextSize.NORMAL)
    reading_font = models.CharField(
        _("reading font"), max_length=8, choices=ReadingFont.choices, default=ReadingFont.SERIF
    )
    captions = models.BooleanField(_("show captions"), default=True)
    playback_percent = models.PositiveSmallIntegerField(_("playback speed"), default=100)
    low_data = models.BooleanField(_("use less data"), default=False)

    former_names = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        editable=False,
        help_text="{username, email} of a deleted account, whose names others may take.",
    )

    objects = UserManager()
    everything = UserQuerySet.as_manager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        indexes = [
            models.Index(fields=["display_name", "id"], name="person_by_name"),
            models.Index(
                fields=["-mail_stopped_at"], condition=~models.Q(mail_stopped_at=None), name="person_without_mail"
            ),
            models.Index(fields=["id"], condition=models.Q(last_login=None, is_active=True), name="never_signed_in"),
            waits_for_erasing("person"),
        ]
        constraints = [
            # In small letters only, so that "once" holds however a name is typed.
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")),
                name="username_in_small_letters",
                violation_error_message=_("Use lower-case letters only in a username."),
            ),
            models.CheckConstraint(
                condition=models.Q(email=None) | models.Q(email=Lower("email")) & ~models.Q(email=""),
                name="email_in_small_letters",
                violation_error_message=_("Use lower-case letters only in an email address."),
            ),
            models.CheckConstraint(
                condition=models.Q(playback_percent__range=(50, 250)), name="playback_between_half_and_two_and_a_half"
            ),
        ]

    def __str__(self) -> str:
        return called(self.display_name, self.username)

    def save(self, *args: object, **kwargs: object) -> None:
        # allauth writes '' for "no address"; two people without one must not collide.
        self.email = (self.email or "").lower() or None
        super().save(*args, **kwargs)

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self).split(" ")[0]

    @property
    def looks_after_others(self) -> bool:
        """Whether pages show this person the work of others, or let them change a course."""
        return self.is_staff or self.has_staff_role

    @property
    def can_be_mailed(self) -> bool:
        """Whether mail that nobody asked for may go to this person: to an address that they were reached at."""
        return bool(self.is_active and self.email and self.reached_at and not self.mail_stopped_at)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # Django's, of the password alone, until a session had to end for another reason.
        generation = str(self.session_generation) if self.session_generation else ""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        return salted_hmac(salt, self.password + generation, secret=secret, algorithm="sha256").hexdigest()

    @property
    def peer_name(self) -> str:
        """What classmates see. A minor is shown by given name and initial."""
        given, *rest = str(self).split()
        return f"{given} {rest[-1][0]}." if self.minor and rest else str(self)


class OutgoingMail(models.Model):
    """A mail, from the wish to send it to how it ended. Its words and links are made as it is sent."""

    class Kind(models.TextChoices):
        """Mails about accounts. The label is the subject; those from PASSWORD_CHANGED on bear the names of allauth's
        templates. Apps above register kinds of their own (`accounts.services.letters`)."""

        PASSWORD_LINK = "password_link", _("Your Ownpace account: choose a password")
        FORGOTTEN_PASSWORD = "forgotten_password", _("Choose a new password")
        CONFIRM_ADDRESS = "confirm_address", _("Confirm your email address")
        FIRST_PASSWORD = "first_password", _("Your Ownpace account is ready")
        PASSWORD_CHANGED = "password_changed", _("Your password was changed")
        PASSWORD_SET = "password_set", _("A password was set for your account")
        PASSWORD_RESET = "password_reset", _("Your password was reset")
        EMAIL_CHANGED = "email_changed", _("Your email address was changed")
        EMAIL_DELETED = "email_deleted", _("An email address was removed from your account")
        TOTP_ACTIVATED = "totp_activated", _("An app for sign-in codes was added to your account")
        TOTP_DEACTIVATED = "totp_deactivated", _("The app for sign-in codes was removed from your account")
        WEBAUTHN_ADDED = "webauthn_added", _("A passkey was added to your account")
        WEBAUTHN_REMOVED = "webauthn_removed", _("A passkey was removed from your account")
        RECOVERY_CODES = "recovery_codes_generated", _("New recovery codes were created for your account")

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=30)
    address = models.ForeignKey(
        "account.EmailAddress",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="The address to confirm. Any other mail goes to the person's own.",
    )
    former_address = models.EmailField(
        blank=True, help_text="Where the person was reached before a change. Emptied when the mail has ended."
    )
    created_at = models.DateTimeField(default=timezone.now)
    not_after = models.DateTimeField(help_text="By then it is of no use any more.")
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], condition=models.Q(sent_at=None, failed_at=None), name="mail_that_waits"
            ),
            models.Index(fields=["person", "kind", "created_at"], name="mail_asked_for_lately"),
            models.Index(fields=["created_at"], name="mail_by_when_it_was_asked_for"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(sent_at=None) | models.Q(failed_at=None), name="mail_ends_once"),
            models.CheckConstraint(
                condition=models.Q(former_address="") | models.Q(sent_at=None, failed_at=None),
                name="ended_mail_forgets_former_address",
            ),
        ]


class MailPause(models.Model):
    """While the mail server refuses whatever we send, nothing is tried: the one row says since when and until when."""

    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField()
    said = models.CharField(max_length=100)


class SoftBounce(models.Model):
    """That one mail did not get through to an address for the time being (accounts/services/bounces.py)."""

    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    address = models.EmailField()
    mail = models.CharField(max_length=200, help_text="Our number of it, or what the provider calls it.")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "mail"], name="soft_bounce_once")]
