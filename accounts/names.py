import re
import unicodedata

# What a new username may consist of: no letter that looks like another, and nothing that could be an address.
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]*")


# Of an address, and so of a name (RFC 5321). To put longer ones into one form takes time in the square of their length.
LONGEST = 254


def folded(name: str) -> str:
    """A username or an address as it is stored and compared: `Ａda@Example.org ` and `ada@example.org` are one.

    What is too long to be anybody's comes back as it is.
    """
    if len(name) > LONGEST:
        return name
    return unicodedata.normalize("NFKC", name).strip().lower()


def called(display_name: str, username: str) -> str:
    """Under which name an account stands; `str()` of it is the same."""
    return display_name.strip() or username
