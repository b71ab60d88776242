"""What a player asks for: the transcript, and taking down what was played."""

from datetime import UTC, datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from common.access import Gone
from courses import access
from courses.kinds import KINDS, Who
from courses.models import LectureContent
from progress import beacons, played
from progress.pages import transcripts as pages
from progress.selectors import completions, transcripts
from progress.services import reports


@require_safe
def show_transcript(request: HttpRequest, activity_id: int, language: str) -> HttpResponse:
    activity, membership = access.readable_activity(request.user, activity_id)
    words = request.GET.get("q", "").strip()[:100]
    student, transcript = membership.student, transcripts.transcript_of(activity, language, words)
    if transcript is None:
        raise Http404
    context = {
        "activity": activity,
        "course": membership.course,
        "student": student,
        "transcript": transcript,
        "lines": pages.lines(transcript),
        "words": words,
    }
    if request.htmx:
        return render(request, "progress/transcript.html#body", context)
    context["tick"] = completions.tick(student, activity, request.user) if student else None
    context["markable"] = KINDS[activity.kind].rule(activity.rule).way_of(Who.STUDENT) is not None
    return render(request, "progress/transcript.html", context)


@require_POST
def watch(request: HttpRequest, activity_id: int) -> JsonResponse:
    """`{"opening": token, "ranges": [[from, to], …], "position": …, "at": …}`, all in milliseconds.

    Beside them `"wall": [[from, to], …]`, the Unix seconds in which it was played; older pages send none.
    Answers 200 when all of it counts, 202 when it is to be sent again later, 400 when it never will count.
    """
    try:
        activity, student = access.studied_activity(request.user, activity_id)
    except Gone as gone:
        return JsonResponse({"gone": str(gone)}, status=410)
    lecture = LectureContent.objects.select_related("recording").filter(activity=activity).first()
    try:
        sent = _sent(request)
        opening = beacons.read(sent["opening"], oldest=None)
        if lecture is None:
            raise beacons.Refused(gettext("This is not a lecture."))
        report = played.parse_report(sent, lecture.recording.duration_ms)
    except (beacons.Refused, KeyError, TypeError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    if (opening.enrolment_id, opening.activity_id) != (student.pk, activity.pk):
        return JsonResponse({"error": gettext("Someone else opened this page.")}, status=409)
    activity.lecture = lecture
    opened_at = datetime.fromtimestamp(opening.at, UTC)
    watched, done = reports.take_played(student, activity, report, opened_at=opened_at, by=request.user)
    answer = {"covered": watched.covered, "done": done, "later": not watched.taken}
    return JsonResponse(answer, status=200 if watched.taken else 202)


def _sent(request: HttpRequest) -> Any:
    """As JSON, or in a form's field: all that a page which is being closed can send with its token."""
    if request.content_type == "application/json":
        return beacons.message(request.body)
    return beacons.message(request.POST["report"])
