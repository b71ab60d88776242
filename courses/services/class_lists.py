"""A pasted class list, beside the accounts that there are; and everybody in it put into a cohort, in one go."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext

from accounts import names
from accounts.models import User
from accounts.services import people
from courses import class_lists
from courses.class_lists import Entry
from courses.models import Cohort, Enrolment
from courses.services import news
from courses.services.cohorts import put_in


@dataclass(frozen=True)
class Newcomer:
    """Somebody without an account. `key` is their place in the list; `doubt` stands in the way of creating one."""

    key: int
    entry: Entry
    username: str
    doubt: str = ""
    remark: str = ""


@dataclass
class Sorted:
    known: list[tuple[Entry, User]] = field(default_factory=list)
    new: list[Newcomer] = field(default_factory=list)
    # Each with the number of the line that names the same person.
    repeated: list[tuple[Entry, int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Accounts:
    by_name: dict[str, User]
    by_address: dict[str, User]
    by_display_name: dict[str, list[User]]
    here: frozenset[int]

    def of(self, entry: Entry) -> User | None:
        """Whoever has the address; without one, whoever has the name, as a username or in this very cohort."""
        if entry.address:
            # A username may look like an address.
            address = names.folded(entry.address)
            return self.by_address.get(address) or self.by_name.get(address)
        if found := self.by_name.get(names.folded(entry.username or entry.name)):
            return found
        there = [user for user in self.called(entry) if user.pk in self.here and not user.email]
        return there[0] if len(there) == 1 else None

    def called(self, entry: Entry) -> list[User]:
        return self.by_display_name.get(entry.name.lower(), []) if entry.name else []


def sort_out(cohort: Cohort, text: str) -> Sorted:
    """Who of a class list has an account, who is to get one, and what is unclear: nobody is created yet."""
    entries = class_lists.read(text)
    accounts, found = _accounts(cohort, entries), Sorted()
    seen: dict[int | str, int] = {}
    called: dict[str, int] = {}
    for key, entry in enumerate(entries):
        user = None if entry.doubt else accounts.of(entry)
        who = user.pk if user else names.folded(entry.address)
        if who and who in seen:
            found.repeated.append((entry, seen[who]))
            continue
        if who:
            seen[who] = entry.number
        if user:
            found.known.append((entry, user))
        else:
            found.new.append(_newcomer(key, entry, accounts, called))
    found.new = _with_usernames(found.new)
    return found


def _accounts(cohort: Cohort, entries: Sequence[Entry]) -> _Accounts:
    wanted = {names.folded(name) for one in entries for name in (one.address, one.username, one.name) if name}
    called = {one.name.lower() for one in entries if one.name}
    found = list(User.objects.filter(Q(username__in=wanted) | Q(email__in=wanted)))
    alike = list(User.objects.alias(lower=Lower("display_name")).filter(lower__in=called))
    addressed = EmailAddress.objects.filter(email__in=wanted, verified=True, user__deleted_at=None)
    by_address = {one.email: one.user for one in addressed.select_related("user")}
    by_display_name: dict[str, list[User]] = {}
    for user in alike:
        by_display_name.setdefault(user.display_name.lower(), []).append(user)
    here = cohort.enrolments.filter(user__in=alike).values_list("user_id", flat=True)
    return _Accounts(
        {user.username: user for user in found},
        by_address | {user.email: user for user in found if user.email},
        by_display_name,
        frozenset(here),
    )


def _newcomer(key: int, entry: Entry, accounts: _Accounts, called: dict[str, int]) -> Newcomer:
    """`called` has the line of each name so far."""
    remark = ""
    if entry.address and not entry.name and (guessed := _name_of(entry.address)):
        entry, remark = replace(entry, name=guessed), gettext("We took the name from the address.")
    doubt = entry.doubt or _doubt(entry, accounts, called.get(entry.name.lower()))
    called.setdefault(entry.name.lower(), entry.number)
    return Newcomer(key, entry, "", doubt, "" if doubt else remark)


def _doubt(entry: Entry, accounts: _Accounts, twin: int | None) -> str:
    """Why an account for this person could be one too many; `twin` is the line that has the same name already."""
    if not entry.name:
        return gettext("There is no name in this line.")
    alike = [user for user in accounts.called(entry) if not (entry.address and user.email)]
    if alike:
        words = {"name": entry.name, "usernames": ", ".join(user.username for user in alike)}
        return gettext("There is already an account called %(name)s: %(usernames)s. Is this someone else?") % words
    if twin is not None and not entry.address:
        return gettext("Line %(number)d has the same name. Is this someone else?") % {"number": twin}
    if names.folded(entry.username) in accounts.by_name:
        return gettext("The username %(name)s belongs to someone else.") % {"name": entry.username}
    if not entry.address and not entry.username and names.USERNAME.fullmatch(entry.name):
        return gettext("No account has this username. If it is a name, you can create an account.")
    return ""


def _name_of(address: str) -> str:
    """ "noa.levi@…" as Noa Levi; "" where no two words stand in it."""
    words = address.partition("@")[0].replace("_", ".").split(".")
    return " ".join(word.capitalize() for word in words) if len(words) > 1 and all(map(str.isalpha, words)) else ""


def _with_usernames(new: list[Newcomer]) -> list[Newcomer]:
    # Who typed "noa.levi" as a name meant a username.
    wanted = [
        own
        if names.USERNAME.fullmatch(own := names.folded(one.entry.username) or one.entry.name)
        else names.proposed(one.entry.name, one.entry.address)
        for one in new
    ]
    return [replace(one, username=name) for one, name in zip(new, people.free_usernames(wanted), strict=True)]


@transaction.atomic
def add(cohort: Cohort, known: Sequence[User], new: Sequence[User], *, role: str, by: User) -> list[User]:
    """Create the new accounts and put everybody into the cohort, all of them or none: raises people.Taken.

    Gives those who were not in the cohort before, in this role. Their first links are for somebody to send or print.
    """
    now = timezone.now()
    everybody = {user.pk: user for user in [*known, *people.create(new)]}
    standing = Enrolment.objects.filter(cohort=cohort, user__in=everybody, state="active", role=role)
    before = set(standing.values_list("user_id", flat=True))
    put_in(cohort, everybody.values(), role=role, by=by)
    news.came_in(cohort, by=by, since=now)
    return [user for key, user in everybody.items() if key not in before]
