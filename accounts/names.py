import re
import unicodedata

# What a new username may consist of: no letter that looks like another, and nothing that could be an address.
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


def folded(name: str) -> str:
    """A username or an address as it is stored and compared: `Ａda@Example.org ` and `ada@example.org` are one."""
    return unicodedata.normalize("NFKC", name).strip().lower()
