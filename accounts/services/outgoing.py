"""Mail about accounts: asked for in a request as a row, sent by a worker (docs/adr/0014)."""

import logging
import smtplib
from datetime import timedelta

from allauth.account.models import EmailAddress
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import OutgoingMail, User
from accounts.services import letters
from common.claims import Claims, pause
from common.enqueue import wake

logger = logging.getLogger(__name__)
Kind = OutgoingMail.Kind
CLAIMS = Claims(lease=timedelta(minutes=5), oldest="created_at", not_before="next_try_at")
# After the last of them it is tried again and again, until nobody would wait for the mail any more.
PAUSES = [timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2)]
AWAITED = timedelta(days=1)
WORTH_KNOWING = timedelta(days=3)
ONE_MAIL_WITHIN = timedelta(minutes=1)
KEPT = timedelta(days=30)

ASK_ONCE = """
INSERT INTO accounts_outgoingmail
       (person_id, kind, address_id, former_address, created_at, not_after, attempts, last_error)
SELECT person, %(kind)s::text, %(address)s::bigint, '', %(now)s, %(not_after)s, 0, ''
FROM unnest(%(people)s::bigint[]) AS person
WHERE NOT EXISTS (
    SELECT FROM accounts_outgoingmail AS other
    WHERE other.person_id = person AND other.kind = %(kind)s::text AND other.created_at > %(since)s
          AND other.address_id IS NOT DISTINCT FROM %(address)s::bigint
)
"""


def send_password_link(person: User) -> None:
    """An admin opens the account to its owner."""
    _ask_once(User.objects.filter(pk=person.pk), Kind.PASSWORD_LINK, WORTH_KNOWING)


def send_forgotten_password(typed: str) -> None:
    """Does the same for an address that nobody has, statement by statement, so that no clock tells the two apart."""
    _ask_once(User.objects.filter(email=typed.strip().lower(), is_active=True), Kind.FORGOTTEN_PASSWORD, AWAITED)


def send_confirmation(address: EmailAddress) -> None:
    _ask_once(User.objects.filter(pk=address.user_id), Kind.CONFIRM_ADDRESS, AWAITED, address)


@transaction.atomic
def tell(person: User, kind: str, *, former_address: str = "") -> None:
    """Tell the owner of an account what changed in it. `former_address`: where to, when it is the address that did."""
    OutgoingMail.objects.create(
        person=person,
        kind=Kind(kind),
        former_address=former_address,
        not_after=timezone.now() + WORTH_KNOWING,
    )
    wake("accounts.tasks.send_waiting_mail")


@transaction.atomic
def _ask_once(people: QuerySet[User], kind: str, lasts: timedelta, address: EmailAddress | None = None) -> None:
    # The lock lets the second of two clicks see the row of the first.
    found = list(people.select_for_update(no_key=True).values_list("pk", flat=True))
    now = timezone.now()
    values = {"people": found, "kind": str(kind), "address": address and address.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(ASK_ONCE, {**values, "not_after": now + lasts, "since": now - ONE_MAIL_WITHIN})
    wake("accounts.tasks.send_waiting_mail")


def send_waiting() -> None:
    """Send mail until none waits, or until the mail server cannot be reached."""
    while claimed := CLAIMS.take(OutgoingMail.objects.filter(sent_at=None, failed_at=None)):
        if not _send(claimed[0]):
            return


def _send(mail: OutgoingMail) -> bool:
    """Whether the mail server can be asked for another one."""
    if timezone.now() > mail.not_after:
        _end(mail, failed_at=timezone.now(), last_error=mail.last_error or "nobody sent it in time")
        return True
    try:
        letters.letter(mail).send()
    except letters.NotWanted as reason:
        _end(mail, failed_at=timezone.now(), last_error=str(reason))
    except smtplib.SMTPException as error:
        return _refused(mail, error)
    except OSError as error:
        _put_off(mail, type(error).__name__)
        return False
    except Exception as error:  # a fault of ours in one mail keeps no other from being sent
        logger.exception("Mail %s (%s) could not be made.", mail.pk, mail.kind)
        _put_off(mail, type(error).__name__)
    else:
        _end(mail, sent_at=timezone.now())
    return True


def _refused(mail: OutgoingMail, error: smtplib.SMTPException) -> bool:
    # What a server says often repeats the receiver's address: only its number is kept.
    said = f"{type(error).__name__} {_code(error) or ''}".strip()
    of_this_mail = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError | smtplib.SMTPSenderRefused)
    if of_this_mail and _code(error) >= 500:
        _end(mail, failed_at=timezone.now(), last_error=said)
    else:
        _put_off(mail, said)
    return of_this_mail


def _code(error: smtplib.SMTPException) -> int:
    """The answer of the server (RFC 5321): from 400 for the time being, from 500 for good; 0 when there was none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return max((code for code, _ in error.recipients.values()), default=0)
    return int(getattr(error, "smtp_code", 0))


def _put_off(mail: OutgoingMail, said: str) -> None:
    wait = pause(mail.attempts, PAUSES)
    CLAIMS.put_off([mail], wait, last_error=said)
    logger.warning("Mail %s (%s) was not taken: %s. It is tried again in %s.", mail.pk, mail.kind, said, wait)


def _end(mail: OutgoingMail, **values: object) -> None:
    CLAIMS.held([mail]).update(lease_until=None, former_address="", **values)
    if "failed_at" in values:
        logger.error("Mail %s (%s) will not be sent: %s.", mail.pk, mail.kind, values["last_error"])


def clear() -> None:
    """Delete what is older than KEPT; by then every mail was sent or given up."""
    OutgoingMail.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
