"""What stands in the place of something that would have come from elsewhere: words that say what it is, and a link."""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlencode, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

VIDEO, SOUND, DOCUMENT, PICTURE, PAGE = (
    (gettext_noop("Video on %(site)s"), gettext_noop("Video")),
    (gettext_noop("Sound on %(site)s"), gettext_noop("Sound")),
    (gettext_noop("Document on %(site)s"), gettext_noop("Document")),
    (gettext_noop("Picture on %(site)s"), gettext_noop("Picture")),
    (gettext_noop("Page on %(site)s"), gettext_noop("Embedded page")),
)
BY_TAG = {"img": PICTURE, "video": VIDEO, "audio": SOUND}
BY_ENDING = {
    **dict.fromkeys(("mp4", "m4v", "webm", "mov", "avi", "mkv", "ogv", "wmv"), VIDEO),
    **dict.fromkeys(("mp3", "m4a", "ogg", "oga", "wav", "aac", "flac"), SOUND),
    **dict.fromkeys(("pdf", "doc", "docx", "ppt", "pptx", "xls", "xlsx", "odt", "odp", "ods", "rtf", "txt"), DOCUMENT),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "svg", "webp"), PICTURE),
}
# What players call themselves says nothing about what they play.
NO_TITLE = re.compile(
    r"(youtube|vimeo)?[ -]*(embedded )?(video|media|audio|content|frame|iframe|embed)?[ -]*(player)?", re.IGNORECASE
)
LONGEST = 200


@dataclass(frozen=True)
class Site:
    host: str
    name: str
    kind: tuple[str, str]
    # The address of its player, and the one that a person can open.
    player: str = ""
    page: str = ""


SITES = [
    Site("dailymotion.com", "Dailymotion", VIDEO, r"/embed/video/", "/video/"),
    Site("loom.com", "Loom", VIDEO, r"/embed/", "/share/"),
    Site("ted.com", "TED", VIDEO, r"//embed\.ted\.com/", "//www.ted.com/"),
    Site("wistia.com", "Wistia", VIDEO),
    Site("wistia.net", "Wistia", VIDEO),
    Site("panopto.com", "Panopto", VIDEO, r"/Embed\.aspx", "/Viewer.aspx"),
    Site("panopto.eu", "Panopto", VIDEO, r"/Embed\.aspx", "/Viewer.aspx"),
    Site("kaltura.com", "Kaltura", VIDEO),
    Site("tiktok.com", "TikTok", VIDEO),
    Site("soundcloud.com", "SoundCloud", SOUND),
    Site("spotify.com", "Spotify", SOUND, r"\.com/embed(-podcast)?/", ".com/"),
    Site("docs.google.com", "Google Docs", DOCUMENT),
    Site("drive.google.com", "Google Drive", DOCUMENT, r"/preview\b", "/view"),
    Site("slideshare.net", "SlideShare", DOCUMENT),
    Site("scribd.com", "Scribd", DOCUMENT),
    Site("issuu.com", "Issuu", DOCUMENT),
    Site("prezi.com", "Prezi", DOCUMENT),
]
YOUTUBE = Site("youtube.com", "YouTube", VIDEO)
VIMEO = Site("vimeo.com", "Vimeo", VIDEO)
# Viewers that show what lies at another address, and the parameter that names it.
VIEWERS = {
    "view.officeapps.live.com": "src",
    "w.soundcloud.com": "url",
    "docs.google.com": "url",
    "fast.wistia.net": "",
}
_YOUTUBE_HOSTS = ("youtube.com", "youtube-nocookie.com", "youtu.be")
_YOUTUBE_PATH = re.compile(r"/(?:embed|v|live|shorts)/([\w-]{6,20})/?")
_YOUTUBE_SHORT = re.compile(r"/([\w-]{6,20})/?")


def described(tag: str, address: str, title: str) -> tuple[str, str]:
    """Words for what `tag` would have shown, and the address at which a person finds it. `address` may be a path."""
    address = _shown_by_viewer(address)
    host = _host(address)
    if _is_at(host, _YOUTUBE_HOSTS):
        site, address = YOUTUBE, youtube(address)
    elif _is_at(host, (VIMEO.host,)):
        site, address = VIMEO, vimeo(address)
    else:
        site = next((one for one in SITES if _is_at(host, (one.host,))), Site(host, host, _kind(tag, address)))
        address = re.sub(site.player, site.page, address, count=1) if site.player else address
    words = _(site.kind[0]) % {"site": site.name} if host else _(site.kind[1])
    name = _title(title) or ("" if host else _file_name(address))
    return (f"{words}: {name}" if name else words), address


def youtube(address: str) -> str:
    """Its players show nothing by themselves; the page of the same video or list does."""
    parts = _parts(address)
    asked = {key: values[0] for key, values in parse_qs(parts.query).items()} if parts else {}
    if parts is None:
        return address
    path = _YOUTUBE_SHORT if _is_at(parts.hostname or "", ("youtu.be",)) else _YOUTUBE_PATH
    found = path.fullmatch(parts.path)
    query = {}
    if found and found[1] != "videoseries":
        query["v"] = found[1]
    elif "v" in asked:
        query["v"] = asked["v"]
    query |= {key: asked[key] for key in ("list",) if key in asked}
    if start := asked.get("start") or asked.get("t"):
        query["t"] = start
    if "v" in query:
        return f"https://www.youtube.com/watch?{urlencode(query)}"
    return f"https://www.youtube.com/playlist?{urlencode(query)}" if "list" in query else address


def vimeo(address: str) -> str:
    parts = _parts(address)
    if parts is None or not (found := re.fullmatch(r"/video/([0-9]+)/?", parts.path)):
        return address
    # Who may only watch by a link finds the rest of it in a parameter.
    secret = re.search(r"\bh=(\w+)", parts.query)
    return f"https://vimeo.com/{found[1]}" + (f"/{secret[1]}" if secret else "")


def _shown_by_viewer(address: str) -> str:
    parts = _parts(address)
    if parts is None or not (name := VIEWERS.get(parts.hostname or "")):
        return address
    inner = parse_qs(parts.query).get(name, [""])[0]
    return inner if _host(inner) else address


def _kind(tag: str, address: str) -> tuple[str, str]:
    parts = _parts(address)
    ending = parts.path.rpartition(".")[2].lower() if parts else ""
    return BY_TAG.get(tag) or BY_ENDING.get(ending, PAGE)


def _title(title: str) -> str:
    title = " ".join(title.split())[:LONGEST]
    return "" if NO_TITLE.fullmatch(title) else title


def _file_name(address: str) -> str:
    parts = _parts(address)
    return unquote(parts.path.rpartition("/")[2])[:LONGEST] if parts else ""


def _host(address: str) -> str:
    parts = _parts(address)
    return (parts.hostname or "").removeprefix("www.") if parts and parts.scheme in ("http", "https") else ""


def _is_at(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == one or host.endswith(f".{one}") for one in hosts)


def _parts(address: str) -> SplitResult | None:
    """None for something that is no address at all."""
    try:
        parts = urlsplit(address)
        return parts if parts.hostname is not None or parts.path else None
    except ValueError:
        return None
