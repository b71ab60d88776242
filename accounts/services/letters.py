"""The words of a mail about an account, and the link in it: made as it is sent, never kept."""

from collections.abc import Callable

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac

from accounts.models import OutgoingMail, User
from common import origin

Kind = OutgoingMail.Kind
TEMPLATES = {
    Kind.PASSWORD_LINK: "emails/password_link.txt",
    Kind.FORGOTTEN_PASSWORD: "emails/forgotten_password.txt",
    Kind.CONFIRM_ADDRESS: "emails/confirm_address.txt",
    Kind.FIRST_PASSWORD: "emails/first_password.txt",
}
NOTICE = "emails/account_changed.txt"
LONGEST_NAME = 40
# A mail has left: `mail`.
SENT = Signal()
# How mails of apps above are made; each may raise NotWanted.
MAKERS: dict[str, Callable[[OutgoingMail], EmailMessage]] = {}


def addressed_to(mail: OutgoingMail) -> str:
    """Where it goes: the address to be confirmed, one from before a change, or the person's own."""
    return mail.former_address or (mail.address.email if mail.address else mail.person.email or "")


class NotWanted(Exception):
    """This mail should no longer be sent; says why."""


def letter(mail: OutgoingMail) -> EmailMessage:
    """The mail in its reader's language and time zone. Raises NotWanted, and KeyError for a kind that nobody makes."""
    person = mail.person
    if mail.kind not in Kind.values:
        return MAKERS[mail.kind](mail)
    to = _receiver(mail)
    with translation.override(person.language), timezone.override(person.timezone):
        words = {"mail": mail, "person": person, "name": _greeted(person), **_links(mail)}
        subject = str(Kind(mail.kind).label)
        text = render_to_string(TEMPLATES.get(Kind(mail.kind), NOTICE), {**words, "what": subject})
    return EmailMessage(subject, text, to=[to], headers={"Message-ID": message_id(mail)})


def message_id(mail: OutgoingMail) -> str:
    """The same at every attempt: mail programs recognise one that was sent twice, because a worker died in between."""
    return f"<{salted_hmac('accounts.services.letters', str(mail.pk)).hexdigest()}@{origin.host()}>"


def password_link(person: User) -> str:
    """The path of a page where `person` chooses a password; valid once and for `PASSWORD_RESET_TIMEOUT` seconds."""
    key = default_token_generator.make_token(person)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(person), "key": key})


def link_days() -> int:
    """For how many days such a link is valid."""
    return settings.PASSWORD_RESET_TIMEOUT // 86400


def _greeted(person: User) -> str:
    """The first name. A mail may go to a stranger's address, so a name that reads as a link is not repeated there."""
    name = person.get_short_name()
    return person.username if len(name) > LONGEST_NAME or set(name) & set("./:@") else name


def _receiver(mail: OutgoingMail) -> str:
    if mail.person.deleted_at or (mail.kind in TEMPLATES and not mail.person.is_active):
        raise NotWanted("the account is closed")
    if mail.kind == Kind.CONFIRM_ADDRESS and (mail.address is None or mail.address.verified):
        raise NotWanted("the address is confirmed already")
    to = addressed_to(mail)
    if not to:
        raise NotWanted("the person has no address")
    return to


def _links(mail: OutgoingMail) -> dict[str, object]:
    if mail.kind == Kind.CONFIRM_ADDRESS:
        key = EmailConfirmationHMAC.create(mail.address).key
        return {"link": origin.absolute(reverse("account_confirm_email", args=[key]))}
    if mail.kind == Kind.FIRST_PASSWORD:
        return {"link": origin.absolute("/")}
    if mail.kind in TEMPLATES:
        return {"link": origin.absolute(password_link(mail.person)), "days": link_days()}
    return {
        "reset": origin.absolute(reverse("account_reset_password")),
        "sessions": origin.absolute(reverse("usersessions_list")),
    }
