"""Stylesheets: layers, tokens and colours."""

import re
from pathlib import Path

from tests.consistency.sources import TEMPLATES, listed, read

SITE = "static/css/site.css"
STYLES = read("static/css", "*.css")
ORDER = STYLES.pop(SITE)


def rules_of(text: str) -> str:
    return re.sub(r"/\*.*?\*/", "", text, flags=re.S).strip()


def layer_that_holds_all(text: str) -> str | None:
    opening = re.match(r"@layer (\w+) {", text)
    if opening is None:
        return None
    depth = 0
    for place, character in enumerate(text):
        depth += (character == "{") - (character == "}")
        if depth == 0 and character == "}":
            return opening[1] if place == len(text) - 1 else None
    return None


def test_every_stylesheet_lies_wholly_inside_its_layer() -> None:
    faults = []
    for name, text in STYLES.items():
        path = Path(name)
        wanted = "components" if path.parent.name == "components" else path.stem
        rules = rules_of(text)
        if path.stem == "tokens":
            order, _, rules = rules.partition("\n\n")
            assert order == "@layer tokens, reset, base, layout, components, utilities;"
        if layer_that_holds_all(rules) != wanted:
            faults.append(f"{name}: all of it belongs inside @layer {wanted} {{ }}")
    assert not faults, listed(faults, "A rule outside its layer beats every rule inside one")


def test_every_stylesheet_is_imported_once_and_tokens_first() -> None:
    assert re.findall(r"{% static '(css/[^']+)' %}", TEMPLATES["components/styles.html"]) == ["css/site.css"]
    imported = re.findall(r'^@import "([^"]+)";$', ORDER, re.M)
    assert imported[0] == "tokens.css", "tokens.css declares the order of the layers and comes first."
    assert sorted(imported) == [name.removeprefix("static/css/") for name in STYLES], (
        f"{SITE} and static/css/ hold different files."
    )


PHYSICAL = re.compile(
    r"^\s*(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*|left|right|top|bottom"
    r"|width|height|(?:min|max)-(?:width|height)|float|clear)\s*:|(?:text-align|justify-\w+)\s*:\s*(?:left|right)\b"
    # Four values in a row, of which the second and the fourth differ, have sides.
    r"|^\s*(?:margin|padding|inset)\s*:\s*(?!\S+ (\S+) \S+ \1;)\S+ \S+ \S+ \S+;",
    re.M,
)


def test_no_style_knows_left_from_right() -> None:
    """What runs from right to left is laid out by the same rules."""
    faults = [
        f"{name}: {found[0].strip()}" for name, text in STYLES.items() for found in PHYSICAL.finditer(rules_of(text))
    ]
    assert not faults, listed(faults, "Say it with inline-start, block-size and the like")


NAMED_COLOURS = (
    "aqua|beige|black|blue|brown|coral|crimson|cyan|fuchsia|gold|gray|green|grey|indigo|ivory|khaki|lavender|lime|"
    "magenta|maroon|navy|olive|orange|orchid|pink|plum|purple|red|salmon|sienna|silver|snow|tan|teal|thistle|tomato|"
    r"turquoise|violet|wheat|white|yellow|(?:dark|light|medium|pale|deep|hot|dim)(?:\w+)(?:gray|grey|blue|green|red)"
)
COLOUR = re.compile(
    rf"#[0-9a-f]{{3,8}}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|\b(?:{NAMED_COLOURS})\b", re.I
)


def test_colours_are_tokens() -> None:
    faults = []
    for name, text in STYLES.items():
        for declared, value in re.findall(r"(?:^|[{};])\s*([\w-]+)\s*:\s*([^;{}]+)(?=;)", rules_of(text)):
            # A name of a token may have a colour's word in it; what it is called is not what it is.
            if not name.endswith("tokens.css") and COLOUR.search(re.sub(r"var\([^)]*\)", "", value)):
                faults.append(f"{name}: {declared}: {value}")
    painted = re.compile(r'\s(?:fill|stroke|color|bgcolor|stop-color)="(?!none|currentColor|{{)[^"]+"')
    for name, text in TEMPLATES.items():
        faults += [f"templates/{name}:{match[0]}" for match in painted.finditer(text)]
    assert not faults, listed(faults, "Name the colour in static/css/tokens.css and use it with var()")


def test_every_token_is_declared_and_used() -> None:
    everything = "\n".join(map(rules_of, STYLES.values()))
    declared, used = set(re.findall(r"(--[\w-]+)\s*:", everything)), set(re.findall(r"var\((--[\w-]+)", everything))
    assert used == declared, f"Used, not declared: {used - declared}. Declared, not used: {declared - used}."
