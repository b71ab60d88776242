"""What happens in forums that people should hear of: one row each, and `forums.notices` finds out who.

No row says who did it: behind an anonymous post nobody is named.
"""

from datetime import timedelta

from forums.models import Post
from notifications.services import events

MENTIONED, ANSWERED, REPLIED = "forum_mention", "forum_answer", "forum_reply"
FOLLOWED, OPENED = "forum_post", "forum_thread"
ACCEPTED, ENDORSED = "forum_accepted", "forum_endorsed"
UNANSWERED, REPORTED = "forum_unanswered", "forum_report"
# The nearest first: of one post, a person hears by one of these.
OF_POSTS = (MENTIONED, ANSWERED, REPLIED, FOLLOWED, OPENED)
ALL = (*OF_POSTS, ACCEPTED, ENDORSED, UNANSWERED, REPORTED)

# While people write on, and change what they have just sent; but nobody waits for the end of a long talk.
SETTLES, AT_MOST = timedelta(minutes=3), timedelta(minutes=15)


def posted(post: Post) -> None:
    """A burst in one thread is one event: it begins with this post."""
    values = {"number": post.number}
    events.record(FOLLOWED, post.thread_id, values=values, quiet=SETTLES, at_most=AT_MOST)


def changed(post: Post) -> None:
    """Other words, or other readers: what inboxes say of it is brought in line, and who is named now hears of it."""
    events.record(FOLLOWED, post.thread_id, context=post.pk, values={"number": post.number})


def accepted(post: Post) -> None:
    events.record(ACCEPTED, post.pk, quiet=SETTLES)


def endorsed(post: Post) -> None:
    events.record(ENDORSED, post.pk, quiet=SETTLES)


def reported(post: Post) -> None:
    events.record(REPORTED, post.pk)
