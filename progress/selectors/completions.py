"""The tick of an activity as its pages show it."""

from dataclasses import dataclass

from accounts.models import User
from courses.kinds import KINDS, Who
from courses.models import Activity, Enrolment
from progress.models import Completion, Waiting

# For a tick of a way that its kind no longer has.
WHY = "courses/why/ticked.html"


@dataclass(frozen=True)
class Tick:
    """A completion for the student who has it. `why` is the template that puts its evidence into words."""

    completion: Completion
    why: str
    own: bool

    @property
    def withdrawable(self) -> bool:
        return self.own and self.completion.withdrawable_by == Who.STUDENT


def tick(student: Enrolment, activity: Activity, viewer: User) -> Tick | None:
    """Who made it is asked only when it was somebody else."""
    completion = Completion.objects.standing().filter(enrolment=student, activity=activity).first()
    if completion is None:
        return None
    own = completion.recorded_by_id == viewer.pk
    if own:
        completion.recorded_by = viewer
    way = KINDS[activity.kind].way(completion.how)
    return Tick(completion, way.why if way else WHY, own)


def excuses_of(student: Enrolment) -> dict[int, str]:
    """Why they are excused, by the activities that they are excused from."""
    excused = Waiting.objects.filter(enrolment=student, ended_at=None, waits_for=Who.NOBODY)
    return dict(excused.values_list("activity", "reason"))


def by_teachers(student: Enrolment) -> set[int]:
    """The activities that a teacher ticked for the student, and may take back."""
    ticked = Completion.objects.standing().filter(enrolment=student, withdrawable_by=Who.TEACHER)
    return set(ticked.values_list("activity", flat=True))
