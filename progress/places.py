from django.utils.translation import gettext_lazy as _

from common.places import Place, register

register(Place(_("Courses"), "courses", "progress:courses", order=20, spaces=frozenset({"progress", "edit"})))
