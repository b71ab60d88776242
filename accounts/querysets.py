from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from common.parts import holds

if TYPE_CHECKING:
    from accounts.models import User

# For statements by hand: the name of an account `r`, and what classmates see of it (`User.peer_name`). A space is what
# it is to Python, so that no other sign hides the rest of a name from the rule.
OTHER_SPACES = r"\t-\r\u001c-\u001f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
SPACE = rf"\u0020{OTHER_SPACES}"
NAME_SQL = f"coalesce(nullif(regexp_replace(r.display_name, '^[{SPACE}]+|[{SPACE}]+$', '', 'g'), ''), r.username)"
# By a pattern only where a name holds more than words with blanks between them: of ten thousand it took 140 ms.
PEER_NAME_SQL = f"""
CASE WHEN NOT r.minor THEN {NAME_SQL}
     WHEN r.display_name ~ '^$|^ | $|[{OTHER_SPACES}]'
     THEN regexp_replace({NAME_SQL}, '^([^{SPACE}]+)[{SPACE}](.*[{SPACE}])?([^{SPACE}])[^{SPACE}]*$', '\\1 \\3.')
     WHEN strpos(r.display_name, ' ') > 0
     THEN split_part(r.display_name, ' ', 1) || ' ' || left(split_part(r.display_name, ' ', -1), 1) || '.'
     ELSE r.display_name END
"""
# The fields of an account that `str()` of it and `peer_name` are made of, and whether there is still one.
NAMED = frozenset({"username", "display_name", "minor", "deleted_at"})


class UserQuerySet(models.QuerySet["User"]):
    def named_like(self, words: str) -> "UserQuerySet":
        return self.filter(Q(holds("display_name", words)) | Q(holds("username", words)) | Q(holds("email", words)))

    def manageable_by(self, viewer: "User") -> "UserQuerySet":
        """People whose account `viewer` may see and change: a site admin sees all, nobody else any."""
        return self if viewer.is_staff else self.none()


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]  # a base made by a call
    def get_queryset(self) -> UserQuerySet:
        """Without the accounts that were deleted: nobody signs in with one, and no list names it."""
        return super().get_queryset().filter(deleted_at=None)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username__iexact=username)

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **more: Any) -> "User":
        """Without a password the person cannot sign in until a link let them choose one."""
        user = self.model(username=username, email=email or None, **more)
        user.set_password(password)
        user.save()
        return user
