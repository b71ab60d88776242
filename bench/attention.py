"""``python -m bench.attention FOLDER``: how well a teacher's list tells who will fail or leave.

FOLDER holds presentations in the form of the Open University Learning Analytics data set (CC BY 4.0; Kuzilek, Hlosta,
Zdrahal 2017), as its own files or each of them with gzip. Judged are the students who are still registered on day 28,
with what was known on that day; share of sites visited stands for the share that is done.
"""

import argparse
import csv
import gzip
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import mul
from pathlib import Path
from statistics import fmean
from typing import TextIO

from dashboards import attention
from dashboards.attention import Signals

DAY = 28
LOST = ("Withdrawn", "Fail")
# Of all, the first that a teacher would get to.
TOP = 0.1
# What the table of weights is chosen from, when it may not look at the class it is judged on: one choice for each row.
CHOICES = ((2, 3), (0, 1, 2), (1, 2), (1, 2), (1, 2), (0, 1))

Class = tuple[str, str]


@dataclass
class Presentation:
    """The students of a class, in one order, and which of them were lost."""

    students: list[Signals] = field(default_factory=list)
    lost: list[bool] = field(default_factory=list)


@dataclass(frozen=True)
class Judged:
    """The area under the curve (0.5 is chance), and how many of the first tenth were lost."""

    area: float
    precision: float


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.attention", description=__doc__)
    options.add_argument("folder", type=Path)
    classes = read(options.parse_args().folder)
    found = {name: judged_each_way(one) for name, one in classes.items()}
    elsewhere = chosen_elsewhere(classes)
    for name, ways in found.items():
        one = classes[name]
        told = "; ".join(f"{way} {judged.area:.3f}, top tenth {judged.precision:.0%}" for way, judged in ways.items())
        apart = f"; weights chosen without it {elsewhere[name]:.3f}" if name in elsewhere else ""
        print(f"{' '.join(name)}, {len(one.students)} students, {fmean(one.lost):.0%} lost: {told}{apart}")
    for way in next(iter(found.values())):
        print(f"mean of {way}: {fmean(ways[way].area for ways in found.values()):.4f}")
    if elsewhere:
        print(f"mean of weights chosen without the class they are judged on: {fmean(elsewhere.values()):.4f}")


def read(folder: Path) -> dict[Class, Presentation]:
    sites = Counter(_class(row) for row in _rows(folder, "vle"))
    leaves = {
        (_class(row), row["id_student"]): row["date_unregistration"] for row in _rows(folder, "studentRegistration")
    }
    days, seen = _at_work(folder)
    due, handed_in = _work(folder)
    found: dict[Class, Presentation] = defaultdict(Presentation)
    for row in _rows(folder, "studentInfo"):
        name, student = _class(row), row["id_student"]
        left = leaves.get((name, student), "")
        if left and int(left) <= DAY:
            continue
        mine = days[name, student]
        work = handed_in[name, student]
        marks = [mark for _, mark in work.values() if mark is not None]
        signals = Signals(
            key=int(student),
            days_silent=DAY - max(mine, default=-1),
            active_days_7=_among_last(7, mine),
            active_days_14=_among_last(14, mine),
            active_days_28=_among_last(28, mine),
            due=len(due[name]),
            missing=len(due[name].keys() - work.keys()),
            late=sum(work[one][0] > date for one, date in due[name].items() if one in work),
            share_done=len(seen[name, student]) / sites[name] if sites[name] else 0,
            mean_mark=fmean(marks) if marks else None,
        )
        found[name].students.append(signals)
        found[name].lost.append(row["final_result"] in LOST)
    return dict(found)


def _at_work(folder: Path) -> tuple[dict[tuple[Class, str], set[int]], dict[tuple[Class, str], set[str]]]:
    """The days on which each student clicked, and the sites that they visited, up to the day."""
    days: dict[tuple[Class, str], set[int]] = defaultdict(set)
    seen: dict[tuple[Class, str], set[str]] = defaultdict(set)
    for row in _rows(folder, "studentVle"):
        if int(row["date"]) <= DAY:
            days[_class(row), row["id_student"]].add(int(row["date"]))
            seen[_class(row), row["id_student"]].add(row["id_site"])
    return days, seen


def _work(
    folder: Path,
) -> tuple[dict[Class, dict[str, int]], dict[tuple[Class, str], dict[str, tuple[int, float | None]]]]:
    """Which work was due by the day, and when: and what each student had handed in by it, with its mark."""
    of: dict[str, Class] = {}
    due: dict[Class, dict[str, int]] = defaultdict(dict)
    for row in _rows(folder, "assessments"):
        of[row["id_assessment"]] = _class(row)
        if row["date"] and int(row["date"]) <= DAY:
            due[_class(row)][row["id_assessment"]] = int(row["date"])
    work: dict[tuple[Class, str], dict[str, tuple[int, float | None]]] = defaultdict(dict)
    for row in _rows(folder, "studentAssessment"):
        if int(row["date_submitted"]) <= DAY and row["id_assessment"] in of:
            mark = float(row["score"]) if row["score"] not in ("", "?") else None
            work[of[row["id_assessment"]], row["id_student"]][row["id_assessment"]] = int(row["date_submitted"]), mark
    return due, work


def _class(row: Mapping[str, str]) -> Class:
    return row["code_module"], row["code_presentation"]


def _among_last(count: int, days: set[int]) -> int:
    return sum(DAY - count < day <= DAY for day in days)


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with _opened(folder / f"{name}.csv") as file:
        yield from csv.DictReader(file)


def _opened(path: Path) -> TextIO:
    packed = path.with_name(f"{path.name}.gz")
    return gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else path.open(encoding="utf-8")


def judged_each_way(one: Presentation) -> dict[str, Judged]:
    places = {needed.key: place for place, needed in enumerate(attention.order(one.students))}
    ways: dict[str, Callable[[Signals], float]] = {
        "the list": lambda student: -places[student.key],
        "days silent": lambda student: student.days_silent,
        "active days": lambda student: -student.active_days_28,
    }
    return {way: _judged([worry(student) for student in one.students], one.lost) for way, worry in ways.items()}


def _judged(worry: Sequence[float], lost: Sequence[bool]) -> Judged:
    first = sorted(range(len(worry)), key=lambda place: -worry[place])[: max(int(len(worry) * TOP), 1)]
    return Judged(area_under_curve(worry, lost), fmean(lost[place] for place in first))


def area_under_curve(worry: Sequence[float], lost: Sequence[bool]) -> float:
    """The chance that somebody who was lost stands before somebody who was not; half of it where both stand alike."""
    those, others = lost.count(True), lost.count(False)
    if not those or not others:
        return 0.5
    ranks = attention.ranks(worry)
    # Ranks go from 0 to 1: by the size of the class they are places from 0.
    places = sum(rank for rank, is_lost in zip(ranks, lost, strict=True) if is_lost) * (len(worry) - 1)
    return (places - those * (those - 1) / 2) / (those * others)


def chosen_elsewhere(classes: Mapping[Class, Presentation]) -> dict[Class, float]:
    """By class, how well that table of weights does which is the best for all the others together."""
    if len(classes) < 2:
        return {}
    areas = {name: _of_each_table(one) for name, one in classes.items()}
    found = {}
    for name in classes:
        others = [areas[other] for other in classes if other != name]
        best = max(range(len(others[0])), key=lambda table: sum(one[table] for one in others))
        found[name] = areas[name][best]
    return found


def _of_each_table(one: Presentation) -> list[float]:
    ranked = [attention.ranks([value(student) for student in one.students]) for _, value in attention.WEIGHTS]
    areas = []
    for table in itertools.product(*CHOICES):
        worry = [sum(map(mul, table, ranks)) for ranks in zip(*ranked, strict=True)]
        areas.append(area_under_curve(worry, one.lost))
    return areas


if __name__ == "__main__":
    main()
