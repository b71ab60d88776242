"""A class list as people paste it: out of a spreadsheet, a register, the receivers of a mail, or typed.

Nobody is looked up here and no line is thrown away: what is not understood comes back with what is unclear about it.
Every line is gone through a fixed number of times, however long it is.
"""

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext

LONGEST_LINE = 1_000
# Signs that nobody sees: of direction, of no width, and of the beginning of a file.
UNSEEN = dict.fromkeys(map(ord, "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"))
STRAIGHT = {ord(sign): '"' for sign in "“”„‟«»"}
# "1.", "(2)", "3:", a dash or a dot before a name.
NUMBERED = re.compile(r"\s*(?:[(\[]?[0-9]{1,4}[.)\]:]\s*|[0-9]{1,4}\s+(?=[^\W\d_])|[-–—•·*]+\s+)(?=\S)")
BETWEEN_WORDS = re.compile(r"[\s<>()\[\]]+")
HEADINGS = {
    "name": "name fullname studentname student pupil pupilname learner displayname participant שם שםמלא תלמיד שםהתלמיד",
    "given": "firstname givenname given forename preferredname first שםפרטי",
    "family": "lastname familyname family surname legalsurname last שםמשפחה",
    "address": "email emails mail emailaddress emailaddresses mailaddress address primaryemail email1value "
    "userprincipalname מייל אימייל דואל דוארלקטרוני כתובתמייל",
    "username": "username loginid login sisloginid userlogin signsinas שםמשתמש",
}
MEANS = {word: part for part, words in HEADINGS.items() for word in words.split()}
# A single word above a list that is a heading and nobody's username.
ALONE = {"name", "names", "fullname", "email", "emails", "emailaddress", "emailaddresses", "username", "usernames"}
BESIDE = {"id", "sisuserid", "section", "class", "group", "form", "year", "status", "role", "no", "number"}
# The second line of a gradebook of Canvas.
NOBODY = "points possible"


@dataclass(frozen=True)
class Entry:
    """One person of the list. `number` counts lines from 1, blank ones too; `doubt` says what is unclear."""

    number: int
    typed: str
    name: str = ""
    address: str = ""
    username: str = ""
    doubt: str = ""


def read(text: str) -> list[Entry]:
    """Everybody in the list, in its order; blank lines and a line of headings are left out."""
    heading: tuple[str, list[str]] | None = None
    found: list[Entry] = []
    is_first = True
    for number, raw in enumerate(text.splitlines(), 1):
        line = _tidy(raw)
        if not line.strip(',;\t" '):
            continue
        if is_first and (heading := _heading(line)):
            is_first = False
            continue
        is_first = False
        if len(line) > LONGEST_LINE:
            doubt = gettext("This line is too long to be one person.")
            found.append(Entry(number, line[:LONGEST_LINE], doubt=doubt))
        else:
            found += _people(number, line, heading)
    return found


def _tidy(raw: str) -> str:
    # What is too long stays so, and is put in order within the limit.
    raw = raw[: 2 * LONGEST_LINE]
    return unicodedata.normalize("NFC", raw.translate(UNSEEN).translate(STRAIGHT)).strip()


def _separator(line: str) -> str:
    return next((sign for sign in "\t;" if sign in line), ",")


def _cells(line: str, separator: str) -> list[str]:
    """As a spreadsheet writes them: a cell in quotes may hold what stands between cells."""
    row = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return [" ".join(cell.split()).strip('"').rstrip(",;").strip() for cell in row]


def _word(cell: str) -> str:
    return "".join(sign for sign in cell.casefold() if sign.isalnum()).removesuffix("required")


def _heading(line: str) -> tuple[str, list[str]] | None:
    """How cells are separated and which part of a person each column holds, where `line` says so."""
    if "@" in line or len(line) > LONGEST_LINE:
        return None
    separator = _separator(line)
    words = [_word(cell) for cell in _cells(line, separator)]
    parts = [MEANS.get(word, "") for word in words]
    known = sum(bool(part) for part in parts)
    if len(words) == 1 and words[0] in ALONE:
        return separator, [MEANS.get(words[0].removesuffix("s"), "name")]
    if known > 1 or (known == 1 and set(words) & BESIDE):
        return separator, parts
    return None


def _people(number: int, line: str, heading: tuple[str, list[str]] | None) -> Iterator[Entry]:
    if heading and (heading[0] in line or len(heading[1]) == 1):
        cells = _cells(line, heading[0])
        if cells and cells[0].casefold() == NOBODY:
            return
        if found := _by_heading(Entry(number, line), cells, heading[1]):
            yield found
            return
    yield from _by_looks(Entry(number, line), line)


def _by_heading(entry: Entry, cells: list[str], parts: list[str]) -> Entry | None:
    """None for a line that does not keep to its headings."""
    had: dict[str, str] = {}
    for part, cell in zip(parts, cells, strict=False):
        if part and cell:
            had.setdefault(part, cell)
    address = had.get("address", "")
    words, addresses = _pulled_apart(address)
    if not had or (address and len(addresses) != 1) or any("@" in had.get(one, "") for one in ("name", "given")):
        return None
    both = " ".join(filter(None, (had.get("given"), had.get("family"))))
    name = both if "family" in had or "name" not in had else _turned(had["name"])
    # Some exports leave out a cell of a row, so that what follows stands under the wrong heading.
    username = had.get("username", "") if " " not in had.get("username", "") else ""
    return _sure(replace(entry, name=name or words, address="".join(addresses), username=username))


def _by_looks(entry: Entry, line: str) -> Iterator[Entry]:
    """By what each cell looks like. Whoever pastes the receivers of a mail has many people in one line."""
    plain = NUMBERED.sub("", line, count=1) if NUMBERED.match(line) else line
    found: list[tuple[list[str], str]] = []
    cells: list[str] = []
    separator = _separator(plain)
    for cell in filter(None, _cells(plain, separator)):
        words, addresses = _pulled_apart(cell)
        cells += [words] if words else []
        for address in addresses:
            found.append((cells, address))
            cells = []
    if len(found) > 1 and (cells or len({bool(names) for names, _ in found}) > 1):
        yield replace(entry, doubt=gettext("There is more than one address in this line. Give each person a line."))
    elif found:
        found[-1][0].extend(cells)
        for names, address in found:
            yield _named(replace(entry, address=address), names, separator)
    elif len(cells) > 1 and all(" " in cell for cell in cells) and not _digits(*cells):
        for cell in cells:
            yield _sure(replace(entry, name=_turned(cell)))
    elif cells:
        yield _named(entry, cells, separator)


def _pulled_apart(cell: str) -> tuple[str, list[str]]:
    """The words of a cell, and the addresses in it: "Noa Levi <noa@example.org>"."""
    if "@" not in cell:
        return cell, []
    words, addresses = [], []
    for part in BETWEEN_WORDS.split(cell):
        pieces = part.split(",") if "@" in part else [part]
        for piece in pieces:
            bare = piece.strip("\"'.,;:").removeprefix("mailto:")
            if "@" in bare.lstrip("@"):
                addresses.append(bare)
            elif piece:
                words.append(piece)
    return " ".join(words).strip("\"', -–—"), addresses


def _named(entry: Entry, cells: list[str], separator: str) -> Entry:
    """With the name that stands in `cells`, beside numbers, dates and the like."""
    cells = [cell for cell in cells if not _digits(cell)] or cells
    if len(cells) > 2:
        doubt = gettext("We cannot tell which part of this line is the name.")
        return replace(entry, name=" ".join(cells), doubt=doubt)
    if len(cells) == 2 and separator == "," and _is_family_first(*cells, entry.address):
        cells = cells[::-1]
    name = _turned(cells[0]) if len(cells) == 1 else " ".join(cells)
    return _sure(replace(entry, name=name))


def _sure(entry: Entry) -> Entry:
    if "@" in entry.name:
        return replace(entry, doubt=gettext("We cannot tell which part of this line is the address."))
    if not entry.address and not any(sign.isalpha() for sign in entry.name + entry.username):
        return replace(entry, doubt=gettext("There is no name in this line."))
    return entry


def _is_family_first(one: str, other: str, address: str) -> bool:
    """ "Brown, Lily" is Lily Brown; beside lily.brown@example.org, "Lily, Brown" is too."""
    local = address.partition("@")[0].casefold()
    places = [local.find(word.casefold().split(" ")[0]) for word in (one, other)]
    return not address or (places[1] >= 0 and (places[0] < 0 or places[1] < places[0]))


def _turned(name: str) -> str:
    """ "Brown, Lily" as Lily Brown."""
    family, comma, given = (part.strip() for part in name.partition(","))
    return f"{given} {family}" if comma and given and "," not in given else name.strip(" ,")


def _digits(*cells: str) -> bool:
    return any(sign.isdigit() for cell in cells for sign in cell)
