"""What stands beside the inbox: what else is written to a person, each on a page of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from accounts.models import User


@dataclass(frozen=True)
class Beside:
    """`shown` looks at the account's own row alone; `unread` is one query, for those to whom it is shown."""

    label: "str | Promise"
    explained: "str | Promise"
    icon: str
    # The name of its page.
    url: str
    shown: "Callable[[User], bool]"
    unread: "Callable[[User], int]"


BESIDE: list[Beside] = []


def beside(viewer: "User") -> list[tuple[Beside, int]]:
    """Each with how much of it is unread."""
    return [(one, one.unread(viewer)) for one in BESIDE if one.shown(viewer)]
