"""A big task as a set of assignments, each with a date of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from courses.kinds import KINDS
from courses.models import Activity, Module, Reading
from courses.services import authoring, deleting
from feedback.models import Assignment
from feedback.services import releasing


@dataclass(frozen=True)
class Part:
    title: str
    words: str = ""


@dataclass(frozen=True)
class Task:
    """`source` are the instructions of all parts."""

    title: str
    source: str
    parts: Sequence[Part]


@transaction.atomic
def make(module: Module, task: Task, *, published: bool) -> list[Activity]:
    """At the end of the module, in order. The last part is to be good enough; those before are done with feedback."""
    made = []
    for number, part in enumerate(task.parts, start=1):
        rule = releasing.ENOUGH if number == len(task.parts) else releasing.RELEASED
        activity = Activity(
            module=module, kind="assignment", title=f"{task.title}: {part.title}", rule=rule, published=published
        )
        made.append(authoring.save_activity(activity, _content(part, task)))
    return made


def _content(part: Part, task: Task) -> dict[str, object]:
    usual, names = Assignment(), KINDS["assignment"].form.base_fields
    content = {name: getattr(usual, name) for name in names}
    source = "\n\n".join(words for words in (part.words, task.source) if words.strip())
    return {**content, "format": Reading.Format.MARKDOWN, "source": source}


@transaction.atomic
def unmake(activities: Sequence[Activity], *, by: User) -> None:
    """Raises deleting.Refused, or deleting.HoldsWork where somebody has handed something in."""
    for activity in activities:
        deleting.delete(activity, by=by)
