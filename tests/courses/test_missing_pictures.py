"""What a text names and the course does not have is said when it is saved."""

import io

import pytest
from django.test import Client

from courses.services.course_files import add_file
from tests.cast import Cast

SAVED = "Saved. Students keep their progress."


@pytest.fixture
def editor(cast: Cast, client: Client) -> Client:
    client.force_login(cast.editor)
    return client


def save(editor: Client, cast: Cast, source: str, format: str = "markdown") -> str:
    sent = {"title": "Bee eyes", "minutes": "5", "required": "on", "published": "on", "rule": "read"}
    response = editor.post(
        f"/edit/activities/{cast.reading.pk}/", {**sent, "format": format, "source": source}, follow=True
    )
    page = response.content.decode()
    assert SAVED in page, page
    return page


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("![A bee](bee.png)", "“bee.png”"),
        ("![A bee](file:pictures/bee.png)", "“file:pictures/bee.png”"),
        ("See [the map](maps/garden.pdf).", "“maps/garden.pdf”"),
        ("[On](activity:nowhere)", "“activity:nowhere”"),
        ("![](a.png) ![](a.png) ![](b.png)", "2 things that are not in this course: “a.png”, “b.png”"),
        ("![A bee](<bee & wasp.png>)", "bee"),
    ],
)
def test_a_name_that_leads_nowhere_is_said_at_saving(editor: Client, cast: Cast, source: str, named: str) -> None:
    page = save(editor, cast, source)
    assert "not in this course" in page
    assert named in page


def test_html_is_looked_through_as_well(editor: Client, cast: Cast) -> None:
    page = save(editor, cast, '<p>Look: <img src="bee.png" alt="A bee"></p>', "html")
    assert "“bee.png”" in page


@pytest.mark.parametrize(
    "source",
    [
        "No picture at all.",
        "[Elsewhere](https://example.org/bee.png) and ![far](https://example.org/a.png)",
        "[Write](mailto:bee@example.org) or [jump](#c-here)",
        "![protocol](//example.org/a.png)",
        "![mine](/files/1/own.png)",
    ],
)
def test_what_is_there_or_lies_elsewhere_is_no_news(editor: Client, cast: Cast, source: str) -> None:
    assert "not in this course" not in save(editor, cast, source)


def test_a_file_of_the_course_is_there(editor: Client, cast: Cast) -> None:
    add_file(cast.course, io.BytesIO(b"\x89PNG"), "bee.png")
    assert "not in this course" not in save(editor, cast, "![A bee](file:bee.png)")


def test_names_without_end_are_cut(editor: Client, cast: Cast) -> None:
    page = save(editor, cast, " ".join(f"![x]({number}{'a' * 400}.png)" for number in range(40)))
    assert "40 things" in page
    assert page.count("a" * 100) <= 6
