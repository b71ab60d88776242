"""Class lists as people paste them, line by line."""

from pathlib import Path

import pytest

from courses.class_lists import LONGEST_LINE, read
from tests.growth import MARKS, assert_in_step

FOLDER = Path(__file__).parents[3] / "shared" / "packages" / "roster"


def people(text: str) -> list[tuple[str, str, str]]:
    found = read(text)
    assert [one.doubt for one in found if one.doubt] == []
    return [(one.name, one.address, one.username) for one in found]


LILY = ("Lily Brown", "lily@example.org", "")


@pytest.mark.parametrize(
    "line",
    [
        "Lily Brown, lily@example.org",
        "Lily Brown <lily@example.org>",
        "Lily Brown (lily@example.org)",
        "“Lily Brown” <lily@example.org>,",
        '"Brown, Lily" <lily@example.org>',
        "lily@example.org, Lily Brown",
        "Lily Brown; lily@example.org;",
        "Lily Brown\tlily@example.org",
        "Lily\tBrown\tlily@example.org\t7B",
        "1. Lily Brown, lily@example.org",
        "12)\tLily Brown\tlily@example.org",
        "1,Lily Brown,lily@example.org,,,",
        "  -  Lily Brown – lily@example.org  ",
        "Brown, Lily, lily@example.org",
        "Lily Brown mailto:lily@example.org",
        "\ufeffLily\u00a0Brown,\u200flily@example.org",
    ],
)
def test_name_and_address_are_told_apart_however_they_are_written(line: str) -> None:
    assert people(line) == [LILY]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Ben", ["Ben"]),
        ("Brown, Lily", ["Lily Brown"]),
        ("3. Adam O’Neill", ["Adam O’Neill"]),
        ("נועה לוי", ["נועה לוי"]),
        ("Lily Brown, Noa Levi, Ben Cohen", ["Lily Brown", "Noa Levi", "Ben Cohen"]),
        ("student1", ["student1"]),
    ],
)
def test_name_alone_is_a_person(line: str, names: list[str]) -> None:
    assert [name for name, _, _ in people(line)] == names


def test_receivers_of_a_mail_in_one_line_are_many_people() -> None:
    line = '"Brown, Lily" <lily@example.org>; נועה לוי <noa@example.org>; Ben <ben@example.org>;'
    assert [name for name, _, _ in people(line)] == ["Lily Brown", "נועה לוי", "Ben"]
    assert [address for _, address, _ in people("a@x.org, b@x.org; c@x.org")] == ["a@x.org", "b@x.org", "c@x.org"]


def test_headings_say_what_each_column_holds() -> None:
    text = "Surname;Forename;Form;Email address [Required]\nBrown;Lily;7B;lily@example.org\nLevi;Noa;7B;\n;;;\n"
    assert people(text) == [LILY, ("Noa Levi", "", "")]
    assert people("שם פרטי,שם משפחה,דוא״ל\nנועה,לוי,noa@example.org") == [("נועה לוי", "noa@example.org", "")]
    assert people("Email\nlily@example.org") == [("", "lily@example.org", "")]


def test_a_username_that_is_also_a_heading_is_a_username() -> None:
    assert people("student\nteacher") == [("student", "", ""), ("teacher", "", "")]


@pytest.mark.parametrize(
    "line",
    [
        "Noa Levi, noa@example.org, parent@example.org",
        "Anna, Ben, Carl",
        "lily @ example.org",
        "12345",
        "Lily Brown, " + "x" * LONGEST_LINE,
    ],
)
def test_unclear_line_comes_back_with_a_reason_and_takes_no_other_along(line: str) -> None:
    unclear, clear = read(f"{line}\n\nBen <ben@example.org>")
    assert unclear.doubt
    assert (clear.number, clear.name, clear.address, clear.doubt) == (3, "Ben", "ben@example.org", "")


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample lists are not beside the project")
def test_lists_that_other_platforms_export_are_read() -> None:
    def names(file: str) -> list[str]:
        return [one.name for one in read((FOLDER / file).read_bytes().decode()) if not one.doubt]

    gradebook = ["Bill Blend", "Todd Farner", "Heather Gobesby", "Arthur Miller", "Stacy Mills", "Michael Moore"]
    assert names("canvas_gradebook_basic_course.csv")[:6] == gradebook
    assert names("canvas_gradebook_basic_course_with_sis_login_id.csv")[:6] == gradebook
    moodle = read((FOLDER / "moodle_uploaduser.csv").read_text())
    assert (moodle[0].name, moodle[0].address, moodle[0].username) == ("Student One", "s1@example.com", "student1")
    assert [one.address for one in read((FOLDER / "canvas_sis_utf8.csv").read_text())][:2] == [
        "email1@example.com",
        "email2@example.com",
    ]
    # Groups and courses are no people.
    assert names("moodle_groups.csv") == names("moodle_courses.csv") == []


@pytest.mark.parametrize(
    "piece", ["a", "a@", "<", '"', ",", ";a", "\t", "1. ", "- ", " ", MARKS, "Lily Brown, l@x.org\n"]
)
def test_time_grows_in_step_with_the_list(piece: str) -> None:
    assert_in_step(read, lambda size: piece * (size // len(piece)), 50_000)
