"""The marks by which the index of words knows where and when a post was written."""

from datetime import date

from courses import words as cutting
from forums import words


def test_search_goes_back_over_the_turn_of_a_year_and_ends_with_what_is_older() -> None:
    recent, before, longer, older = words.latest_first(["§§7"], date(2027, 1, 31))
    assert recent == "('§§7.202701'|'§§7.202612')"
    assert before == "('§§7.202611'|'§§7.202610')"
    months = ["202609", "202608", "202607", "202606"]
    assert longer == "(" + "|".join(f"'§§7.{month}'" for month in months) + ")"
    passed = ["202701", "202612", "202611", "202610", *months]
    assert older == "('§§7') & !(" + "|".join(f"'§§7.{month}'" for month in passed) + ")"


def test_several_forums_are_searched_month_by_month_together() -> None:
    recent, *_, older = words.latest_first(["§§7", "§§8"], date(2027, 1, 31))
    assert recent == "('§§7.202701'|'§§8.202701'|'§§7.202612'|'§§8.202612')"
    assert older.startswith("('§§7'|'§§8') & !('§§7.202701'|")


def test_post_is_kept_under_its_course_its_cohort_and_its_month() -> None:
    assert words.kept(3, 7, date(2026, 11, 30)) == "'§3' '§3.202611' '§§7' '§§7.202611'"


def test_nobody_types_a_mark() -> None:
    assert words.SIGN not in {sign for piece in cutting.cut("§3 §§7.202611") for sign in piece.word}
