from django.utils.translation import gettext_lazy as _

from common.addresses import address, quick_url
from common.places import Place, register
from common.slots import Slot
from courses.permissions import GRANTS, Permission
from courses.slots import ABOUT_THEMSELVES
from drafts import kinds as texts
from forums.pages.drafts import labels
from forums.pages.owed import reasons, waits
from forums.selectors.introductions import said
from progress.services import contacts
from progress.slots import (
    CLASS,
    COURSE_LINKS,
    EVERYWHERE,
    LESSON,
    REASONS,
    SEARCH,
    SPOKEN,
    WAITS,
    CourseLink,
    Tool,
    add_tool,
)

register(
    Place(
        _("Forum"),
        "forum",
        "forums:forums",
        order=30,
        spaces=frozenset({"forums"}),
        shown=lambda user: user.studies or user.has_staff_role or user.is_staff,
    )
)
LESSON.register(
    Slot(
        _("Talk about this lesson"),
        10,
        page=lambda activity: quick_url("forums:talk", activity),
        fragment=lambda activity: quick_url("forums:talk", activity),
        label_of_link=_("Read and ask questions"),
    )
)


def _found_in(course: int) -> str:
    return address("forums:found_everywhere") if course == EVERYWHERE else quick_url("forums:found", course)


SEARCH.register(
    Slot(
        _("In the forum"), 10, page=_found_in, fragment=_found_in, label_of_link=_("Search what was said in the forum")
    )
)
ABOUT_THEMSELVES.register(said)
add_tool(
    Tool(
        "forums/beside_player.html",
        10,
        shown=lambda user, enrolment: (
            user.is_staff or (enrolment is not None and Permission.TALK in GRANTS[enrolment.role])
        ),
    )
)
COURSE_LINKS.append(CourseLink(_("Forum"), "", lambda _, cohort: quick_url("forums:forum", cohort), 10, to_people=True))
CLASS.register(Slot(_("Forum"), 10, page=lambda cohort: quick_url("forums:forum", cohort)))
REASONS.append(reasons)
SPOKEN.update(
    {
        contacts.REPLY: _("replied to you"),
        contacts.MENTION: _("mentioned you"),
        contacts.ANSWER: _("answered your question"),
        contacts.ACCEPTED: _("said that your answer helped"),
        contacts.ENDORSED: _("said that your answer is right"),
    }
)
WAITS.append(waits)
texts.register("forums", labels)
