"""What a person does in a browser, as few words, for the tests of this folder."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.core import mail
from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tasks import send_waiting_mail
from tests.factories.people import PASSWORD

SECRET = re.compile(r'id="authenticator_secret"[^>]*value="([A-Z2-7]+)"')
LINK = re.compile(r"http://testserver(/account/password/reset/key/\S+)")


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": login, "password": password, **more})


def signed_in_as(client: Client) -> int | None:
    """The id that the next request of this browser would act as."""
    found = client.session.get("_auth_user_id")
    return int(found) if found else None


def delivered() -> list[EmailMessage]:
    """Everything that was mailed, once a worker had its turn."""
    send_waiting_mail()
    return mail.outbox


def choose_password(client: Client, link: str, password: str) -> HttpResponse:
    """Open a link that lets somebody choose a password, as a browser does, and send the form."""
    form = client.get(link)
    if form.status_code != 302:
        return form
    return client.post(form["Location"], {"password1": password, "password2": password})


def totp(secret: str, at: float | None = None) -> str:
    """RFC 6238 with SHA-1, six digits and 30 seconds, as every authenticator app reckons it."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def prove(client: Client, path: str) -> HttpResponse:
    """Type the password again, as allauth asks before anything about the second step, and come to `path`."""
    return client.post(reverse("account_reauthenticate"), {"password": PASSWORD, "next": path}, follow=True)


@contextmanager
def committing() -> Iterator[None]:
    """What waits for a commit within the request happens at once: the transaction of a test never commits."""
    with patch.object(transaction, "on_commit", lambda call, **kwargs: call()):
        yield


def activate_totp(client: Client) -> str:
    """Set up an authenticator app through the pages; the secret that it holds from now on."""
    page = prove(client, reverse("mfa_activate_totp"))
    secret = SECRET.search(page.content.decode())
    assert secret, page.content.decode()
    with committing():
        answer = client.post(reverse("mfa_activate_totp"), {"code": totp(secret[1])})
    assert answer.status_code == 302, answer.content.decode()
    return secret[1]


def recovery_codes(client: Client) -> list[str]:
    text = client.get(reverse("mfa_download_recovery_codes")).content.decode()
    return re.findall(r"\b\d{8}\b", text)


def fresh_client(person: User) -> Client:
    """A browser in which `person` just signed in by typing the password."""
    client = Client()
    assert sign_in(client, person.username).status_code == 302
    return client
