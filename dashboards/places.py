from django.utils.translation import gettext_lazy as _

from common.addresses import quick_url
from common.places import Place, join, register
from dashboards.selectors.asked import without_answer
from feedback import segments
from progress.slots import COURSE_LINKS, CourseLink

register(
    Place(
        _("Today"),
        "today",
        "dashboards:home",
        order=10,
        shown=lambda user: user.studies or not (user.teaches or user.is_staff),
    )
)
register(
    Place(
        _("Teaching"), "teach", "teach:cohorts", order=40, spaces=frozenset({"teach"}), shown=lambda user: user.teaches
    )
)
register(
    Place(
        _("Manage"),
        "manage",
        "manage:overview",
        order=50,
        spaces=frozenset({"manage"}),
        shown=lambda user: user.is_staff,
    )
)
# What only an admin does with a course.
join("manage:overview", "edit:new_course", "edit:new_import", "edit:import", "edit:delete_course")
segments.register(segments.Segment("asked", _("Asked in the forum and not answered"), 25, without_answer))
COURSE_LINKS.append(
    CourseLink(_("Your weeks"), "", lambda course, _: quick_url("dashboards:my_weeks", course), 5, beside_dates=True)
)
join("progress:courses", "dashboards:my_weeks")
