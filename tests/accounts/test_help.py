"""The help of students is true: it names and links what they are offered, and says nothing that was true once."""

import pytest
from django.test import Client
from lxml import html

from tests.cast import Cast
from tests.factories import courses as make


def links(client: Client, path: str, within: str = "//main") -> dict[str, str]:
    """Of a page, what each link says and where it leads."""
    found = html.fromstring(client.get(path).content).xpath(f"{within}//a[@href]")
    return {" ".join(one.text_content().split()): one.get("href") for one in found}


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def test_help_links_every_place_of_the_bar(student: Client) -> None:
    bar = links(student, "/help/", "//nav")
    assert len(bar) == 5
    assert bar.items() <= links(student, "/help/").items()


def test_help_names_all_that_a_course_page_offers_and_links_what_is_of_every_course(
    student: Client, cast: Cast
) -> None:
    make.ActivityFactory(module=cast.module, kind="assignment")
    offered = links(student, f"/courses/{cast.course.pk}/", "//nav[contains(@class, 'course-links')]")
    assert len(offered) == 9
    said = " ".join(html.fromstring(student.get("/help/").content).find(".//main").text_content().split())
    assert [label for label in offered if label not in said] == []
    linked = links(student, "/help/")
    anywhere = {label: href for label, href in offered.items() if not any(sign.isdigit() for sign in href)}
    assert anywhere == {"All your dates": "/dates/"}
    assert anywhere.items() <= linked.items()
    assert {"Forum", "Message a teacher", "Search", "Choose what reaches you"} <= set(linked)


def test_every_link_of_help_opens_for_a_student(student: Client) -> None:
    for href in links(student, "/help/").values():
        assert student.get(href).status_code == 200, href


@pytest.mark.parametrize(
    "untrue", ["does not send messages", "write, call or speak", "do not see your name", "does not name them"]
)
def test_help_denies_nothing_that_there_is(student: Client, untrue: str) -> None:
    assert untrue not in " ".join(student.get("/help/").content.decode().split())
