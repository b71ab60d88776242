"""The second template engine: for lists of hundreds of rows, which Django's own renders too slowly (docs/adr/0017)."""

from functools import lru_cache
from typing import Any

from django.templatetags.static import static
from django.utils.translation import get_language, gettext
from jinja2 import BaseLoader, Environment, StrictUndefined

from common import timecode
from common.templatetags import ui

# A filter is called at once; a function goes through three of the engine's own, which a row feels.
FILTERS = (
    timecode.clock,
    ui.ago,
    ui.direction,
    ui.face,
    ui.icon,
    ui.instant,
    ui.left,
    ui.marked,
    ui.minutes,
    ui.minutes_in,
    ui.percent,
    ui.soon,
    ui.tile,
)


def said(words: str) -> str:
    return _said(words, get_language())


@lru_cache(maxsize=4096)
def _said(words: str, language: str) -> str:
    """Remembered, because a list says the same in every row. `language` is only the key."""
    return gettext(words)


@lru_cache(maxsize=256)
def collected(path: str) -> str:
    """The address of a file of ours, which has one name while a process lives."""
    return static(path)


def environment(loader: BaseLoader, *, auto_reload: bool, **_django: Any) -> Environment:
    """Everything is escaped, and a name that is not there is a fault.

    `_` is gettext, remembered, and not that of Jinja's extension: `makemessages` reads `{{ _("…") }}` and nothing
    else, so a word with a value is `{{ _("%(n)s left")|format(n=…) }}`. Plurals are made in `pages` modules.
    """
    made = Environment(
        loader=loader,
        auto_reload=auto_reload,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"_": said, "remembered": ui.remembered, "static": collected}
    made.filters |= {helper.__name__: helper for helper in FILTERS}
    return made
