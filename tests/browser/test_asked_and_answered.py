"""A question's way: asked at a second of a lecture on a phone, answered by a classmate, read there by the next."""

from datetime import timedelta

import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from forums.models import Post, Thread
from notifications.tasks import deliver
from tests.browser.conftest import OpenBrowser
from tests.browser.lectures import Player, bees_and_a_lecture
from tests.browser.watch import Watch
from tests.factories import courses as make

PHONE = {"width": 390, "height": 844}


def test_nobody_studies_alone(open_browser: OpenBrowser, watch: Watch) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED")
    bees, lecture = bees_and_a_lecture()
    classmate, next_one = (make.EnrolmentFactory(cohort=bees.cohort).user for _ in range(2))
    teacher = make.EnrolmentFactory(cohort=bees.cohort, role="teacher").user

    # Asked on a phone that loses the line while its owner types; sent when it is back.
    phone = open_browser(bees.student, viewport=PHONE)
    page = phone.new_page()
    Player(page, lecture).open().seek(42)
    page.get_by_role("button", name="Ask at 0:42").click()
    page.get_by_label("Title").fill("Why three gaps?")
    phone.set_offline(True)
    page.get_by_label("Your text").fill("I would have taken two.")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_text("You are offline. It will be sent when you are online again.")).to_be_visible()
    assert not Thread.objects.filter(author=bees.student).exists()
    phone.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Why three gaps?")
    asked = Thread.objects.get(author=bees.student)
    assert (asked.activity, asked.at_ms, asked.posts.get().source) == (lecture, 42_000, "I would have taken two.")

    # Found by a classmate at that second, and answered.
    page = open_browser(classmate).new_page()
    Player(page, lecture).open()
    page.get_by_role("link", name="Why three gaps?").click()
    page.get_by_label("Your text").fill("The third is for *next week*.")
    page.get_by_role("button", name="Post your reply").click()
    expect(page.locator(".post .reading em")).to_have_text("next week")

    # A teacher vouches for it.
    page = open_browser(teacher).new_page()
    page.goto(f"/threads/{asked.pk}/")
    page.get_by_role("button", name="This is right").click()
    expect(page.locator(".verdict")).to_contain_text("this is right")

    # Who asked hears of it, and says that it helped.
    with time_machine.travel(timezone.now() + timedelta(minutes=20)):
        deliver()
    page = open_browser(bees.student, viewport=PHONE).new_page()
    page.goto("/inbox/")
    page.get_by_role("link", name="Why three gaps?").first.click()
    page.get_by_role("button", name="This helped").click()
    expect(page.get_by_text("This answer helped")).to_be_visible()
    assert Thread.objects.get(pk=asked.pk).accepted == Post.objects.get(author=classmate)

    # The next one who watches reads it where it came up.
    page = open_browser(next_one, viewport=PHONE).new_page()
    Player(page, lecture).open()
    row = page.get_by_role("listitem").filter(has_text="Why three gaps?")
    row.locator("summary").click()
    expect(row.locator(".reading")).to_have_text("The third is for next week.")
