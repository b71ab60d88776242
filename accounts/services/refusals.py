"""What a refusal means: for an address, for one mail, or for all that we send. A mail server says it by RFC 5321 and
RFC 3463, a provider by Anymail."""

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto

from anymail.exceptions import (
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
    AnymailSerializationError,
)
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason

# The second figure of an enhanced code names its subject: 1 the address, 7 policy, security and relaying.
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
NO_SUCH_ADDRESS, POLICY = "1", "7"
TOO_LARGE, TRY_LATER = 413, (408, 429)
# What a provider reports of an address, and not of us: it does not exist, or its owner does not want our mail.
FAULTS = {
    EventType.BOUNCED: (RejectReason.BOUNCED, RejectReason.INVALID),
    EventType.REJECTED: (RejectReason.BOUNCED, RejectReason.INVALID, RejectReason.SPAM),
}
BOUNCE, COMPLAINT = "bounce", "complaint"
# Older reports are repeated by nobody who means well.
REPORTED_WITHIN = timedelta(days=3)


class Meaning(Enum):
    ADDRESS = auto()  # it does not exist: nothing more goes there
    MAIL = auto()  # this mail is refused for good
    LATER = auto()  # this mail is to be tried again, others may go
    US = auto()  # whatever we send is refused
    GONE = auto()  # the server does not answer as one should


@dataclass(frozen=True)
class Refusal:
    meaning: Meaning
    # Without the server's own words, which often repeat the address.
    said: str


def of(error: smtplib.SMTPException | AnymailError) -> Refusal:
    if isinstance(error, AnymailError):
        code = error.status_code or 0
        return Refusal(_of_provider(error, code), f"{error.esp_name or 'Anymail'} {code or type(error).__name__}")
    code, enhanced = _codes(error)
    said = " ".join(part for part in (type(error).__name__, str(code or ""), ".".join(enhanced)) if part)
    return Refusal(_meaning(error, code, enhanced), said)


def _meaning(error: smtplib.SMTPException, code: int, enhanced: tuple[str, ...]) -> Meaning:
    if isinstance(error, smtplib.SMTPSenderRefused | smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError):
        return Meaning.US if code >= 500 else Meaning.GONE
    if not isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError):
        return Meaning.GONE
    if code < 500:
        return Meaning.LATER
    if enhanced[1:2] == (POLICY,):
        return Meaning.US
    if isinstance(error, smtplib.SMTPRecipientsRefused) and enhanced[1:2] == (NO_SUCH_ADDRESS,):
        return Meaning.ADDRESS
    return Meaning.MAIL


def _of_provider(error: AnymailError, code: int) -> Meaning:
    if isinstance(error, AnymailRecipientsRefused):
        # "Rejected" may be the provider's policy; if it is the address, an event says so.
        statuses = error.email_message.anymail_status.status or ()
        return Meaning.ADDRESS if set(statuses) == {"invalid"} else Meaning.MAIL
    if isinstance(error, AnymailInvalidAddress | AnymailSerializationError) or code == TOO_LARGE:
        return Meaning.MAIL
    # Another answer from 400 on is about our account, our key or our sender far more often than about one mail.
    return Meaning.US if 400 <= code < 500 and code not in TRY_LATER else Meaning.GONE


def reported(event: AnymailTrackingEvent, now: datetime) -> str:
    """BOUNCE or COMPLAINT, where no more mail should go to the address of this event; "" for any other."""
    if event.timestamp and event.timestamp < now - REPORTED_WITHIN:
        return ""
    if event.event_type == EventType.COMPLAINED:
        return COMPLAINT
    return BOUNCE if event.reject_reason in FAULTS.get(event.event_type, ()) and not _is_soft(event) else ""


def _is_soft(event: AnymailTrackingEvent) -> bool:
    """A full mailbox, where Anymail calls it a bounce like any other: Postmark and Mailjet tell the two apart."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    return raw.get("Type") == "SoftBounce" or raw.get("hard_bounce") is False


def _codes(error: smtplib.SMTPException) -> tuple[int, tuple[str, ...]]:
    """The answer of the server, from 400 for the time being and from 500 for good; 0 when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = max(error.recipients.values(), default=(0, b""))
    else:
        code, words = int(getattr(error, "smtp_code", 0)), getattr(error, "smtp_error", b"")
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    found = ENHANCED.search(text[:200])
    return code, found.groups() if found else ()
