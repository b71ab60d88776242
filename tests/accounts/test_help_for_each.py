"""Help: everybody is led to their own, and its contents lead to what they name."""

import pytest
from django.test import Client
from lxml import html

from tests.cast import Cast


@pytest.mark.parametrize(
    ("role", "leads_to"),
    [("student", "/help/"), ("teacher", "/help/teaching/"), ("admin", "/help/managing/"), (None, "/help/")],
)
def test_the_foot_of_every_page_leads_to_the_help_of_its_reader(
    cast: Cast, client: Client, role: str | None, leads_to: str
) -> None:
    if role:
        client.force_login(getattr(cast, role))
    page = html.fromstring(client.get("/privacy/").content)
    assert page.xpath('//footer//a[.="Help"]/@href') == [leads_to]


def test_the_contents_of_the_help_for_teachers_name_its_parts_in_order(cast: Cast, client: Client) -> None:
    client.force_login(cast.teacher)
    page = html.fromstring(client.get("/help/teaching/").content)
    listed = [(one.get("href")[1:], one.text_content()) for one in page.xpath('//nav[@aria-label="On this page"]//a')]
    assert listed == [(one.get("id"), one.text_content()) for one in page.xpath("//main//h2")]
