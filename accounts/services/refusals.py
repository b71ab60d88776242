"""What a mail server's refusal means: for an address, for one mail, or for all that we send (RFC 5321, RFC 3463)."""

import re
import smtplib
from dataclasses import dataclass
from enum import Enum, auto

# The second figure of an enhanced code names its subject: 1 the address, 7 policy, security and relaying.
ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
NO_SUCH_ADDRESS, POLICY = "1", "7"


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


def of(error: smtplib.SMTPException) -> Refusal:
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


def _codes(error: smtplib.SMTPException) -> tuple[int, tuple[str, ...]]:
    """The answer of the server, from 400 for the time being and from 500 for good; 0 when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, words = max(error.recipients.values(), default=(0, b""))
    else:
        code, words = int(getattr(error, "smtp_code", 0)), getattr(error, "smtp_error", b"")
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)
    found = ENHANCED.search(text[:200])
    return code, found.groups() if found else ()
