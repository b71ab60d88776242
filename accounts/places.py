from django.utils.translation import gettext_lazy as _

from common.places import Place, register

register(Place(_("Me"), "me", "accounts:me", order=90, spaces=frozenset({"accounts"})))
