"""Where this app stands on the pages of others."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common import places
from common.addresses import quick_url
from common.slots import Slot
from drafts import kinds as texts
from feedback import segments
from feedback.pages import owed
from feedback.pages.drafts import labels
from feedback.selectors import segments as found
from feedback.selectors.queue import waiting
from feedback.selectors.reading import unopened
from feedback.selectors.talks import to_answer, unread
from feedback.services.releasing import CONTACT
from notifications.slots import BESIDE, Beside
from progress.slots import (
    ARRIVALS,
    ASKED,
    CHECK_IN,
    CLASS,
    COURSE_LINKS,
    DATES,
    LESSON,
    REASONS,
    SPOKEN,
    WAITS,
    Arrivals,
    CourseLink,
)

OF_MARKERS = (
    *("queue", "mark", "release", "give", "answer", "comment", "bank", "bank_entry", "delete_bank_entry"),
    *("release_many", "settings", "pauses", "end_pause"),
    *("check_ins", "check_in", "new_check_in", "regular", "stop_regular"),
)
COURSE_LINKS.append(
    CourseLink(_("Your feedback"), "assignment", lambda course, _: quick_url("feedback:course_feedback", course), 10)
)
COURSE_LINKS.append(
    CourseLink(_("Message a teacher"), "", lambda course, _: quick_url("feedback:word", course), 20, to_people=True)
)
ARRIVALS.append(Arrivals("", "feedback/asked_on_today.html", to_answer))
ARRIVALS.append(Arrivals("assignment", "feedback/arrived.html", unopened))
CLASS.register(Slot(_("To mark"), 5, page=lambda cohort: f"{reverse('feedback:queue')}?cohort={cohort}", count=waiting))
REASONS.extend((owed.talk_reasons, owed.reasons))
ASKED.append(found.without_an_answer)
CHECK_IN.append(
    (_("Check in"), lambda cohort, enrolment: f"{quick_url('feedback:new_check_in', cohort)}?who={enrolment}")
)
SPOKEN[CONTACT] = _("gave you feedback")
WAITS.extend((owed.talk_waits, owed.waits))
texts.register("feedback", labels)
for code, label, order, find in (
    (segments.EVERYONE, _("Everyone"), 10, found.everyone),
    ("not seen", _("Not seen for 7 days"), 20, found.not_seen),
    ("late", _("Two or more lessons late"), 30, found.late),
):
    segments.register(segments.Segment(code, label, order, find))
LESSON.register(
    Slot(
        _("Your teachers"),
        20,
        page=lambda activity: quick_url("feedback:lesson_word", activity),
        for_students=True,
        label_of_link=_("Message a teacher"),
    )
)
DATES.register(
    Slot(
        _("Your teachers"),
        10,
        page=lambda person: reverse("feedback:conversations"),
        label_of_link=_("Message a teacher"),
    )
)
CLASS.register(Slot(_("Check-ins"), 7, page=lambda cohort: quick_url("feedback:check_ins", cohort)))
BESIDE.append(
    Beside(
        _("Conversations"),
        _("What a student and a teacher write to each other."),
        "forum",
        "feedback:conversations",
        shown=lambda user: user.studies or user.has_staff_role or user.is_staff,
        unread=unread,
    )
)
places.join("progress:courses", "feedback")
places.join("notifications:inbox", *(f"feedback:{name}" for name in ("conversations", "conversation", "hide_message")))
places.join("teach:cohorts", *(f"feedback:{name}" for name in OF_MARKERS))
places.join("manage:overview", "feedback:promises")
places.join("accounts:me", "feedback:away")
