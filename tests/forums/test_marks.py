"""The marks by which the index of words knows where and when a post was written."""

from datetime import date

from courses import words as cutting
from forums import words


def test_search_goes_back_over_the_turn_of_a_year_and_ends_with_everything() -> None:
    recent, longer, everything = words.latest_first("§§7", date(2027, 1, 31))
    assert recent == "('§§7.202701'|'§§7.202612')"
    assert longer.startswith(recent[:-1])
    assert longer.count("|") == max(words.BACK) - 1
    assert everything == "'§§7'"


def test_post_is_kept_under_its_course_its_cohort_and_its_month() -> None:
    assert words.kept(3, 7, date(2026, 11, 30)) == "'§3' '§3.202611' '§§7' '§§7.202611'"


def test_nobody_types_a_mark() -> None:
    assert words.SIGN not in {sign for piece in cutting.cut("§3 §§7.202611") for sign in piece.word}
