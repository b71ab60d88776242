"""What students did, as far as deletion has to know: the apps that keep it say how much there is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

# A filter for rows that have an `enrolment` and an `activity`.
Where = Mapping[str, object]


@dataclass(frozen=True)
class Held:
    """So many rows of one sort, put into `words`, and whose they are (keys of users)."""

    words: str
    people: frozenset[int]


Holder = Callable[[Where], Iterable[Held]]
# Each app with work of students adds one when it is ready.
HOLDERS: list[Holder] = []
# Whether a student is through with an activity, done or handed in: conditions for statements by hand, which join the
# enrolment as `e` and the activity as `a`. The apps that know add theirs when they are ready.
THROUGH_SQL: list[str] = []


def through_sql() -> str:
    return f"({' OR '.join(THROUGH_SQL) or 'false'})"


@dataclass(frozen=True)
class Work:
    students: int = 0
    counts: list[str] = field(default_factory=list)


def work_in(where: Where) -> Work:
    held = [one for holder in HOLDERS for one in holder(where) if one.people]
    return Work(len(frozenset().union(*(one.people for one in held))), [one.words for one in held])
