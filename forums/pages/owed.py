"""Questions without an answer, in words."""

from collections.abc import Mapping
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.models import User
from common.addresses import quick_url
from common.templatetags import ui
from common.templatetags.ui import capped
from courses.models import Cohort
from forums.selectors import owed
from progress.slots import Reason, Waits


def reasons(viewer: User, cohort: Cohort, now: datetime) -> Mapping[int, Reason]:
    words, press, ago = gettext("Asked “%(title)s” %(ago)s, and no one has answered."), gettext("Answer"), ui.days_ago()
    return {
        one.person: Reason(
            words % {"title": one.title, "ago": ago(one.asked_at)},
            press,
            quick_url("forums:thread", one.thread),
            one.answer_by,
        )
        for one in owed.owed(cohort)
    }


def waits(viewer: User) -> Waits:
    found = owed.waiting(viewer)
    # One's own question is on the list, and nobody waits there but oneself.
    people = frozenset(person or ("thread", thread) for person, thread in found if person != viewer.pk)
    words = ngettext("%(count)s unanswered question", "%(count)s unanswered questions", len(found))
    return Waits(people, len(found), words % {"count": capped(len(found))}, reverse("forums:unanswered"))
