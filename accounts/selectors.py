"""The account of a request, which every page reads before anything else."""

from functools import cache

from accounts.models import User
from common.rows import Select

# What apps above have every request load with its account, by name: SQL about the account `u`.
ALONG: dict[str, str] = {}


def come_along(**columns: str) -> None:
    ALONG.update(columns)


@cache
def _signed_in() -> Select:
    """Made when it is first asked for: by then every app has named what comes along."""
    rest = "FROM accounts_user u WHERE u.id = %(person)s AND u.deleted_at IS NULL"
    return Select({"u": User}, rest, also=tuple(ALONG.values()))


def signed_in(person_id: int) -> User | None:
    """With what its pages say about it; None for an account that was deleted."""
    if (found := _signed_in().first(person=person_id)) is None:
        return None
    person, *along = found
    for name, value in zip(ALONG, along, strict=True):
        setattr(person, name, value)
    return person
