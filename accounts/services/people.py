from collections.abc import Collection, Sequence

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import CharField, Func, Q, Value
from django.dispatch import Signal
from django.utils import timezone

from accounts import names
from accounts.models import OutgoingMail, SoftBounce, User
from accounts.services import addresses, outgoing

# Sent in the transaction that gives a person another time zone; each receiver is given `person`.
ZONE_CHANGED = Signal()


@transaction.atomic
def save_person(person: User) -> User:
    """Store an account that a site admin made or changed, and keep allauth's address book in step with it."""
    if person.pk is None:
        person.set_unusable_password()
    former, zone = User.objects.filter(pk=person.pk).values_list("email", "timezone").first() or (None, None)
    person.save()
    if zone and zone != person.timezone:
        ZONE_CHANGED.send(sender=User, person=person)
    # Before they first signed in, the address may have been a slip and another person's.
    if former and former != person.email and person.last_login:
        outgoing.tell(person, OutgoingMail.Kind.EMAIL_CHANGED, former_address=former)
    stale = EmailAddress.objects.filter(user=person)
    if person.email:
        stale = stale.exclude(email__iexact=person.email)
    stale.delete()
    if person.email:
        EmailAddress.objects.update_or_create(
            user=person, email=person.email, defaults={"primary": True, "verified": True}
        )
        addresses.drop_claims(person.email, owner=person)
    return person


class Taken(Exception):
    """Somebody else got one of the usernames or addresses in this moment; nobody was created."""


@transaction.atomic
def create(people: Sequence[User]) -> list[User]:
    """Store new accounts, all of them or none: raises Taken. None has a password before its owner chooses one."""
    for person in people:
        person.set_unusable_password()
    try:
        with transaction.atomic():
            made = User.objects.bulk_create(people)
    except IntegrityError:
        raise Taken from None
    addressed = [person for person in made if person.email]
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, primary=True, verified=True) for person in addressed
    )
    EmailAddress.objects.filter(email__in=[person.email for person in addressed], verified=False).delete()
    return made


def taken(usernames: Collection[str], emails: Collection[str]) -> set[str]:
    """Those of them that somebody signs in with."""
    wanted = {*usernames, *emails}
    found = User.objects.filter(Q(username__in=wanted) | Q(email__in=wanted)).values_list("username", "email")
    confirmed = EmailAddress.objects.filter(email__in=emails, verified=True).values_list("email", flat=True)
    return wanted & {name for row in found for name in row} | set(confirmed)


def free_usernames(wanted: Sequence[str]) -> list[str]:
    """For each a username that nobody has, and no two the same: with a number where it needs one."""
    bases = {name.rstrip("0123456789") for name in wanted}
    alike = Func("username", Value("[0-9]+$"), Value(""), function="regexp_replace", output_field=CharField())
    held = set(User.everything.alias(base=alike).filter(base__in=bases).values_list("username", flat=True))
    found = []
    for name in wanted:
        found.append(names.numbered(name, held))
        held.add(found[-1])
    return found


def reached(person: User) -> None:
    """Somebody has followed a link that was mailed to the person's address: it is theirs, and mail gets there."""
    User.objects.filter(pk=person.pk).exclude(email=None).update(
        reached_at=timezone.now(), mail_stopped_at=None, mail_stopped_for=""
    )
    SoftBounce.objects.filter(person=person).delete()


@transaction.atomic
def save_own(person: User, *, chose_zone: bool) -> User:
    """Store what somebody changed of their own account; a zone that they chose is asked about no more."""
    if chose_zone:
        person.zone_confirmed_at = timezone.now()
    person.save()
    if chose_zone:
        ZONE_CHANGED.send(sender=User, person=person)
    return person


@transaction.atomic
def confirm_zone(person: User, zone: object) -> None:
    person.timezone = zone
    person.zone_confirmed_at = timezone.now()
    person.save(update_fields=["timezone", "zone_confirmed_at"])
    ZONE_CHANGED.send(sender=User, person=person)


def give_up_names(person: User) -> None:
    """Of a deleted account: others may take its username and address, and nobody signs in or gets mail by them."""
    EmailAddress.objects.filter(user=person).delete()
    former = {"username": person.username, "email": person.email}
    # No username that people choose has this sign in it, so it is free.
    User.everything.filter(pk=person.pk).update(former_names=former, username=f"deleted\u00a0{person.pk}", email=None)


def take_back_names(person: User) -> bool:
    """Whether they were still free."""
    former = person.former_names
    if any(addresses.is_taken(name, besides=person) for name in former.values() if name):
        return False
    person.username, person.email, person.former_names = former["username"], former["email"], {}
    save_person(person)
    return True
