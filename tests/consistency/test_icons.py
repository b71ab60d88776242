"""The sprite and whoever draws from it."""

import re

from courses.kinds import KINDS
from notifications.kinds import KINDS as NOTICES
from progress.outline import State
from tests.consistency.sources import ROOT, TEMPLATES, listed


def places() -> str:
    """The modules in which apps name their entries of the main navigation."""
    return "".join(path.read_text("utf-8") for path in sorted(ROOT.glob("*/places.py")))


def test_icons_are_those_of_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (ROOT / "static/img/icons.svg").read_text("utf-8")))
    named = {name for text in TEMPLATES.values() for name in re.findall(r'{% icon "([^"]+)" %}', text)}
    named |= {name for text in TEMPLATES.values() for name in re.findall(r'"([^"]+)"\|icon', text)}
    named |= {kind.icon for kind in KINDS.values()} | {state.value for state in State}
    named |= {kind.icon for kind in NOTICES.values()}
    named |= set(re.findall(r'Place\(\s*_\("[^"]+"\),\s*"([^"]+)"', places()))
    named |= set(re.findall(r'Beside\(\s*_\("[^"]+"\),\s*_\("[^"]+"\),\s*"([^"]+)"', places()))
    assert named - drawn == set(), "static/img/icons.svg lacks these."
    assert drawn - named == set(), "Nothing uses these icons of static/img/icons.svg; take them out."


def test_an_icon_that_data_names_is_a_kinds_or_a_state() -> None:
    """Anything else would draw nothing on the day a kind is called otherwise than its icon."""
    data = {(name, what) for name, text in TEMPLATES.items() for what in re.findall(r"{% icon ([^\" ][^ ]*) %}", text)}
    faults = [
        f"{name}: {{% icon {what} %}}"
        for name, what in sorted(data)
        if what not in ("kind.icon", "activity.icon", "entry.icon", "place.icon", "state")
    ]
    assert not faults, listed(faults, "Take the icon from the kind (`kind.icon`)")
