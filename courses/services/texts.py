import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from django.db import transaction
from django.db.models import Q

from common import richtext
from courses.kinds import References
from courses.models import Activity, Course, Passage, Reading
from courses.packages.draft import item_reference
from courses.services import file_uses, minutes, passages
from courses.services.references import CourseReferences

# Silent reading of non-fiction runs at about 238 words a minute (Brysbaert 2019); school readers of twelve are slower,
# and a study text is read with pauses, so the estimate a student sees is made with 180.
WORDS_PER_MINUTE = 180
# The fastest pace at which study text is still read rather than scrolled past; no page asks for more than ten minutes.
FASTEST_WORDS_PER_MINUTE = 400
SHORTEST_SECONDS, LONGEST_SECONDS = 5, 600

# Base64 that a page carries in the place of a picture. It is never shown, and weighs more than all words.
PASTED = re.compile(r"""\bdata:[a-z]+/[^"'\s<>,]*,[^"'\s<>]*""", re.IGNORECASE)
RENEWED_AT_ONCE = 5

logger = logging.getLogger(__name__)


def estimated_minutes(words: int) -> int | None:
    """None for a text without words, of which nobody can tell."""
    return min(240, max(1, round(words / WORDS_PER_MINUTE))) if words else None


def dwell_seconds(words: int) -> int:
    """How long a reading must be visible before it counts as read."""
    return min(LONGEST_SECONDS, max(SHORTEST_SECONDS, words * 60 // FASTEST_WORDS_PER_MINUTE))


def rendered(source: str, format: str, references: References) -> richtext.RichText:
    make = richtext.from_html if format == Reading.Format.HTML else richtext.from_markdown
    return make(source, references)


# What leads away from the course, or within the text, is there for all we know.
ELSEWHERE = re.compile(r"#|//|(?!file:|activity:|package-file:|package-item:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def previewed(course: Course, cleaned: dict[str, Any]) -> str:
    """HTML of what a form holds, as a student of the course would see it."""
    return rendered(cleaned["source"], cleaned["format"], CourseReferences(course)).html


def missing(course: Course, source: str, format: str) -> list[str]:
    """What a text names and its course does not have, such as a picture."""
    references, missed = CourseReferences(course), []

    def noting(address: str) -> str | richtext.Later | None:
        found = references(address)
        if found is None and address and not ELSEWHERE.match(address):
            missed.append(unquote(address))
        return found

    rendered(source, format, noting)
    return list(dict.fromkeys(missed))


@transaction.atomic
def write(activity: Activity, *, source: str, format: str, references: References) -> bool:
    """Store a reading, its estimate and its passages; True when what a student sees has changed."""
    return _store(activity, source, format, rendered(source, format, references), references)


def write_words(activity: Activity, source: str) -> bool:
    """Store the bare words of HTML that is over a limit; True when what a student sees has changed."""
    return write(activity, source=richtext.bare_words(source), format=Reading.Format.HTML, references=lambda _: None)


def without_pasted_pictures(html: str) -> str:
    return PASTED.sub("data:,", html)


def _store(activity: Activity, source: str, format: str, text: richtext.RichText, references: richtext.Resolve) -> bool:
    reading = Reading.objects.select_for_update().filter(activity=activity).first()
    before = _shown(reading, references) if reading else None
    reading = reading or Reading(activity=activity)
    reading.format, reading.source, reading.html, reading.words = format, source, text.html, text.words
    reading.cleaned_by = richtext.VERSION
    # Its key is there from the start: Django would try an UPDATE first.
    reading.save(force_insert=before is None)
    _estimate(activity, text)
    file_uses.record_text(activity, text.html)
    if before == text.html:
        return False
    index(activity, text.blocks)
    return before is not None


def _estimate(activity: Activity, text: richtext.RichText) -> None:
    said = (block.text for block in text.blocks)
    minutes.settle(activity, texts=said, measured=estimated_minutes(text.words))
    activity.dwell_seconds = dwell_seconds(text.words)
    activity.save(update_fields=["minutes", "dwell_seconds"])


def _shown(reading: Reading, references: richtext.Resolve) -> str:
    """Its HTML, as today's cleaner makes it: another cleaner is no news to a student."""
    if reading.cleaned_by == richtext.VERSION:
        return reading.html
    return _renewed(reading, references).html


def _renewed(reading: Reading, references: richtext.Resolve) -> richtext.RichText:
    """From its source, or from what is shown of it: an old text that fails stops neither the job nor a new text."""
    try:
        with transaction.atomic():
            return rendered(reading.source, reading.format, references)
    except richtext.TooMuch as refusal:
        logger.warning("Reading %s cannot be rendered again from its source: %s", reading.pk, refusal)
    except Exception:
        logger.exception("Reading %s cannot be rendered again from its source", reading.pk)
    return _kept_safe(reading)


def _kept_safe(reading: Reading) -> richtext.RichText:
    try:
        return richtext.kept_safe(reading.html)
    except Exception:
        logger.exception("Of reading %s only the words are kept", reading.pk)
        return richtext.from_words(reading.html)


@transaction.atomic
def renew_some() -> int:
    """Make a few texts of an older cleaner anew, with their passages; how many. To students, nothing has changed.

    Each is done once, whatever becomes of it: one that fails holds no other up.
    """
    old = Reading.objects.filter(cleaned_by__lt=richtext.VERSION).select_for_update(skip_locked=True, of=("self",))
    found = list(old.select_related("activity__module__course").order_by("pk")[:RENEWED_AT_ONCE])
    for reading in found:
        try:
            with transaction.atomic():
                _renew(reading)
        except Exception:
            logger.exception("Reading %s keeps the passages that it had", reading.pk)
            html = _kept_safe(reading).html
            Reading.objects.filter(pk=reading.pk).update(html=html, cleaned_by=richtext.VERSION)
    return len(found)


def render_again(course: Course, identifiers: Iterable[str]) -> int:
    """Let the job render every text of `course` again that names one of `identifiers`, which lead somewhere now.

    To be called when what was kept of a package becomes an activity: links to it were plain text until then.
    """
    named = Q()
    for identifier in identifiers:
        named |= Q(source__contains=item_reference(identifier))
    readings = Reading.objects.filter(named, activity__module__course=course)
    return readings.update(cleaned_by=0) if named else 0


def _renew(reading: Reading) -> None:
    text = _renewed(reading, CourseReferences(reading.activity.module.course))
    _estimate(reading.activity, text)
    Reading.objects.filter(pk=reading.pk).update(html=text.html, words=text.words, cleaned_by=richtext.VERSION)
    index(reading.activity, text.blocks)
    # A text saved before there was such a record has none.
    file_uses.record_text(reading.activity, text.html)


def index(activity: Activity, blocks: Iterable[richtext.Block]) -> None:
    """Make the passages anew of what its page shows; those of its title and of what is said in a lecture stay."""
    former = activity.passages.filter(second=None).exclude(anchor=Passage.TITLE)
    passages.exchange(activity, former, list(_written(blocks)))


def _written(blocks: Iterable[richtext.Block]) -> Iterator[passages.Written]:
    """More than one at the same id leads to the same place: a long text, or words after a heading without a block."""
    used: Counter[str] = Counter()
    for block in blocks:
        for text in passages.portions(block.text):
            used[block.anchor] += 1
            part = f"{Passage.PART}{used[block.anchor]}" if used[block.anchor] > 1 else ""
            yield passages.Written(block.anchor + part, text, block.heading)


def index_title(activity: Activity) -> None:
    """Let search find an activity of any kind by its title, and land on the top of its page."""
    former = activity.passages.filter(anchor=Passage.TITLE)
    passages.exchange(activity, former, [passages.Written(Passage.TITLE, activity.title)])
