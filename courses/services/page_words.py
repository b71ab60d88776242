"""The plain words that lessons show beside their titles, such as the note of a link: what search finds of them."""

import logging

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from common.richtext import Block
from courses.models import Activity, FileContent, LectureContent, LinkContent, Passage
from courses.services import passages, texts

# The ids of their elements on the lesson page.
NOTE, FILE_NAME = "note", "file-name"
INDEXED_AT_ONCE = 50
WORDED = (
    Q(kind="link", link_content__note__gt="")
    | Q(kind="lecture", lecture__note__gt="")
    | Q(kind="file", file_content__note__gt="")
    | Q(kind="file", file_content__course_file__file__name__gt="")
)

logger = logging.getLogger(__name__)


def index(activity: Activity, *, note: str, file_name: str = "") -> None:
    shown = {NOTE: note, FILE_NAME: file_name}
    texts.index(activity, [Block(anchor, "", words) for anchor, words in shown.items() if words])


@transaction.atomic
def index_some() -> int:
    """Let search find a few that were stored before it looked for such words; how many. Each is tried once.

    Those that somebody saves at the moment are indexed by that.
    """
    in_text = Passage.objects.filter(activity=OuterRef("pk"), second=None).exclude(anchor=Passage.TITLE)
    lacking = Activity.everything.filter(WORDED, ~Exists(in_text))
    free = lacking.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("pk")[:INDEXED_AT_ONCE]
    # What they show is read only now that each is held: it may have been saved since they were looked for.
    found = list(Activity.everything.filter(pk__in=[one.pk for one in free]).select_related("module__course"))
    for activity in found:
        try:
            with transaction.atomic():
                _index(activity)
        except Exception:
            logger.exception("The words beside activity %s cannot be found", activity.pk)
            # A passage all the same, by which it is not looked at again.
            passages.exchange(activity, activity.passages.none(), [passages.Written(NOTE, "")])
    return len(found)


def _index(activity: Activity) -> None:
    if activity.kind == "file":
        content = FileContent.objects.select_related("course_file__file").get(activity=activity)
        index(activity, note=content.note, file_name=content.course_file.file.name)
    else:
        model = LinkContent if activity.kind == "link" else LectureContent
        index(activity, note=model.objects.get(activity=activity).note)
