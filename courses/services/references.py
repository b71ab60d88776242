import re
from collections.abc import Set
from functools import cached_property
from urllib.parse import unquote

from django.urls import reverse

from common import origin
from common.richtext import LATER, Later, own_id
from courses.models import Activity, Course, CourseFile, KeptItem
from courses.packages.draft import COURSE_REFERENCE, FILE_SCHEME, ITEM_SCHEME

# What an author types, and what the package reader writes, for the same two things.
TO_ACTIVITY = ("activity:", ITEM_SCHEME)
TO_FILE = ("file:", FILE_SCHEME)
# A path on this site. Browsers read a backslash as a slash and skip control characters: `/\host` is another host,
# and escaped (as Markdown writes it) it is one for whoever decodes it.
OWN_PATH = re.compile(r"/(?!/)(?:(?!%5[Cc])[^\\\x00-\x1f\x7f])*")


def own_path(address: str) -> str | None:
    return address if OWN_PATH.fullmatch(address) else None


def from_elsewhere(address: str) -> str | None:
    """Of this site as a mail leads to it, which needs its name."""
    return origin.absolute(address) if own_path(address) else None


def plain_from_elsewhere(source: str) -> str:
    """Markdown as a mail without markup shows it, likewise."""
    return source.replace("](/", f"]({origin.absolute('/')}")


class CourseReferences:
    """Turns `activity:IDENTIFIER` and `file:PATH` in a text of `course` into addresses of this site.

    Stored text keeps the first form, so that it stays right when a course is imported again.
    """

    def __init__(self, course: Course, *, replaced: Set[str] = frozenset()) -> None:
        """`replaced` are the paths of files that an import has just given other bytes."""
        self.course, self.replaced = course, replaced

    @cached_property
    def activities(self) -> dict[str, int]:
        return dict(Activity.objects.filter(module__course=self.course).exclude(origin="").values_list("origin", "pk"))

    @cached_property
    def files(self) -> dict[str, CourseFile]:
        return {found.path: found for found in CourseFile.objects.filter(course=self.course).select_related("file")}

    @cached_property
    def kept(self) -> set[str]:
        return set(KeptItem.objects.filter(course=self.course).values_list("identifier", flat=True))

    def __call__(self, address: str) -> str | Later | None:
        if address == COURSE_REFERENCE:
            return reverse("progress:course", args=[self.course.pk])
        for scheme in TO_ACTIVITY:
            if address.startswith(scheme):
                return self._lesson(address[len(scheme) :])
        for scheme in TO_FILE:
            if address.startswith(scheme):
                found = self._named(address[len(scheme) :])
                return reverse("courses:file", args=[found.pk, found.file.name]) if found else None
        return own_path(address)

    def _named(self, name: str) -> CourseFile | None:
        """By a name that is escaped as in an address, and by one as it is on a disk, in which "%" and "#" are signs."""
        for one in (name, name.partition("#")[0]):
            for path in (unquote(one), one, one.replace("%20", " ")):
                if found := self.course_file(path):
                    return found
        return None

    def course_file(self, path: str) -> CourseFile | None:
        return self.files.get(path)

    def _lesson(self, rest: str) -> str | Later | None:
        identifier, _, fragment = rest.partition("#")
        activity = self.activities.get(unquote(identifier))
        if activity is None:
            return LATER if unquote(identifier) in self.kept else None
        lesson = reverse("progress:lesson", args=[activity])
        return f"{lesson}#{own_id(fragment)}" if fragment else lesson
