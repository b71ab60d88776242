"""A first link for somebody without an address: an admin gives it to them, on paper or on a screen."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.services.letters import password_link
from common.origin import absolute


@dataclass(frozen=True)
class Slip:
    person: User
    link: str
    until: datetime
    # A QR code, as the address of a picture: nobody copies ninety signs from paper.
    code: str


def slip(person: User) -> Slip:
    link = absolute(password_link(person))
    until = timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
    picture = b64encode(get_adapter().build_totp_svg(link).encode()).decode()
    return Slip(person, link, until, f"data:image/svg+xml;base64,{picture}")
