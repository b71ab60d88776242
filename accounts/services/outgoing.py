"""Mail: asked for as a row, sent by a worker (docs/adr/0014)."""

import logging
import smtplib
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from anymail.exceptions import AnymailError
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import MailPause, OutgoingMail, User
from accounts.services import bounces, letters, refusals
from accounts.services.refusals import Meaning
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
# Over one connection, within one lease.
AT_A_TIME = 20
BREAK_AFTER_SECONDS = 120
PAUSED = timedelta(minutes=10)

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
# By hand, as each mail waits for it: the ORM takes longer to build it than Postgres to obey. As `Claims.held` has it.
SENT = """
UPDATE accounts_outgoingmail SET lease_until = NULL, former_address = '', sent_at = %(now)s
 WHERE id = %(mail)s AND attempts = %(attempts)s AND lease_until IS NOT NULL
"""


def send_password_link(person: User) -> None:
    send_password_links(User.objects.filter(pk=person.pk))


def send_password_links(people: QuerySet[User]) -> None:
    """An admin opens accounts to their owners."""
    _ask_once(people, Kind.PASSWORD_LINK, WORTH_KNOWING)


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
    found = list(people.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
    now = timezone.now()
    values = {"people": found, "kind": str(kind), "address": address and address.pk, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(ASK_ONCE, {**values, "not_after": now + lasts, "since": now - ONE_MAIL_WITHIN})
    wake("accounts.tasks.send_waiting_mail")


def queue(kind: str, people: Sequence[int], *, lasts: timedelta, now: datetime) -> dict[int, OutgoingMail]:
    """A mail of a kind that an app above makes, for each of these people; in the caller's transaction."""
    rows = OutgoingMail.objects.bulk_create(
        OutgoingMail(person_id=person, kind=kind, created_at=now, not_after=now + lasts) for person in people
    )
    wake("accounts.tasks.send_waiting_mail")
    return {row.person_id: row for row in rows}


def send_waiting() -> None:
    """Send mail until none waits, the mail server cannot be reached or refuses us, or others should have a turn."""
    until = time.monotonic() + BREAK_AFTER_SECONDS
    while time.monotonic() < until and not is_paused():
        waiting = OutgoingMail.objects.filter(sent_at=None, failed_at=None)
        claimed = CLAIMS.take(waiting, AT_A_TIME)
        if not claimed or not _send_all(claimed):
            return


def pause_of_now() -> MailPause | None:
    return MailPause.objects.filter(until__gt=timezone.now()).first()


def is_paused() -> bool:
    return pause_of_now() is not None


def _send_all(claimed: list[OutgoingMail]) -> bool:
    """Over one connection; whether the mail server can be asked for more. What was not tried goes back."""
    models.prefetch_related_objects(claimed, "person", "address")
    try:
        server = get_connection()
    except ImproperlyConfigured:  # such as a provider without its key
        CLAIMS.put_off(claimed, timedelta(0))
        _pause("MAIL_PROVIDER_KEYS: incomplete")
        return False
    try:
        for number, mail in enumerate(claimed):
            if not _send(mail, server):
                if untried := claimed[number + 1 :]:
                    CLAIMS.put_off(untried, timedelta(0))
                return False
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.close()
    return True


def _send(mail: OutgoingMail, server: BaseEmailBackend) -> bool:
    """Whether the mail server can be asked for another one."""
    if timezone.now() > mail.not_after:
        address = letters.addressed_to(mail)
        _give_up(mail, mail.last_error or "nobody sent it in time")
        if refusals.is_of_the_address(mail.last_error):
            bounces.bounced_softly(mail.person, address, str(mail.pk), timezone.now())
        return True
    try:
        letter = letters.letter(mail)
        server.open()
        server.send_messages([letter])
    except letters.NotWanted as reason:
        CLAIMS.held([mail]).update(
            lease_until=None, former_address="", failed_at=timezone.now(), last_error=str(reason)
        )
        logger.info("Mail %s (%s) is not sent: %s.", mail.pk, mail.kind, reason)
    except (smtplib.SMTPException, AnymailError) as error:
        return _refused(mail, error)
    except OSError as error:
        _put_off(mail, type(error).__name__)
        return False
    except Exception as error:  # a fault of ours in one mail keeps no other from being sent
        logger.exception("Mail %s (%s) could not be made.", mail.pk, mail.kind)
        _put_off(mail, type(error).__name__)
    else:
        # Whoever listens writes it down as well, and none of them would hear of it again.
        with transaction.atomic():
            _write_down(mail)
            letters.SENT.send(sender=OutgoingMail, mail=mail)
    return True


def _write_down(mail: OutgoingMail) -> None:
    """That it was taken by the mail server."""
    with connection.cursor() as cursor:
        cursor.execute(SENT, {"mail": mail.pk, "attempts": mail.attempts, "now": timezone.now()})


def _refused(mail: OutgoingMail, error: smtplib.SMTPException | AnymailError) -> bool:
    answer = refusals.of(error)
    if answer.meaning is Meaning.ADDRESS:
        bounces.stop_mail(mail.person, letters.addressed_to(mail), answer.said, timezone.now())
        _give_up(mail, answer.said)
    elif answer.meaning is Meaning.MAIL:
        _give_up(mail, answer.said)
    else:
        _put_off(mail, answer.said)
        if answer.meaning is Meaning.US:
            _pause(answer.said)
    return answer.meaning in (Meaning.ADDRESS, Meaning.MAIL, Meaning.LATER)


def _pause(said: str) -> None:
    """Whatever we send is refused until a setting is put right: one at a time asks again, and nobody is given up."""
    now = timezone.now()
    until = now + PAUSED
    standing = MailPause.objects.filter(pk=1).first()
    since = standing.since if standing and _still_refuses(standing, now) else now
    MailPause.objects.update_or_create(pk=1, defaults={"since": since, "until": until, "said": said})
    logger.error("The mail server refuses to take our mail: %s. Nothing is sent until %s.", said, until)


def _still_refuses(pause: MailPause, now: datetime) -> bool:
    """Whether nothing has left since, and something was tried as soon as it could be."""
    lately = OutgoingMail.objects.filter(created_at__gt=pause.since - WORTH_KNOWING)
    return now - pause.until <= max(PAUSES) and not lately.filter(sent_at__gt=pause.since).exists()


def _put_off(mail: OutgoingMail, said: str) -> None:
    wait = pause(mail.attempts, PAUSES)
    CLAIMS.put_off([mail], wait, last_error=said)
    logger.warning("Mail %s (%s) was not taken: %s. It is tried again in %s.", mail.pk, mail.kind, said, wait)


def _give_up(mail: OutgoingMail, said: str) -> None:
    CLAIMS.held([mail]).update(lease_until=None, former_address="", failed_at=timezone.now(), last_error=said)
    logger.error("Mail %s (%s) will not be sent: %s.", mail.pk, mail.kind, said)


def clear() -> None:
    """Delete what is older than KEPT; by then every mail was sent or given up."""
    bounces.clear(timezone.now())
    OutgoingMail.objects.filter(created_at__lt=timezone.now() - KEPT).delete()
