from django.db import connection, transaction

from common import richtext
from courses.kinds import References
from courses.languages import search_config
from courses.models import Activity, Passage, Reading

# Silent reading of non-fiction runs at about 238 words a minute (Brysbaert 2019); school readers of twelve are slower,
# and a study text is read with pauses, so the estimate a student sees is made with 180.
WORDS_PER_MINUTE = 180
# The fastest pace at which study text is still read rather than scrolled past; no page asks for more than ten minutes.
FASTEST_WORDS_PER_MINUTE = 400
SHORTEST_SECONDS, LONGEST_SECONDS = 5, 600


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
    text = rendered(source, format, references)
    before = Reading.objects.filter(activity=activity).values_list("html", flat=True).first()
    Reading.objects.update_or_create(
        activity=activity, defaults={"format": format, "source": source, "html": text.html, "words": text.words}
    )
    if not activity.minutes_by_hand:
        activity.minutes = estimated_minutes(text.words)
    activity.dwell_seconds = dwell_seconds(text.words)
    activity.save(update_fields=["minutes", "dwell_seconds"])
    if before == text.html:
        return False
    index(activity, text.blocks)
    return before is not None


def index(activity: Activity, blocks: list[richtext.Block]) -> None:
    Passage.objects.filter(activity=activity).delete()
    # An id that a text uses twice leads to its first place.
    unique = {block.anchor: block for block in reversed(blocks)}.values()
    config = search_config(activity.module.course.language)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO courses_passage (activity_id, anchor, heading, text, vector)"
            " VALUES (%s, %s, %s, %s, to_tsvector(%s::regconfig, %s))",
            [
                (activity.pk, block.anchor, block.heading, block.text[:20_000], config, block.text[:20_000])
                for block in unique
            ],
        )
