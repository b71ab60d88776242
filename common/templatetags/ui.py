"""The few tags every template may use without loading them (settings.TEMPLATES builtins)."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any
from zlib import crc32

from django import template
from django.forms.boundfield import BoundField
from django.forms.widgets import Widget
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language, get_language_info, gettext, ngettext

from common import scripts, timecode, zones
from common.addresses import quick_url
from common.dates import local
from common.paging import COUNTED

register = template.Library()

SOON = timedelta(days=3)
# Private-use characters around a search hit; no keyboard writes them.
HIT_START, HIT_END = "\ue000", "\ue001"


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("img/icons.svg")


@lru_cache(maxsize=256)
def _icon(name: str) -> SafeString:
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', _sprite(), name)


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of `static/img/icons.svg`. It is decoration: a word always stands beside it."""
    return _icon(name)


def attributes(values: Mapping[str, object]) -> SafeString:
    """Of an element; what is False is left out, and True has no value. Django formats each by itself, in `flatatt`."""
    said = [
        name if value is True else f'{name}="{escape(value)}"' for name, value in values.items() if value is not False
    ]
    return mark_safe(" ".join(said))  # noqa: S308  escaped here


@register.simple_tag
def row_url(name: str, number: int) -> str:
    """`url` of one row, for pages with many addresses: a route is resolved once."""
    return quick_url(name, number)


HUES = 6
# A quarter of a disc in a cell of 16 by 16, from each of its corners.
QUARTERS = (
    "M{x} {y}h16a16 16 0 0 1-16 16z",
    "M{x1} {y}v16a16 16 0 0 1-16-16z",
    "M{x1} {y1}h-16a16 16 0 0 1 16-16z",
    "M{x} {y1}v-16a16 16 0 0 1 16 16z",
)


@register.filter
@lru_cache(maxsize=4096)
def face(name: str) -> SafeString:
    """A mark for a person, drawn from their name: the same wherever it stands. Decoration; the name is beside it."""
    words = [word for word in name.split() if word[0].isalnum()]
    words = words or [next((sign for sign in name if sign.isalnum()), "·")]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    return format_html(
        '<svg class="face hue-{}" viewBox="0 0 32 32" aria-hidden="true"><circle cx="16" cy="16" r="16"/>'
        '<text x="16" y="20.500" text-anchor="middle">{}</text></svg>',
        crc32(name.encode()) % HUES,
        letters.upper(),
    )


@register.filter
@lru_cache(maxsize=1024)
def tile(title: str) -> SafeString:
    """A mark for a course, drawn from its title as `face` is."""
    seed = crc32(title.encode())
    cells = ((0, 0), (16, 0), (0, 16), (16, 16))
    path = "".join(
        QUARTERS[seed >> (8 + 2 * place) & 3].format(x=x, y=y, x1=x + 16, y1=y + 16)
        for place, (x, y) in enumerate(cells)
    )
    return format_html(
        '<svg class="face tile hue-{}" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32"/>'
        '<path d="{}"/></svg>',
        seed % HUES,
        path,
    )


@register.simple_tag
def remembered(template_name: str, **variables: object) -> SafeString:
    """A part of the page that is the same for everybody for whom `variables` are: rendered once for each.

    The variables are all that the part sees, and must be few and hashable; never somebody's own words.
    """
    return _remembered(template_name, get_language(), tuple(sorted(variables.items())))


@lru_cache(maxsize=1024)
def _remembered(template_name: str, language: str, variables: tuple[tuple[str, object], ...]) -> SafeString:
    return get_template(template_name).render(dict(variables))


@register.simple_tag
def rows(template_name: str, **variables: object) -> SafeString:
    """All rows of a list, by a template of `templates/rows/`, which is Jinja's and sees only `variables`."""
    made = get_template(template_name, using="rows").render(variables)
    return mark_safe(made)  # noqa: S308  the engine escapes (common/jinja.py)


# Widgets of Django that are one element, which `rows/field.html` writes itself; all others render themselves.
PLAIN = {f"django/forms/widgets/{name}.html" for name in ("date", "email", "number", "text", "textarea", "url")}


@register.simple_tag
def field_row(bound: BoundField) -> SafeString:
    """One field of a form with its label, its hint and what is wrong with it.

    By Jinja, and asked of the field once each: a page with two forms has a dozen of them (docs/adr/0017).
    """
    plain = _plain(bound)
    return rows(
        "field.html",
        id=bound.auto_id,
        for_id=bound.id_for_label,
        is_checkbox=bound.widget_type == "checkbox",
        is_optional=not (bound.field.required or getattr(bound.form, "asks_one_thing", False)),
        # Words that are translated late may be markup, which only their own kind tells.
        label=conditional_escape(bound.label),
        hint=conditional_escape(bound.help_text),
        errors=bound.errors,
        plain=plain,
        widget="" if plain else bound.as_widget(),
    )


def _plain(bound: BoundField) -> dict[str, Any] | None:
    """What Django's template of the widget would be given, as `BoundField.as_widget` puts it together."""
    widget = bound.field.widget
    if widget.template_name not in PLAIN or type(widget).render is not Widget.render or bound.field.localize:
        return None
    attrs = bound.build_widget_attrs({}, widget)
    if bound.auto_id and "id" not in widget.attrs:
        attrs["id"] = bound.auto_id
    return widget.get_context(bound.html_name, bound.value(), attrs)["widget"]


direction = register.filter(scripts.direction)


@register.filter
def minutes(count: int | None) -> str:
    """`75` as "1 h 15 min"; "" where nobody knows."""
    return "" if count is None else minutes_in(int(count or 0), get_language())


def time_left(known: int, unknown: int, timed: int) -> str:
    """What is left to do, in words that say whether that is all: `known` minutes of `timed` steps, beside `unknown`
    ones that have no length.

    "" where most have none: "at least 2 min" of six lessons would mislead.
    """
    return _time_left(known, unknown > 0, get_language()) if known and unknown <= timed else ""


@lru_cache(maxsize=4096)
def _time_left(known: int, at_least: bool, language: str) -> str:
    """Remembered, because an outline says it of every module."""
    words = gettext("at least %(time)s left") if at_least else gettext("%(time)s left")
    return words % {"time": minutes_in(known, language)}


@lru_cache(maxsize=4096)
def minutes_in(count: int, language: str) -> str:
    """Remembered, because an outline says it in every row. `language` is only the key."""
    hours, rest = divmod(count, 60)
    if not hours:
        return gettext("%(count)d min") % {"count": rest}
    if not rest:
        return gettext("%(hours)d h") % {"hours": hours}
    return gettext("%(hours)d h %(count)d min") % {"hours": hours, "count": rest}


@register.filter
def instant(moment: datetime | None) -> SafeString | str:
    """An instant in the reader's own zone with the zone named: "Thursday 26 November, 17:00 (Stockholm)".

    The year is named where it is not this one.
    """
    return "" if moment is None else instants()(moment)


def instants() -> Callable[[datetime], SafeString]:
    """`instant` for the rows of a list: what is the same for all of them is asked once."""
    zone, language, year = timezone.get_current_timezone(), get_language(), timezone.now().year
    return lambda moment: _instant(moment, zone, language, year)


@lru_cache(maxsize=4096)
def _instant(moment: datetime, zone: tzinfo, language: str, this_year: int) -> SafeString:
    """Remembered, because a class shares its dates. `language` is only the key."""
    here = local(moment, zone)
    text = date_format(here, "l j F, H:i" if here.year == this_year else "l j F Y, H:i")
    return format_html('<time datetime="{}">{} ({})</time>', moment.isoformat(), text, zone_city(here.tzinfo))


@register.filter
def zone_city(zone: object) -> str:
    """`America/Argentina/Buenos_Aires` as "Buenos Aires": what people call their own zone."""
    return zones.city(str(zone))


@register.filter
def zone_names(zone: object) -> str:
    """All names under which a browser may report the zone."""
    return " ".join(zones.names_of(str(zone)))


@register.filter
def day(moment: datetime | None) -> SafeString | str:
    return "" if moment is None else _day(moment, timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=4096)
def _day(moment: datetime, zone: tzinfo, language: str) -> SafeString:
    """Remembered, because feedback is released to many at once. `language` is only the key."""
    text = date_format(local(moment, zone), "j F Y")
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(), text)


@register.filter
def ago(moment: datetime | None) -> str:
    """How many days back in the reader's own calendar: "today", "yesterday", "5 days ago", "never"."""
    return gettext("never") if moment is None else days_ago()(moment)


def days_ago() -> Callable[[datetime], str]:
    """`ago` for the rows of a list: what is the same for all of them is asked once."""
    today, zone, language = timezone.localdate(), timezone.get_current_timezone(), get_language()
    return lambda moment: _days_ago((today - local(moment, zone).date()).days, language)


@lru_cache(maxsize=4096)
def _days_ago(days: int, language: str) -> str:
    """Remembered, because a list says it in every row. `language` is only the key."""
    if days <= 0:
        return gettext("today")
    if days == 1:
        return gettext("yesterday")
    return ngettext("%(count)d day ago", "%(count)d days ago", days) % {"count": days}


@register.filter
def age(moment: datetime) -> str:
    """How long ago, to put "ago" or "for" beside it: "3 hours, 10 minutes", and no zero of anything."""
    if timezone.now() - moment < timedelta(minutes=1):
        return gettext("less than a minute")
    return timesince(moment)


@register.filter
def left(moment: datetime | None) -> str:
    """How far an instant lies ahead, by calendar days of the reader: "today", "tomorrow", "in 3 days", "2 days ago"."""
    if moment is None:
        return ""
    days = (local(moment).date() - timezone.localdate()).days
    if days == 0:
        return gettext("today") if moment >= timezone.now() else gettext("earlier today")
    return _days_off(days, get_language())


@lru_cache(maxsize=4096)
def _days_off(days: int, language: str) -> str:
    """Remembered, because a list of dates says it in every row. `language` is only the key."""
    if days < 0:
        return ngettext("%(count)d day ago", "%(count)d days ago", -days) % {"count": -days}
    if days == 1:
        return gettext("tomorrow")
    return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}


@register.filter
def percent(done: int, total: int) -> int:
    """Whole percent, never 100 before everything is done."""
    return 0 if not total else min(99, done * 100 // total) if done < total else 100


@register.filter
def soon(moment: datetime, now: datetime) -> bool:
    """Whether an instant lies within the next three days: what amber means everywhere."""
    return now <= moment < now + SOON


@register.filter
def clock(milliseconds: int) -> str:
    return timecode.clock(milliseconds)


@register.filter
def spoken(milliseconds: int) -> str:
    return timecode.spoken(milliseconds or 0)


@register.filter
def seconds(milliseconds: int) -> int:
    return milliseconds // 1000


@register.filter
def capped(count: int) -> str:
    """A count of rows that was made up to `common.paging.COUNTED`: "999", and from there on "1000+"."""
    return f"{COUNTED}+" if count >= COUNTED else str(count)


@register.filter
def split(words: str) -> list[str]:
    return words.split()


@register.filter
def language_name(tag: str) -> str:
    """`pt-BR` as people who speak it call it ("Português Brasileiro"); a tag nobody named stays itself."""
    try:
        name = get_language_info(tag.lower())["name_local"]
    except KeyError:
        return tag
    return name[:1].upper() + name[1:]


@register.filter
def marked(excerpt: str) -> SafeString:
    """An excerpt with its hits in <mark>. The signs around a hit are ones that no text holds."""
    return mark_safe(escape(excerpt).replace(HIT_START, "<mark>").replace(HIT_END, "</mark>"))  # noqa: S308 escaped here
