"""Where the row of links above a class leads.

A page of a class is one line of PLACES, or of SETTINGS for what is set up once; an app above registers a slot at
`progress.slots.CLASS` instead.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext_lazy as _

from common.addresses import quick_url
from common.slots import Filled
from courses.models import Cohort
from courses.permissions import Permission

if TYPE_CHECKING:
    from django.utils.functional import Promise


class Entry(NamedTuple):
    label: "str | Promise"
    route: str
    needs: Permission = Permission.SEE_STUDENTS


@dataclass(frozen=True)
class Link:
    label: "str | Promise"
    address: str
    count: int | None = None


FIRST = (Entry(_("Who needs you"), "teach:needed"),)
PLACES = (
    Entry(_("Gradebook"), "teach:gradebook", Permission.MARK),
    Entry(_("Dates"), "teach:dates", Permission.SET_DATES),
    Entry(_("Lectures"), "teach:lectures"),
    Entry(_("Week by week"), "teach:weeks"),
    Entry(_("Announcements"), "courses:announcements"),
    Entry(_("People"), "courses:people"),
)
SETTINGS = (
    Entry(_("Working days"), "courses:calendar", Permission.SET_DATES),
    Entry(_("Marking settings"), "feedback:settings", Permission.SET_DATES),
    Entry(_("Archive or delete"), "manage:delete_cohort", Permission.DELETE_COHORT),
)


def places(cohort: Cohort, rights: Collection[Permission], slots: Iterable[Filled]) -> list[Link]:
    """Who needs somebody, then what apps above bring, then the rest."""
    brought = [Link(one.label, one.page, one.count) for one in slots if not one.fragment]
    return _links(FIRST, cohort, rights) + brought + _links(PLACES, cohort, rights)


def settings(cohort: Cohort, rights: Collection[Permission]) -> list[Link]:
    return _links(SETTINGS, cohort, rights)


def _links(entries: Iterable[Entry], cohort: Cohort, rights: Collection[Permission]) -> list[Link]:
    return [Link(one.label, quick_url(one.route, cohort.pk)) for one in entries if one.needs in rights]
