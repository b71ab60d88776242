"""Questions and answers of a real forum: the dump of a Stack Exchange site, read as a stream and within limits."""

import gzip
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from lxml import etree

from common.richtext.formulas import Formulas

# Beside the project, where it is there at all; CC BY-SA 3.0, so it is never part of it.
FILE: Path = settings.BASE_DIR.parent / "shared" / "packages" / "forum" / "matheducators_2014_Posts.xml.gz"
MOST_BYTES, MOST_ROWS, LONGEST = 500_000_000, 200_000, 200_000
CHUNK = 64 * 1024
# Wikis of tags and of the election (4, 5, 7) are no talk.
QUESTION, ANSWER = "1", "2"
# Code and tags stand as they are; MathJax takes what is between dollars in all other text.
MATHS = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>|<[^>]*>)|\$\$(.+?)\$\$|(?<!\\)\$([^$<]+?)\$", re.DOTALL)


class TooMuch(Exception):
    pass


@dataclass(frozen=True)
class Said:
    """A question, which has a title, or an answer to the one whose id is `to`. `html` is what somebody brought."""

    id: int
    to: int | None
    title: str
    html: str
    by: int
    at: datetime
    accepted: int | None


def read(path: Path = FILE) -> Iterator[Said]:
    """In the order of the file, where a question stands before its answers."""
    with gzip.open(path) as file:
        source = _Counted(file)
        rows = etree.iterparse(
            source, events=("end",), tag="row", resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False
        )
        for number, (_, row) in enumerate(rows):
            if number >= MOST_ROWS:
                raise TooMuch(f"More than {MOST_ROWS} rows.")
            if row.get("PostTypeId") in (QUESTION, ANSWER):
                yield _said(row)
            row.clear()
            while row.getprevious() is not None:
                del row.getparent()[0]


class _Counted:
    """A gzip of a megabyte may hold a thousand."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._left = file, MOST_BYTES

    def read(self, size: int = CHUNK) -> bytes:
        block = self._file.read(min(size, CHUNK))
        self._left -= len(block)
        if self._left < 0:
            raise TooMuch(f"More than {MOST_BYTES} bytes.")
        return block


def _said(row: etree._Element) -> Said:
    body = row.get("Body", "")
    if len(body) > LONGEST:
        raise TooMuch(f"Post {row.get('Id')} is longer than {LONGEST} characters.")
    return Said(
        id=int(row.get("Id")),
        to=_number(row.get("ParentId")),
        title=row.get("Title", "")[:200],
        html=with_formulas(body),
        by=_number(row.get("OwnerUserId")) or 0,
        at=datetime.fromisoformat(row.get("CreationDate")).replace(tzinfo=UTC),
        accepted=_number(row.get("AcceptedAnswerId")),
    )


def _number(told: str | None) -> int | None:
    return int(told) if told else None


def with_formulas(body: str) -> str:
    """There a script of the page draws what stands between dollars; here it is MathML before it is cleaned."""
    formulas = Formulas()

    def drawn(found: re.Match[str]) -> str:
        if found[1]:
            return found[0]
        latex = html.unescape(found[2] or found[3])
        return formulas.html(latex, display=found[2] is not None)

    return MATHS.sub(drawn, body)
