"""A discussion of the course in words: what it asks for, and how far the reader has got."""

from typing import Any

from django.utils.translation import gettext, ngettext

from courses.models import Enrolment
from forums.models import Discussion
from forums.selectors.discussions import OfLesson
from progress.fields import total


def asked(discussion: Discussion) -> str:
    """ "Write one post, and reply to 2 others." """
    posts = ngettext("Write %(n)d post", "Write %(n)d posts", discussion.posts_needed) % {"n": discussion.posts_needed}
    replies = ngettext(
        "reply to %(n)d post of someone else", "reply to %(n)d posts of others", discussion.replies_needed
    ) % {"n": discussion.replies_needed}
    if not discussion.replies_needed:
        return gettext("%(posts)s.") % {"posts": posts}
    if not discussion.posts_needed:
        return gettext("%(replies)s.") % {"replies": replies[:1].upper() + replies[1:]}
    return gettext("%(posts)s, and %(replies)s.") % {"posts": posts, "replies": replies}


def panel(found: OfLesson, enrolment: Enrolment | None) -> dict[str, Any]:
    for cohort in found.cohorts:
        cohort.unread = max(0, (cohort.last_number or 0) - total(cohort.read))
        cohort.is_own = enrolment is not None and enrolment.cohort_id == cohort.pk
    return {"discussion": found.discussion, "asked": asked(found.discussion), "cohorts": found.cohorts}
