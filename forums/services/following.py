"""Following and muting a thread, the talk about a module, or a whole forum."""

from accounts.models import User
from courses.models import Cohort, Module
from forums.models import Following, Thread

FOLLOW, MUTE, NEITHER = "follow", "mute", "neither"


def choose(
    person: User, cohort: Cohort, choice: str, *, module: Module | None = None, thread: Thread | None = None
) -> None:
    """`choice` is one of FOLLOW, MUTE and NEITHER; of two at once the later counts."""
    of = {"person": person, "cohort": cohort, "module": module, "thread": thread}
    if choice == NEITHER:
        Following.objects.filter(**of).delete()
    else:
        Following.objects.update_or_create(**of, defaults={"muted": choice == MUTE})
