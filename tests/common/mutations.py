"""Markup on which parsers disagree: what got through other sanitisers, and seeded mixtures of what it is made of."""

import random
from collections.abc import Callable, Iterator

from tests.common.payloads import HTML

BAD = "<img src=https://evil.test/x onerror=alert(1)>"
PLANTED = '<p id="opening">{"token": "t", "address": "/account/logout/", "dwell": 1, "csrf": ""}</p>'
# From advisories of DOMPurify, bleach, lxml_html_clean, ammonia (nh3), Sanitize, HtmlSanitizer and Closure.
KNOWN = [
    f"<svg><style><img src=\"https://evil.test/p.png\">{PLANTED}</style></svg>",
    f"<math><style>{PLANTED}</style></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mtext><table><mglyph><style><math><img src onerror=alert(1)>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<svg><p><style><a title="</style><img src=1 onerror=alert(1)>">',
    "<math></p><style><!--</style><img src/onerror=alert(1)>",
    "<svg></br><style><!--</style><img src onerror=alert(1)>-->",
    "<noscript><style></noscript><img src=x onerror=alert(1)>",
    "<svg><style><noscript><!--</noscript><img src onerror=alert(1)>--></style></svg>",
    "<math><title><!--</title><img src=x onerror=alert(1)>-->",
    '<svg><iframe><a title="</iframe><img src onerror=alert(1)>">a',
    '<math><annotation-xml encoding="text/html"><style><a title="</style><img src onerror=alert(1)>"></a>',
    '<math><annotation-xml><style><p title="</style><iframe onload=alert(1)>"></style></annotation-xml></math>',
    '<svg><title><a title="</title><img src onerror=alert(1)>"></title></svg>',
    '<svg><desc><style><a title="</style><img src onerror=alert(1)>"></desc></svg>',
    "<svg><foreignObject><math><mi><table><mglyph><style><img src onerror=alert(1)></style></table>",
    "<form><h1></form><table><form></form></table></form></table></h1></form><math><mi><style><!--</style>"
    '<style id="--!></style></mi></math><img src onerror=alert(1)>">',
    "<table><caption><svg><title><table><caption></caption></table></title><style><a id=\"</style>"
    "<img src=x onerror=alert(1)>\"></a></style></svg></caption></table>",
    "<option><style></option></select><b><img src=x onerror=alert(1)></style></option>",
    "<select><template><style><!--</style><a rel=\"--></style></template></select><img src onerror=alert(1)>\">",
    "<select><svg><style><img src=x onerror=alert(1)></style></svg></select>",
    '<svg><![CDATA[><image xlink:href="]]><img src=xx:x onerror=alert(1)//"></svg>',
    "<math><![CDATA[</math><img src onerror=alert(1)>]]>",
    "<?xml-stylesheet ><img src=x onerror=\"alert(1)\"?>",
    "<!-- --!><img src onerror=alert(1)> -->",
    "<!--><img src onerror=alert(1)>--><!---><img src onerror=alert(1)>-->",
    "<!a foo=\"a>\" foo='><img src=\"https://evil.test/x\">'>",
    "</p foo=\"><img src=https://evil.test/x>\"></ foo=\"><img src=https://evil.test/x>\">",
    "<xmp><svg></xmp><img src onerror=alert(1)></svg>",
    "<noembed><noembed/></noembed><img src onerror=alert(1)>",
    "<noframes><p title='</noframes><img src onerror=alert(1)>'>",
    "<svg><xmp><style></xmp><img src onerror=alert(1)></style></svg>",
    "<textarea><!--</textarea><img src onerror=alert(1)>-->",
    '<svg><a xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="javascript:alert(1)"><p>a</p></a></svg>',
    "<template><table><tr><td><template></table><img src onerror=alert(1)></template>",
    "<table><tr><plaintext></table><img src onerror=alert(1)>",
    "<frameset><frame src=javascript:alert(1)></frameset><p>a",
    "<a href=https://a.test><table><a href=https://b.test><td><a href=//evil.test>c</a></table></a>",
    "<a href=/x><h2><a href=/y>a</a><h3>b</a></h2>",
    "<b><p><i><table></b></i><a href=/x><tr><td></b>a</a></table>",
    "<base href=https://evil.test/><base target=_top><a href=x>a</a><img src=x>",
    "<ruby><rb>a<rt><ruby>b</rb></rt><image src=https://evil.test/x>",
    "<body id=opening><html id=opening><head id=opening>a",
    "<svg><font color><p id=opening>a</svg><svg><font size=1 id=opening>b",
    "<math><mi><mglyph><p id=opening></mi><malignmark><img src=//evil.test/x>",
    "<math><mi><b>a</b></mi><mtext><p>b</p><a href=//evil.test>c</a></mtext></math>",
    "<math><mtext><mglyph><malignmark><style></mtext></math><img src onerror=alert(1)></style>",
    "<math><maction actiontype=toggle href=javascript:alert(1)><mi style='a'>x</mi><mtext>y</mtext></maction></math>",
    "<math><semantics><mi>x</mi><annotation-xml encoding='text/html'><p id=opening>a</p></annotation-xml></semantics>",
    "<math><semantics><mi>x</mi><annotation encoding=tex></math><img src onerror=alert(1)></annotation>",
    "<math><mfenced open='<' close='><img src onerror=alert(1)>'><mi>a</mi><mi>b</mi></mfenced></math>",
    "<mi>a<math>b<mrow>c</math>d</mi><p><math display=block><mtable><mtr><mtd><table><tr><td>a",
    "<math><mi><math><mi>a</mi></math></mi></math><table><math><mtr><mtd>b</table>",
    "<mml:math xmlns:mml='http://www.w3.org/1998/Math/MathML'><mml:mi>a</mml:mi><mml:annotation-xml><style></mml:math>",
    "<math><mtext><table><mi>a</table></mtext><ms><svg><mtext>b</svg></ms><p>c</math>d",
    "<ruby>a<rt>b<ruby>c<rp>d</ruby></rt><table><rt>e</table></ruby><math><rt>f</rt></math>",
    "<isindex prompt='<img src onerror=alert(1)>'><keygen autofocus onfocus=alert(1)>",
    "<menuitem><svg><menuitem><style></menuitem><img src onerror=alert(1)>",
    "<table><input type=hidden><input id=opening><form><tr><td></form><form id=opening>a",
    *(f"<{tag}><p title='</{tag}>{BAD}'>" for tag in ("script", "style", "iframe", "noembed", "xmp", "title")),
]  # fmt: skip
ELEMENTS = [
    "a", "a", "a", "p", "p", "div", "span", "b", "i", "u", "s", "em", "strong", "small", "code", "h1", "h2", "h3",
    "ul", "ol", "li", "dl", "dt", "dd", "table", "table", "caption", "colgroup", "col", "thead", "tbody", "tr",
    "td", "th", "pre", "blockquote", "details", "summary", "figure", "img", "video", "audio", "source", "svg",
    "svg", "math", "math", "mi", "mo", "mtext", "mglyph", "malignmark", "annotation-xml", "foreignObject", "desc",
    "title", "style", "style", "script", "noscript", "template", "select", "option", "optgroup", "textarea",
    "button", "form", "form", "input", "iframe", "object", "embed", "noembed", "noframes", "xmp", "plaintext",
    "listing", "frameset", "body", "html", "head", "base", "meta", "link", "marquee", "font", "nobr", "ruby", "rt",
    "rp", "center", "mrow", "mtr", "mtd", "mfrac", "semantics", "annotation", "mfenced", "menclose", "mstyle", "ms",
     "image", "isindex", "keygen", "unknown", "o:p", "math:p", "svg:img", "hr", "br", "wbr", "input",
]  # fmt: skip
NAMES = [
    "href", "src", "id", "name", "title", "class", "style", "onclick", "onerror", "srcset", "xlink:href", "action",
    "formaction", "background", "poster", "data", "alt", "lang", "dir", "target", "rel", "tabindex", "width",
    "start", "type", "hx-get", "data-x", "xmlns", "xmlns:xlink", "encoding", "is", "slot", "/", "=", "<b", '"x',
    "'y", "`z", "\x00", "\u00e9",
]  # fmt: skip
VALUES = [
    "//evil.test/x", "https://evil.test/x", "javascript:alert(1)", "/\\evil.test", "/x", "#a", "#opening", "#c-a",
    "opening", "main", "c-a", "p-1", "__proto__", "local:a", "data:text/html,x", "java&#9;script:alert(1)", "&#1;",
    "&#0;", "&NewLine;javascript:1", "text/html", 'a"b', "a'b", "a`b", "<b>", ">", "</style>", "-->", "]]>",
    "&quot;&gt;<img&#32;src=x>", "en", "x-y", "1", "99999", "\x01/x", "\x7f/x", "mailto:a@b.test", "/%2f/evil.test",
    "https:evil.test", "http:/evil.test", "https://a.test\\@evil.test", "/a//b", "/.//evil.test", "/..//evil.test",
    "https://a.test/&#10;x", "\u2028",
]  # fmt: skip
BETWEEN = [
    "a", " ", "\n", "&", "&lt;", "&lt;b&gt;", "&amp;lt;", "&#60;script&#62;", "&notin", "&#x0;", "\x00", "\x0c", "\x0b",
    "\x1f", "\ufeff", "\u2028", "\u202e", "\ufffe", "<", ">", "</", "<!", "<?", "<!-->", "<!--->", "<!-- -->", "<!--",
    "--!>", "-->", "<![CDATA[", "]]>", "<!DOCTYPE html>", "<?xml?>", "<%", "<a", '"', "'", "`", "=", "/>", "\r", "{{",
    "</p>", "</br>", "</table>", "</svg>", "</math>", "</style>", "</form>", "</a>", "</body>", "</html>", BAD, PLANTED,
]  # fmt: skip
AROUND = [
    "<p>%s</p>", "<table>%s</table>", "<table><tr><td>%s", "<table><tr>%s</tr></table>", "<ul><li>%s",
    "<h2>%s</h2>", "<a href=/x>%s</a>", "<b><i>%s", "<svg>%s</svg>", "<math>%s</math>", "<math><mi>%s",
    "<svg><desc>%s", "<pre>%s", "<svg><foreignObject>%s", '<math><annotation-xml encoding="text/html">%s',
    "<select>%s", "<template>%s</template>", "<noscript>%s</noscript>", "<form>%s</form>", "<style>%s</style>",
    "<!--%s-->", "<![CDATA[%s]]>", "<title>%s</title>", "<svg><style>%s</style></svg>", "<svg><![CDATA[%s]]></svg>",
    "<details><summary>%s", "<dl><dt>%s", "<option>%s", "<table><caption>%s", "<table><colgroup>%s",
    "<button>%s</button>", '<p title="%s">a', "<p title='%s'>a", "<p title=%s>",
]  # fmt: skip


def tag(chance: random.Random) -> str:
    name = chance.choice(ELEMENTS)
    if chance.random() < 0.3:
        return f"</{name}>"
    attributes = ""
    while chance.random() < 0.5:
        quote = chance.choice(['"', "'", "", "`"])
        value = (
            f"{chance.choice(['=', '=', ' = ', ''])}{quote}{chance.choice(VALUES)}{chance.choice([quote] * 9 + [''])}"
        )
        attributes += chance.choice([" ", " ", "/", "\n", "\x0c", ""]) + chance.choice(NAMES) + value
    return f"<{name}{attributes}{chance.choice(['>', '>', '>', '>', '/>', ' ', ''])}"


def soup(chance: random.Random) -> str:
    some = range(chance.randint(2, 14))
    return "".join(tag(chance) if chance.random() < 0.7 else chance.choice(BETWEEN) for _ in some)


def wrapped(chance: random.Random) -> str:
    source = chance.choice(KNOWN + HTML)
    for _ in range(chance.randint(1, 4)):
        source = chance.choice(AROUND).replace("%s", source)
    return source


def spliced(chance: random.Random) -> str:
    """Two of them cut at their tags and put together again."""
    one, other = chance.sample(KNOWN + HTML, 2)
    pieces = [piece for source in (one, other) for piece in source.replace("<", "\0<").split("\0")]
    for _ in range(chance.randint(1, 5)):
        at, to = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces.insert(to, pieces[at] if chance.random() < 0.3 else pieces.pop(at))
    return "".join(pieces)


def spoilt(chance: random.Random) -> str:
    """Single characters lost, doubled, written as references, or with something invisible between."""
    source = list(wrapped(chance) if chance.random() < 0.5 else chance.choice(KNOWN + HTML))
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(source))
        was = source[at]
        source[at] = chance.choice(["", was * 2, f"&#{ord(was[0]) if was else 0};", was + chance.choice(BETWEEN)])
    return "".join(source)


def deep(chance: random.Random) -> str:
    few = [f"<{name}>" for name in chance.sample(ELEMENTS, 3)]
    return "".join(chance.choices(few, k=chance.randint(5, 60))) + chance.choice(KNOWN) + soup(chance)


KINDS: list[Callable[[random.Random], str]] = [soup, wrapped, spliced, spoilt, deep]


def corpus(count: int, seed: int = 7) -> Iterator[str]:
    """All known ones, and then as many mixtures as are missing; the same for the same seed."""
    chance = random.Random(seed)
    yield from KNOWN[:count]
    for number in range(count - len(KNOWN)):
        yield KINDS[number % len(KINDS)](chance)
