"""Why somebody was not told something, in the words of an operator."""

from django.utils.translation import gettext_lazy as _

from notifications.kinds import Reason

REASONS = {
    Reason.EXPIRED: _("its time was over before it could be sent"),
    Reason.CLOSED_ACCOUNT: _("the account is closed"),
    Reason.UNKNOWN_KIND: _("this kind of message no longer exists"),
    Reason.SWITCHED_OFF: _("the person has switched it off"),
    Reason.ON_A_BREAK: _("the person is on a break"),
    Reason.TOLD_LATELY: _("they heard of the same thing shortly before"),
    Reason.LATER_ONE: _("a later message about the same thing took its place"),
    Reason.QUIET_HOURS: _("quiet hours lasted until it was over"),
    Reason.MOVED: _("the date was moved or removed"),
    Reason.BACK: _("the person has been back since it was planned"),
    Reason.DONE: _("it was done already"),
    Reason.READ: _("they had read it already"),
    Reason.WITH_TEACHER: _("it is with the teacher"),
    Reason.GONE: _("it was hidden or deleted"),
    Reason.NOT_ENROLLED: _("the person no longer studies there"),
    Reason.NOTHING_TO_SAY: _("there was nothing to say"),
    Reason.NO_ADDRESS: _("there is no address that email may go to"),
    Reason.TOO_MANY: _("there were three emails that day already"),
    Reason.IN_DIGEST: _("it went into a digest"),
}


def in_words(reason: str) -> str:
    """A reason that a later version wrote stays as it is."""
    return str(REASONS.get(reason, reason))  # type: ignore[call-overload]  # members are their strings
