"""What the apps below are told when Django starts: who makes our mails, and what comes along with every account."""

from django.db.models import F

from accounts.querysets import come_along
from accounts.services import letters as account_letters
from notifications.services import letters, mailing

account_letters.MAKERS[mailing.MAIL] = letters.letter
account_letters.SENT.connect(letters.sent)
come_along(unread=F("mailbox__unread"))
