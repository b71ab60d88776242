from django.utils.translation import gettext_lazy as _

from common.places import Place, register

register(
    Place(
        _("Inbox"),
        "inbox",
        "notifications:inbox",
        order=60,
        spaces=frozenset({"notifications"}),
        # Came along with the account (notifications.receivers).
        count=lambda user: getattr(user, "unread", None) or 0,
    )
)
