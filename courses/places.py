"""What authors are writing: where each text belongs, and that files which it names are needed."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from common.numbers import row_key
from courses.kinds import KINDS
from courses.models import Activity, Course, Module
from drafts import kinds as texts
from drafts.selectors import named
from files.work import HOLDERS


def labels(person: User, places: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Of activities that this person may still change, and of modules that one may be added to."""
    parts = {place: place.split("/")[1:] for place in places}
    keys = {place: row_key(part[1]) for place, part in parts.items() if len(part) > 1}
    changed = Activity.objects.editable_by(person).filter(pk__in=keys.values()).in_bulk()
    added = Module.objects.filter(course__in=Course.objects.editable_by(person), pk__in=keys.values()).in_bulk()
    found = {}
    for place, key in keys.items():
        match parts[place]:
            case ["activities", _] if key in changed:
                found[place] = (changed[key].title, reverse("edit:activity", args=[key]))
            case ["modules", _, kind] if key in added and kind in KINDS:
                words = gettext("New activity in “%(module)s”") % {"module": added[key].title}
                found[place] = (words, reverse("edit:new_activity", args=[key, kind]))
    return found


texts.register("courses", labels)
HOLDERS.append(named)
