"""Names that people give to places, as ids of ours: the same at the place and in a link, on one page and across."""

import re
from hashlib import sha256
from urllib.parse import unquote

from common.richtext.vocabulary import LONGEST_NAME, NO_TEXT, OWN_ID

# No id has them, and an address only written in another way.
_SPACES = re.compile(r"[\s\x00-\x20\x7f\\]+")


def own_id(name: str) -> str:
    """`name` as it stands in an `id` or behind a `#`, where browsers read percent escapes as well."""
    plain = _SPACES.sub("_", NO_TEXT.sub("", unquote(name)).strip())
    return OWN_ID + (plain if len(plain) <= LONGEST_NAME else sha256(plain.encode()).hexdigest())
