"""What people type here, as pages show it: Markdown of students, markers, and of both in their remarks."""

from common import richtext
from courses.services.references import own_path

# Ten thousand words: a long essay.
LONGEST_WORK = 60_000
LONGEST_COMMENT = 5_000


def made(source: str) -> str:
    """HTML, sanitised. Raises richtext.TooMuch, with a sentence. Pictures of any address are no part of it."""
    return richtext.from_markdown(source, own_path, _nothing).html if source.strip() else ""


def _nothing(address: str) -> None:
    """A page would fetch it for everybody who reads the text."""
