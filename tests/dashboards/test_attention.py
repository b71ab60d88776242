"""Whom a teacher should look at first, as a pure function; and how well it tells who is lost, on real classes."""

import gzip
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from random import Random
from statistics import fmean

import pytest

from bench import attention as judging
from dashboards.attention import WEIGHTS, Needed, Signals, Why, order, ranks, reasons

FINE = Signals(
    key=1,
    days_silent=0,
    active_days_7=4,
    active_days_14=8,
    active_days_28=16,
    due=3,
    missing=0,
    late=0,
    share_done=0.5,
    mean_mark=70,
)
REAL = Path(__file__).parents[3] / "shared" / "packages" / "oulad_dev"


def keys(students: Sequence[Signals]) -> list[int]:
    return [needed.key for needed in order(students)]


@pytest.mark.parametrize(
    "worse",
    [
        {"missing": 1},
        {"late": 1},
        {"mean_mark": 40},
        {"active_days_28": 8},
        {"days_silent": 5},
        {"share_done": 0.1},
    ],
    ids=lambda worse: next(iter(worse)),
)
def test_who_is_worse_in_one_thing_comes_first(worse: dict[str, float]) -> None:
    others = [replace(FINE, key=key) for key in (2, 3, 4)]
    assert keys([*others, replace(FINE, key=9, **worse)])[0] == 9


def test_work_that_did_not_come_weighs_more_than_days_away() -> None:
    assert keys([replace(FINE, key=1), replace(FINE, key=2, days_silent=6), replace(FINE, key=3, missing=2)])[0] == 3


def test_equals_stay_as_they_were_given() -> None:
    assert keys([replace(FINE, key=key) for key in (5, 3, 8)]) == [5, 3, 8]


def test_a_class_of_nobody_and_of_one() -> None:
    assert order([]) == []
    assert order([FINE]) == [Needed(FINE.key, ())]


def test_who_was_not_marked_stands_in_the_middle() -> None:
    marked = [replace(FINE, key=key, mean_mark=mark) for key, mark in ((1, 20), (2, 90))]
    assert keys([*marked, replace(FINE, key=3, mean_mark=None)]) == [1, 3, 2]


def test_the_order_hangs_on_nothing_but_the_class() -> None:
    """In whatever order they come, and in whatever units: only who has more than whom counts."""
    chance = Random(7)
    students = [
        replace(
            FINE, key=key, days_silent=chance.randrange(30), missing=chance.randrange(3), share_done=chance.random()
        )
        for key in range(40)
    ]
    found = keys(students)
    shuffled = chance.sample(students, len(students))
    assert keys(shuffled) == found
    assert (
        keys([replace(one, share_done=one.share_done * 1e9, days_silent=one.days_silent * 7) for one in students])
        == found
    )


def test_nothing_is_known_of_who_somebody_is() -> None:
    known = {field.name for field in fields(Signals)}
    assert known == {
        "key", "days_silent", "active_days_7", "active_days_14", "active_days_28", "due", "missing", "late",
        "share_done", "mean_mark",
    }  # fmt: skip
    assert len(WEIGHTS) <= 6


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({}, ()),
        ({"missing": 2}, (Why.MISSING,)),
        ({"late": 1}, (Why.LATE,)),
        ({"days_silent": 7}, (Why.SILENT,)),
        ({"days_silent": 6}, ()),
        ({"active_days_7": 1}, (Why.SLOWING,)),
        # Half of a usual week is a slow week, and less is slowing.
        ({"active_days_7": 2, "active_days_28": 14}, ()),
        # Once a week was never a pace.
        ({"active_days_7": 0, "active_days_28": 3}, ()),
        # Who has stopped is not slowing.
        ({"active_days_7": 0, "days_silent": 8}, (Why.SILENT,)),
        ({"missing": 1, "late": 1, "days_silent": 20}, (Why.MISSING, Why.LATE, Why.SILENT)),
    ],
)
def test_reasons_are_held_against_dates_and_ones_own_past(what: dict[str, float], said: tuple[Why, ...]) -> None:
    assert reasons(replace(FINE, **what)) == said


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], []),
        ([3.0], [0.5]),
        ([2.0, 2.0, 2.0], [0.5, 0.5, 0.5]),
        ([10.0, 30.0, 20.0], [0, 1, 0.5]),
        ([1.0, 1.0, 5.0], [0.25, 0.25, 1]),
        ([None, 4.0, 8.0], [0.5, 0, 1]),
        ([None, None], [0.5, 0.5]),
    ],
)
def test_ranks_within_a_class(values: list[float | None], expected: list[float]) -> None:
    assert ranks(values) == expected


class TestJudging:
    """The measure itself, on a class that is small enough to check by hand."""

    def test_the_area_is_the_chance_to_stand_before_somebody_who_stayed(self) -> None:
        assert judging.area_under_curve([4, 3, 2, 1], [True, True, False, False]) == 1
        assert judging.area_under_curve([1, 2, 3, 4], [True, True, False, False]) == 0
        # Three of the four pairs are in order.
        assert judging.area_under_curve([4, 2, 3, 1], [True, True, False, False]) == 0.75
        assert judging.area_under_curve([1, 1, 1, 1], [True, True, False, False]) == 0.5

    def test_a_class_is_read_as_it_stood_on_the_day(self, tmp_path: Path) -> None:
        a_class = {"code_module": "M", "code_presentation": "2024B"}
        _write(tmp_path, "vle", [{**a_class, "id_site": str(site)} for site in range(4)])
        mine = {name: {**a_class, "id_student": str(number)} for number, name in enumerate(("ann", "bob", "cy"), 1)}
        ends = {"ann": "", "bob": "20", "cy": "100"}
        registered = [{**mine[who], "date_unregistration": end} for who, end in ends.items()]
        _write(tmp_path, "studentRegistration", registered)
        results = {"ann": "Pass", "bob": "Withdrawn", "cy": "Withdrawn"}
        _write(tmp_path, "studentInfo", [{**mine[who], "final_result": result} for who, result in results.items()])
        clicks = [("ann", "0", "28"), ("ann", "1", "22"), ("ann", "1", "3"), ("ann", "2", "29"), ("cy", "0", "-4")]
        _write(tmp_path, "studentVle", [{**mine[who], "id_site": site, "date": day} for who, site, day in clicks])
        dates = {"10": "14", "11": "27", "12": "60", "13": ""}
        _write(tmp_path, "assessments", [{**a_class, "id_assessment": one, "date": day} for one, day in dates.items()])
        sent = [("10", "ann", "13", "80"), ("11", "ann", "28", ""), ("10", "cy", "40", "30")]
        columns = ("id_assessment", "date_submitted", "score")
        work = [dict(zip(columns, (one, day, score), strict=True)) | mine[who] for one, who, day, score in sent]
        _write(tmp_path, "studentAssessment", work)
        [found] = judging.read(tmp_path).values()
        ann, cy = found.students
        assert ann == Signals(1, 0, 2, 2, 3, due=2, missing=0, late=1, share_done=0.5, mean_mark=80)
        assert cy == Signals(3, 32, 0, 0, 0, due=2, missing=2, late=0, share_done=0.25, mean_mark=None)
        assert found.lost == [False, True]

    @pytest.mark.skipif(not REAL.exists(), reason="the real classes are not here")
    def test_it_tells_who_is_lost_better_than_days_alone(self) -> None:
        classes = judging.read(REAL)
        areas = {name: judging.judged_each_way(one) for name, one in classes.items()}
        mean = {
            way: fmean(ways[way].area for ways in areas.values()) for way in ("the list", "days silent", "active days")
        }
        assert mean["the list"] >= 0.70
        assert mean["the list"] > max(mean["days silent"], mean["active days"]) + 0.04
        assert fmean(judging.chosen_elsewhere(classes).values()) >= 0.70


def _write(folder: Path, name: str, rows: Sequence[Mapping[str, str]]) -> None:
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))
