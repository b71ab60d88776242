"""What a refusal means: for an address, for one mail, or for all that we send. A mail server says it by RFC 5321 and
RFC 3463, a provider by Anymail."""

import re
import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

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
BOUNCE, COMPLAINT, SOFT = "bounce", "complaint", "soft"
# Where providers say that a bounce is a soft one, and what those say that use no such word: SparkPost's classes of
# mailboxes that are full, of names and hosts that fail, and of what is tried again.
SOFT_WORDS_IN = ("Type", "type", "event", "status")
SOFT_CLASSES = ("20", "21", "22", "23", "40", "70")
# What we wrote down of a recipient that was refused for now, by a fault of the mailbox: not by policy, which greylists,
# and not by a server that is in trouble itself.
OF_THE_ADDRESS = re.compile(r"SMTPRecipientsRefused (4\d\d 4\.[12]\.\d+|450)$")
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


def is_of_the_address(said: str) -> bool:
    """Whether the last answer to a mail that was given up, as `Refusal.said`, is a soft bounce."""
    return OF_THE_ADDRESS.match(said) is not None


def reported(event: AnymailTrackingEvent, now: datetime) -> str:
    """BOUNCE or COMPLAINT, where no more mail should go to the address of this event, SOFT; "" for any other."""
    if event.timestamp and event.timestamp < now - REPORTED_WITHIN:
        return ""
    if event.event_type == EventType.COMPLAINED:
        return COMPLAINT
    is_soft = _is_soft(event)
    if event.event_type == EventType.DEFERRED:
        return SOFT if is_soft else ""
    if event.reject_reason not in FAULTS.get(event.event_type, ()):
        return ""
    return SOFT if is_soft else BOUNCE


def _is_soft(event: AnymailTrackingEvent) -> bool:
    """A full mailbox, which Anymail calls a bounce like any other."""
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    if any("soft" in str(raw.get(name, "")).lower() for name in SOFT_WORDS_IN):
        return True
    by_mailjet = raw.get("hard_bounce") is False and event.event_type == EventType.BOUNCED
    by_amazon = str(event.description or "").startswith("Transient")
    return by_mailjet or by_amazon or _class_of_sparkpost(raw) in SOFT_CLASSES


def _class_of_sparkpost(raw: dict[str, Any]) -> str:
    within = raw.get("msys")
    told = next(iter(within.values()), None) if isinstance(within, dict) else None
    return str(told.get("bounce_class", "")) if isinstance(told, dict) else ""


def _codes(error: smtplib.SMTPException) -> tuple[int, tuple[str, ...]]:
    """The answer of the server, from 400 for the time being and from 500 for good; 0 when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = max(error.recipients.values(), default=(0, b""))
    else:
        code, words = int(getattr(error, "smtp_code", 0)), getattr(error, "smtp_error", b"")
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    found = ENHANCED.search(text[:200])
    return code, found.groups() if found else ()
