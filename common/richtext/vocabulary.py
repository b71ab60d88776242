"""Which elements and attributes rich text is made of. Pages and scripts of ours use others for what is theirs."""

import re

TAGS = {
    "a", "abbr", "audio", "b", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del",
    "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "video",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"lang", "dir", "title", "id"},
    "a": {"href"},
    "audio": {"src", "controls"},
    "video": {"src", "controls"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "div": {"class", "tabindex"},
}
BLOCKS = {"p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dt", "dd", "figure", "summary"}
# Blocks where they hold words of their own, and else only frames around others.
FRAMES = {"div", "details", "figcaption", "caption", "dl", "ol", "ul"}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
PLAYED = ("audio", "video")
# `id`s that people bring are kept for their own links, but can never take the name of one of the page's elements.
OWN_ID = "c-"
BLOCK_ID = "p-"
# The longest anchor that search keeps.
ID_LENGTH = 40
# The one class there is, of the frame in which a wide table scrolls.
FRAME = "table-scroll"
# What neither XML nor Postgres takes; it also comes as `&#1;`, after the parse.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
