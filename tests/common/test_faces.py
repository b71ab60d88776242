"""Marks drawn from names: always the same, safe whatever the name, and quiet for screen readers."""

import re

import pytest

from common.templatetags.ui import HUES, face, tile

NAMES = [
    "Ada",
    "Ada Marsh",
    "Mary Ann O'Neill",
    "李 小龙",
    "עדה",
    "<script>",
    "&",
    "  ",
    "",
    "-- x",
    "👩‍🚀 Sam",
    "x" * 300,
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("draw", [face, tile])
def test_a_mark_is_the_same_each_time_and_nothing_of_the_name_gets_out(draw: object, name: str) -> None:
    mark = str(draw(name))
    draw.cache_clear()
    assert str(draw(name)) == mark
    assert mark.count("<svg ") == mark.count("</svg>") == 1
    assert 'aria-hidden="true"' in mark
    assert "style=" not in mark
    assert re.findall(r"<(\w+)", mark) in (["svg", "circle", "text"], ["svg", "rect", "path"])
    assert int(re.search(r"hue-(\d)", mark)[1]) < HUES


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Ada", "A"), ("ada marsh", "AM"), ("Mary Ann O'Neill", "MO"), ("李 小龙", "李小"), ("(Bo) Lee", "L"), ("", "·")]
    + [("“Ziggy”", "Z"), ("(…)", "·")],
)
def test_a_face_has_the_first_letters_of_the_first_and_the_last_name(name: str, letters: str) -> None:
    assert f">{letters}</text>" in face(name)


def test_marks_differ() -> None:
    names = [f"Course {number}" for number in range(200)]
    assert len({str(tile(name)) for name in names}) > 150
    assert {re.search(r"hue-(\d)", tile(name))[1] for name in names} == {str(hue) for hue in range(HUES)}


def test_fifty_marks_weigh_little() -> None:
    assert sum(len(face(f"Person {number}")) for number in range(50)) < 50 * 180
