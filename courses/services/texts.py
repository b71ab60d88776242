import logging
import re
from collections.abc import Iterable

from django.db import connection, transaction

from common import richtext
from courses.kinds import References
from courses.languages import search_config
from courses.models import Activity, Course, Passage, Reading
from courses.services import file_uses
from courses.services.references import CourseReferences

# Silent reading of non-fiction runs at about 238 words a minute (Brysbaert 2019); school readers of twelve are slower,
# and a study text is read with pauses, so the estimate a student sees is made with 180.
WORDS_PER_MINUTE = 180
# The fastest pace at which study text is still read rather than scrolled past; no page asks for more than ten minutes.
FASTEST_WORDS_PER_MINUTE = 400
SHORTEST_SECONDS, LONGEST_SECONDS = 5, 600

TITLE_ANCHOR = "main"
# Base64 that a page carries in the place of a picture. It is never shown, and weighs more than all words.
PASTED = re.compile(r"""\bdata:[a-z]+/[^"'\s<>,]*,[^"'\s<>]*""", re.IGNORECASE)
RENEWED_AT_ONCE = 5
# A tsvector holds at most 1 MB; no paragraph that a person wrote comes near.
LONGEST_PASSAGE = 20_000

logger = logging.getLogger(__name__)


def estimated_minutes(words: int) -> int:
    return min(240, max(1, round(words / WORDS_PER_MINUTE)))


def dwell_seconds(words: int) -> int:
    """How long a reading must be visible before it counts as read."""
    return min(LONGEST_SECONDS, max(SHORTEST_SECONDS, words * 60 // FASTEST_WORDS_PER_MINUTE))


def rendered(source: str, format: str, references: References) -> richtext.RichText:
    make = richtext.from_html if format == Reading.Format.HTML else richtext.from_markdown
    return make(source, references)


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
    if not activity.minutes_by_hand:
        activity.minutes = estimated_minutes(text.words)
    activity.dwell_seconds = dwell_seconds(text.words)
    activity.save(update_fields=["minutes", "dwell_seconds"])
    file_uses.record_text(activity, text.html)
    if before == text.html:
        return False
    index(activity, text.blocks)
    return before is not None


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


def _renew(reading: Reading) -> None:
    text = _renewed(reading, CourseReferences(reading.activity.module.course))
    Reading.objects.filter(pk=reading.pk).update(html=text.html, cleaned_by=richtext.VERSION)
    index(reading.activity, text.blocks)
    # A text saved before there was such a record has none.
    file_uses.record_text(reading.activity, text.html)


def index(activity: Activity, blocks: list[richtext.Block]) -> None:
    """Replace the passages of a text; that of the title stays."""
    Passage.objects.filter(activity=activity).exclude(anchor=TITLE_ANCHOR).delete()
    # An id that a text uses twice leads to its first place.
    unique = {block.anchor: block for block in reversed(blocks)}.values()
    _add_passages(activity, unique)


def index_title(activity: Activity) -> None:
    """Let search find an activity of any kind by its title, and land on the top of its page."""
    Passage.objects.filter(activity=activity, anchor=TITLE_ANCHOR).delete()
    _add_passages(activity, [richtext.Block(TITLE_ANCHOR, "", activity.title)])


def _add_passages(activity: Activity, blocks: Iterable[richtext.Block]) -> None:
    config = search_config(activity.module.course.language)
    rows = [
        (activity.pk, block.anchor, block.heading, None, text, config, text)
        for block in blocks
        for text in [block.text[:LONGEST_PASSAGE]]
    ]
    _insert(rows)


def add_spoken(activity: Activity, passages: list[tuple[int, str]], config: str) -> None:
    """Passages of a transcript: the second of each, and its words."""
    # Two that begin in the same second get different anchors.
    rows = [
        (activity.pk, f"t{second}-{place}", "", second, text, config, text)
        for place, (second, text) in enumerate(passages)
    ]
    _insert(rows)


def _insert(rows: list[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO courses_passage (activity_id, anchor, heading, second, text, vector)"
            " VALUES (%s, %s, %s, %s, %s, to_tsvector(%s::regconfig, %s))",
            rows,
        )


def index_again(course: Course) -> None:
    """After its language has changed: what is searched must be stemmed as the words of the search are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE courses_passage SET vector = to_tsvector(%s::regconfig, text) WHERE activity_id IN"
            " (SELECT a.id FROM courses_activity a JOIN courses_module m ON m.id = a.module_id WHERE m.course_id = %s)",
            [search_config(course.language), course.pk],
        )
