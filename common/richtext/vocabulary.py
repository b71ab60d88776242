"""Which elements and attributes rich text is made of. Pages and scripts of ours use others for what is theirs."""

import re

# MathML Core, but for what can hold or hide other markup: no annotations and no actions.
MATH = {
    "math", "merror", "mfrac", "mi", "mmultiscripts", "mn", "mo", "mover", "mpadded", "mphantom", "mprescripts",
    "mroot", "mrow", "ms", "mspace", "msqrt", "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr",
    "munder", "munderover", "none",
}  # fmt: skip
# Those of them in which there is text; no element is in them.
MATH_WORDS = {"mi", "mn", "mo", "ms", "mtext"}
TAGS = MATH | {
    "a", "abbr", "audio", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd",
    "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr", "i",
    "img", "ins", "kbd", "li", "mark", "ol", "p", "pre", "q", "rp", "rt", "ruby", "s", "samp", "small", "span",
    "strong", "sub", "summary", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul", "var", "video",
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
    **{tag: {"displaystyle", "scriptlevel"} for tag in MATH},
    "math": {"display", "displaystyle", "scriptlevel"},
    "mfrac": {"displaystyle", "scriptlevel", "linethickness"},
    "mi": {"displaystyle", "scriptlevel", "mathvariant"},
    "mo": {
        "displaystyle", "scriptlevel", "fence", "form", "largeop", "lspace", "maxsize", "minsize", "movablelimits",
        "rspace", "separator", "stretchy", "symmetric",
    },
    "mover": {"displaystyle", "scriptlevel", "accent"},
    "munder": {"displaystyle", "scriptlevel", "accentunder"},
    "munderover": {"displaystyle", "scriptlevel", "accent", "accentunder"},
    "mpadded": {"displaystyle", "scriptlevel", "width", "height", "depth", "lspace", "voffset"},
    "mspace": {"displaystyle", "scriptlevel", "width", "height", "depth"},
    "mrow": {"displaystyle", "scriptlevel", "class"},
    "mtd": {"displaystyle", "scriptlevel", "columnspan", "rowspan", "class"},
}  # fmt: skip
BLOCKS = {"p", "li", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "table", "dt", "dd", "figure", "summary"}
# Blocks where they hold words of their own, and else only frames around others.
FRAMES = {"div", "details", "figcaption", "caption", "dl", "ol", "ul"}
HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
PLAYED = ("audio", "video")
# `id`s that people bring are kept for their own links, but can never take the name of one of the page's elements.
OWN_ID = "c-"
BLOCK_ID = "p-"
LONGEST_NAME = 200
ID_LENGTH = len(OWN_ID) + LONGEST_NAME
# The class of the frame in which a wide table or formula scrolls.
FRAME = "table-scroll"
# MathML Core leaves these to styles, and styles are never taken: only their classes are.
MATH_STYLES = {
    "text-align:left": "math-start",
    "text-align:right": "math-end",
    "border-top:": "math-above",
    "border-bottom:": "math-below",
    "border-left:": "math-before",
    "border-right:": "math-after",
}
CLASSES = {"div": {FRAME}, "mrow": {"math-box", "math-struck"}, "mtd": set(MATH_STYLES.values())}
# What neither XML nor Postgres takes; it also comes as `&#1;`, after the parse.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
