"""The tags that every template may use: times in the reader's words, shares that never promise too much."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.template import Context, Template
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from common import dates
from common.templatetags import ui

NOW = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)  # 23:30 in Berlin, already the 23rd in Tokyo


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Berlin"):
        yield


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 min"), (1, "1 min"), (59, "59 min"), (60, "1 h"), (75, "1 h 15 min"), (120, "2 h"), (605, "10 h 5 min"),
     (None, "")],
)  # fmt: skip
def test_minutes_read_as_people_say_them(count: int | None, words: str) -> None:
    assert ui.minutes(count) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", "Sunday 22 November, 23:30 (Berlin)"),
        ("Asia/Tokyo", "Monday 23 November, 07:30 (Tokyo)"),
        ("America/Argentina/Buenos_Aires", "Sunday 22 November, 19:30 (Buenos Aires)"),
        ("UTC", "Sunday 22 November, 22:30 (UTC)"),
    ],
)
def test_instant_is_in_the_zone_of_the_reader_and_names_it(zone: str, words: str) -> None:
    with timezone.override(zone):
        assert ui.instant(NOW) == f'<time datetime="{NOW.isoformat()}">{words}</time>'


@pytest.mark.parametrize("shown", [ui.instant, ui.day, ui.left])
def test_no_instant_is_no_words(shown: object) -> None:
    assert shown(None) == ""


def test_day_is_the_calendar_day_of_the_reader() -> None:
    assert ">22 November 2026<" in ui.day(NOW)
    with timezone.override("Asia/Tokyo"):
        assert ">23 November 2026<" in ui.day(NOW)


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0, "today"), (23, "today"), (24, "yesterday"), (47, "yesterday"), (48, "2 days ago"), (24 * 20, "20 days ago"),
     (-1, "today")],
)  # fmt: skip
def test_ago_counts_calendar_days_of_the_reader(hours: int, words: str) -> None:
    assert ui.ago(NOW - timedelta(hours=hours)) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-5, "less than a minute"), (59, "less than a minute"), (60, "1\xa0minute"), (3661, "1\xa0hour, 1\xa0minute")],
)
def test_age_is_never_nought_of_anything(seconds: int, words: str) -> None:
    assert ui.age(NOW - timedelta(seconds=seconds)) == words


def test_never_is_said_where_nothing_was() -> None:
    assert ui.ago(None) == "never"


@pytest.mark.parametrize(
    ("hours", "words"),
    [(0.25, "today"), (0, "today"), (-0.25, "earlier today"), (-23, "earlier today"), (-24, "1 day ago"),
     (1, "tomorrow"), (24, "tomorrow"), (24.75, "in 2 days"), (72, "in 3 days"), (-72, "3 days ago")],
)  # fmt: skip
def test_left_counts_calendar_days_of_the_reader(hours: float, words: str) -> None:
    assert ui.left(NOW + timedelta(hours=hours)) == words


def test_tomorrow_is_another_day_in_another_zone() -> None:
    moment = NOW + timedelta(hours=1)
    assert ui.left(moment) == "tomorrow"
    with timezone.override("Asia/Tokyo"):
        assert ui.left(moment) == "today"


def test_day_that_has_23_hours_is_one_day() -> None:
    with time_machine.travel(datetime(2026, 3, 28, 22, 30, tzinfo=UTC), tick=False):
        assert ui.left(datetime(2026, 3, 29, 21, 30, tzinfo=UTC)) == "tomorrow"
        assert ui.left(datetime(2026, 3, 29, 22, 30, tzinfo=UTC)) == "in 2 days"


@given(total=st.integers(0, 10_000), data=st.data())
def test_hundred_per_cent_means_all(total: int, data: st.DataObject) -> None:
    done = data.draw(st.integers(0, total))
    share = ui.percent(done, total)
    assert 0 <= share <= 100
    assert (share == 100) == (done == total and total > 0)


@pytest.mark.parametrize(("done", "total", "share"), [(0, 0, 0), (1, 3, 33), (999, 1000, 99), (5, 4, 100), (0, 5, 0)])
def test_share_is_rounded_down(done: int, total: int, share: int) -> None:
    assert ui.percent(done, total) == share


@pytest.mark.parametrize(
    ("hours", "soon"), [(-1, False), (0, True), (1, True), (71.9, True), (72, False), (500, False)]
)
def test_soon_is_the_next_three_days(hours: float, soon: bool) -> None:
    assert ui.soon(NOW + timedelta(hours=hours), NOW) is soon


def test_hit_is_marked_and_everything_else_is_text() -> None:
    excerpt = f"<b>a</b> {ui.HIT_START}bees & <script>{ui.HIT_END} {{{{ x }}}} '\""
    assert ui.marked(excerpt) == ("&lt;b&gt;a&lt;/b&gt; <mark>bees &amp; &lt;script&gt;</mark> {{ x }} &#x27;&quot;")


@given(st.text(max_size=60))
def test_marked_text_holds_no_other_markup(excerpt: str) -> None:
    rest = ui.marked(excerpt).replace("<mark>", "").replace("</mark>", "")
    assert "<" not in rest
    assert ">" not in rest


@pytest.mark.parametrize(
    ("zone", "city"), [("America/Argentina/Buenos_Aires", "Buenos Aires"), ("UTC", "UTC"), ("Europe/Berlin", "Berlin")]
)
def test_zone_is_called_by_its_city(zone: str, city: str) -> None:
    assert ui.zone_city(zone) == city


def test_icon_is_decoration_that_a_name_cannot_break_out_of() -> None:
    assert 'aria-hidden="true"' in ui.icon("clock")
    assert "<script>" not in ui.icon('"><script>')


def test_filters_need_no_load_and_escape_by_themselves() -> None:
    template = Template("{{ 75|minutes }}; {{ moment|left }}; {{ excerpt|marked }}; {% icon 'clock' %}")
    shown = template.render(Context({"moment": NOW, "excerpt": "<i>"}))
    assert shown.startswith("1 h 15 min; today; &lt;i&gt;; <svg")


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "UTC"])
@pytest.mark.parametrize("show", [ui.instant, ui.day, ui.ago, ui.left])
@pytest.mark.parametrize("moment", [datetime.min, datetime.max, datetime(9999, 12, 31, 23, 59), datetime(1, 1, 1, 1)])
def test_moments_at_the_ends_of_the_calendar_break_no_page(moment: datetime, show: object, zone: str) -> None:
    with timezone.override(zone):
        assert show(moment.replace(tzinfo=UTC))


def test_moment_that_the_zone_of_the_reader_does_not_reach_is_told_in_its_own() -> None:
    with timezone.override("Asia/Tokyo"):
        shown = ui.instant(datetime.max.replace(tzinfo=UTC))
    assert "Friday 31 December 9999, 23:59 (UTC)" in shown


@pytest.mark.parametrize(
    ("seconds", "year"), [(1e300, 9999), (float("inf"), 9999), (-1e18, 1), (253_402_300_800, 9999), (0, 1970)]
)
def test_seconds_beyond_the_calendar_are_its_ends(seconds: float, year: int) -> None:
    assert dates.moment(seconds).year == year
