"""What a text may cost, each limit with its reason. All of it is counted before the text is parsed, in one reading.

The same limits hold for what is typed and for what a package brings: a page that was imported can be opened in the form
and saved again. The longest page of the real packages that we know has 9,000 characters and 190 tags.
"""

import re

from django.utils.translation import gettext as _

# Some 33,000 words: a small book. With the other limits, the worst text of this length takes half a second.
LONGEST = 200_000
# Each line of Markdown is tried against every kind of block, at each level of the quotes and lists that it is in.
MOST_LINES = 6_000
# Characters that begin something in Markdown; the dearest of them, brackets without an end, take 30 µs each.
MARKS = "[]!*_~`<&\\|$"
MOST_MARKS = 16_000
# A short row of a table is filled up to the width of its head.
MOST_CELLS = 8_000
# What a reference leads to is written out wherever it is used, however long it is.
MOST_REFERENCED = 1_000_000
# Beginnings and ends of elements. Each element takes up to 40 µs of preparing and two rounds of cleaning.
MOST_TAGS = 16_000
# Parsers compare each attribute of a tag with all before it. No editor writes a tag with more than some 30.
MOST_ATTRIBUTES = 100
# Tags that are tangled into each other may make us read each character that often in search of attributes.
SCANNED_TIMES = 10
# The parser stops at 256 elements inside each other, and browsers at 512; people write ten.
DEEPEST = 100
# A browser opens the marks of a line again in every block; each of the text's own may be inside so many.
MOST_FORMATS = 8

_TAG = re.compile(r"<[A-Za-z][^\s/>]*+")
_ATTRIBUTE = re.compile(r"""[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"?+|'[^']*+'?+|[^\s>]*+))?+""")


class TooMuch(Exception):
    """The text is over a limit; its words are a sentence for its author."""


def check_markdown(source: str) -> None:
    """Raise TooMuch before anybody parses it."""
    _check_length(source)
    if source.count("\n") + source.count("\r") > MOST_LINES:
        raise TooMuch(
            _("The text has more than %(most)s lines. Split it into several readings.") % {"most": f"{MOST_LINES:,}"}
        )
    if sum(map(source.count, MARKS)) > MOST_MARKS or _cells(source) > MOST_CELLS:
        raise TooMuch(
            _("The text has too much Markdown formatting, such as links and tables. Split it into several readings.")
        )


def check_html(source: str) -> None:
    """Raise TooMuch before anybody parses it."""
    _check_length(source)
    if source.count("<") > MOST_TAGS:
        raise too_many_elements()
    if _has_bloated_tag(source):
        raise TooMuch(_("The text has a tag with too many attributes. Remove the ones you do not need."))


def too_many_elements() -> TooMuch:
    return TooMuch(_("The text has too many tags. Split it into several readings, or remove some formatting."))


def too_deep() -> TooMuch:
    return TooMuch(
        _("The text has more than %(most)d elements nested inside each other. Close any open tags, or remove some.")
        % {"most": DEEPEST}
    )


def too_long_references() -> TooMuch:
    return TooMuch(_("The text repeats a very long address or title. Make it shorter."))


def _check_length(source: str) -> None:
    if len(source) > LONGEST:
        raise TooMuch(
            _("The text has %(length)s characters. The limit is %(most)s. Split it into several readings.")
            % {"length": f"{len(source):,}", "most": f"{LONGEST:,}"}
        )


def _cells(source: str) -> int:
    """How many cells the tables of a Markdown text can have once their rows are filled up."""
    cells = rows = widest = 0
    for line in source.splitlines():
        if line.strip():
            rows, widest = rows + 1, max(widest, line.count("|"))
        else:
            cells, rows, widest = cells + rows * widest, 0, 0
    return cells + rows * widest


def _has_bloated_tag(source: str) -> bool:
    """Every "<" with a letter counts as a beginning: a quotation mark in a comment must not hide the tag after it."""
    left = SCANNED_TIMES * len(source) + LONGEST
    for tag in _TAG.finditer(source):
        at = tag.end()
        for count in range(MOST_ATTRIBUTES + 1):
            attribute = _ATTRIBUTE.match(source, at)
            if attribute is None:
                break
            if count == MOST_ATTRIBUTES:
                return True
            at = attribute.end()
        left -= at - tag.start()
        if left < 0:
            return True
    return False
