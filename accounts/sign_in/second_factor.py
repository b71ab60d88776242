"""The second step in this session. That the account has one says nothing about who is at this browser."""

from dataclasses import dataclass

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db import connection
from django.http import HttpRequest

HELD = "SELECT id, type FROM mfa_authenticator WHERE user_id = %s"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@dataclass(frozen=True)
class Status:
    needed: bool  # the account has a factor
    shown: bool  # this session has used one that the account still has


def status(request: HttpRequest) -> Status:
    """Of the person signed in, by allauth's record of this session. Asked of the database (once), not remembered."""
    with connection.cursor() as cursor:
        cursor.execute(HELD, [request.user.pk])
        held = dict(cursor.fetchall())
    needed = any(kind in FACTORS for kind in held.values())
    used = [record for record in get_authentication_records(request, request.user) if record.get("method") == "mfa"]
    return Status(needed, needed and any(_still_held(record, held) for record in used))


def _still_held(record: dict, held: dict[int, str]) -> bool:
    # New recovery codes are another row; the person who used an old one is the same.
    codes = Authenticator.Type.RECOVERY_CODES
    return record.get("id") in held or (record.get("type") == codes and codes in held.values())
