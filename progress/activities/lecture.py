from typing import Any

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from courses.forms.content import LectureForm
from courses.kinds import BY_HAND, Kind, Panel, References, Rule, Way, Who, register
from courses.models import Activity, Enrolment, LectureContent
from courses.packages.draft import ItemDraft
from courses.services import lectures as recordings
from courses.services import page_words
from files.services import stored
from progress.pages import lectures as lecture_pages
from progress.pages import notes as note_pages
from progress.selectors import lectures
from progress.services import ticks
from progress.slots import tools_for

WATCHED = Way("watched", Who.SOFTWARE, "progress/why/watched.html")
# A lecture can be read instead: the tick says so.
MARKED = Way("marked", Who.STUDENT, "progress/why/marked_lecture.html", withdrawn_by=Who.STUDENT)


class LectureKind(Kind):
    code = "lecture"
    label = _("Lecture")
    icon = "lecture"
    form = LectureForm
    measured = True
    rules = (
        Rule(
            "watched",
            _("enough of it has been watched"),
            # True of a lecture that has no transcript to read, too.
            lambda seconds: gettext("Ticked when you have watched most of it, or when you mark it as done yourself."),
            (WATCHED, MARKED),
        ),
        BY_HAND,
    )

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        student = enrolment if enrolment and enrolment.is_student else None
        lecture = lectures.lecture_of(student, activity)
        track = lecture.transcript(viewer.language, activity.module.course.language)
        at_once = track if track and viewer.captions and track.pk not in lecture.heavy else None
        context = {
            "lecture": lecture,
            "transcript": track,
            "captions": at_once,
            "caption_languages": lecture.caption_languages,
            "transcript_comes": lecture_pages.transcript_comes(lecture, track, viewer),
            "player": lecture_pages.player(lecture, track, viewer, student),
            "studies": student is not None,
            "tools": tools_for(viewer, enrolment),
            "notes": note_pages.forms(activity.pk, lecture.notes, lecture.position_ms),
        }
        return Panel("progress/kinds/lecture.html", context, "js/lecture.js", wide=True, keeps_slots=True)

    def initial(self, activity: Activity) -> dict[str, Any]:
        content = activity.lecture
        return {"note": content.note, "needed_percent": content.needed_percent, "has_file": True}

    def pages(self, activity: Activity) -> list[tuple[str, str]]:
        return [(gettext("Captions and chapters"), reverse("edit:captions", args=[activity.pk]))]

    def save(self, activity: Activity, cleaned: dict[str, Any]) -> bool:
        content = LectureContent.objects.filter(activity=activity).select_related("recording").first()
        is_new, recording = content is None, None
        if upload := cleaned.get("upload"):
            recording = recordings.record(activity.module.course, upload, upload.name, found=cleaned["recorded"])
        content = self._store(activity, content, recording)
        content.note, content.needed_percent = cleaned["note"], cleaned["needed_percent"]
        content.save(update_fields=["note", "needed_percent"])
        page_words.index(activity, note=content.note)
        ticks.recount(activity)
        return recording is not None and not is_new

    def receive(self, activity: Activity, item: ItemDraft, references: References) -> bool:
        content = LectureContent.objects.filter(activity=activity).select_related("recording__file").first()
        file = references.course_file(item.path).file
        if content and content.recording.file.sha256 == file.sha256:
            return False
        with stored(file) as stream:
            recording = recordings.record(activity.module.course, stream, file.name)
        self._store(activity, content, recording)
        return content is not None

    def _store(self, activity: Activity, content: LectureContent | None, recording: Any) -> LectureContent:
        if content is None:
            content = LectureContent.objects.create(activity=activity, recording=recording)
        elif recording:
            recordings.replace(content, recording)
        activity.lecture = content
        if not activity.minutes_by_hand:
            # What its title says may be the length of another cut.
            activity.minutes = max(1, round(content.recording.duration_ms / 60_000))
            activity.save(update_fields=["minutes"])
        return content


register(LectureKind())
