"""What comes along with every account."""

from accounts.selectors import come_along

# Today has no query left for them. Of most people this looks into an index, and finds none.
come_along(
    announcements="""
(SELECT array_agg(n.subject) FROM notifications_notice n
  WHERE n.person_id = u.id AND n.kind = 'announcement' AND n.state = 'told' AND n.in_inbox AND n.read_at IS NULL)
"""
)
