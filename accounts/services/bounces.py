"""Addresses that mail does not get through to: they are left alone, and their owners told on every page."""

from datetime import UTC, datetime, timedelta

from anymail.signals import AnymailTrackingEvent
from django.db import transaction
from django.db.models.functions import TruncDate

from accounts.models import SoftBounce, User
from accounts.services import refusals

# On so many days mail did not get through for the time being, within so long, and an address counts as dead. One bad
# evening of a provider is one day, however much was sent in it.
MOST_SOFT, SOFT_WITHIN = 3, timedelta(days=7)


def stop_mail(person: User, address: str, said: str, now: datetime) -> None:
    """No more mail that nobody asked for goes to an address that does not exist; its owner is told on every page."""
    User.objects.filter(pk=person.pk, email=address, mail_stopped_at=None).update(
        mail_stopped_at=now, mail_stopped_for=said
    )


def resume_mail(person: User) -> None:
    User.objects.filter(pk=person.pk).update(mail_stopped_at=None, mail_stopped_for="")
    SoftBounce.objects.filter(person=person).delete()


@transaction.atomic
def bounced_softly(person: User, address: str, mail: str, now: datetime, *, provider: str = "") -> None:
    """A mail did not get through, though the address may be a good one. `mail` names it, for each counts once."""
    # Of two at once, the second sees the first.
    if not address or not User.objects.select_for_update(no_key=True).filter(pk=person.pk, email=address).exists():
        return
    SoftBounce.objects.get_or_create(person=person, mail=mail, defaults={"address": address, "at": now})
    lately = SoftBounce.objects.filter(person=person, address=address, at__gt=now - SOFT_WITHIN)
    if lately.values_list(TruncDate("at", tzinfo=UTC)).distinct().count() >= MOST_SOFT:
        said = f"soft bounces on {MOST_SOFT} days"
        stop_mail(person, address, f"{said} ({provider})" if provider else said, now)


def mail_came_back(event: AnymailTrackingEvent, provider: str, now: datetime) -> None:
    """A provider's signed report on a mail that had left: what it says of an address counts as a refusal does."""
    found = User.objects.filter(email=(event.recipient or "").lower()).first()
    # Whoever has followed a link since then gets mail there.
    later = found and event.timestamp and found.reached_at and found.reached_at > event.timestamp
    why = refusals.reported(event, now) if found and not later else ""
    if not found or not why:
        return
    if why == refusals.SOFT:
        mail = str(event.message_id or event.event_id or event.timestamp)
        bounced_softly(found, found.email or "", f"{provider} {mail}"[:200], now, provider=provider)
    else:
        stop_mail(found, found.email or "", f"{why} ({provider})", now)


def clear(now: datetime) -> None:
    SoftBounce.objects.filter(at__lt=now - SOFT_WITHIN).delete()
