"""What the apps below are told when Django starts: who makes our mails, and what comes along with every account."""

from accounts.selectors import come_along
from accounts.services import letters as account_letters
from accounts.services import people
from notifications.services import letters, mailing, planning

account_letters.MAKERS[mailing.MAIL] = letters.letter
account_letters.SENT.connect(letters.sent)
people.ZONE_CHANGED.connect(planning.zone_changed)
come_along(
    unread="(SELECT unread FROM notifications_mailbox WHERE person_id = u.id)",
    break_until="(SELECT break_until FROM notifications_mailbox WHERE person_id = u.id)",
)
