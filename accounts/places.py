from django.utils.translation import gettext_lazy as _

from common.places import Place, register

# With the pages of allauth that one reaches from there.
SPACES = frozenset({"accounts", "account", "mfa", "usersessions"})

register(Place(_("Me"), "me", "accounts:me", order=90, spaces=SPACES))
