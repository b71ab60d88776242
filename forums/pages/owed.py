"""Questions without an answer, in words."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext

from accounts.models import User
from common.addresses import quick_url
from common.templatetags import ui
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
    return Waits(frozenset(person or ("thread", thread) for person, thread in owed.waiting(viewer)), None)
