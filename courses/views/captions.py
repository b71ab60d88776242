from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from common.bodies import takes_files
from common.forms import status_of
from courses import access
from courses.captions import MOST_BYTES, Captions
from courses.forms.content import CaptionsForm
from courses.models import Activity, CaptionTrack
from courses.services import lectures


@takes_files(MOST_BYTES, may=access.editable_activity)
@require_http_methods(["GET", "HEAD", "POST"])
def captions(request: HttpRequest, activity_id: int) -> HttpResponse:
    """The captions and chapters of a lecture: what is there, with what was left out of it, and a place to add more."""
    activity = access.editable_lecture(request.user, activity_id)
    if request.method == "POST" and "remove" in request.POST:
        return _remove(request, activity)
    course = activity.module.course
    held = lectures.held_captions(request.POST.get("held", ""), by=request.user)
    form = CaptionsForm(
        request.POST or None,
        request.FILES or None,
        initial={"language": course.language},
        duration_ms=activity.lecture.recording.duration_ms,
        held=lectures.bytes_of(held) if held else None,
    )
    if form.is_valid():
        found, cleaned = form.cleaned_data["found"], form.cleaned_data
        lectures.save_track(activity, found, kind=cleaned["kind"], language=cleaned["language"], held=held)
        _tell(request, found)
        return redirect("edit:captions", activity.pk)
    tracks = CaptionTrack.objects.filter(recording=activity.lecture.recording).defer("vtt")
    token = _hold(request, form) if form.asks else ""
    context = {"activity": activity, "course": course, "form": form, "tracks": tracks, "held": token}
    return render(request, "courses/captions.html", context, status=status_of(form))


def _hold(request: HttpRequest, form: CaptionsForm) -> str:
    """The file comes once: with the answer to a question, only what `held` names is sent."""
    upload = request.FILES.get("upload")
    return lectures.hold_captions(upload, upload.name, by=request.user) if upload else request.POST["held"]


def _remove(request: HttpRequest, activity: Activity) -> HttpResponse:
    track = access.track_of(activity, request.POST["remove"])
    lectures.delete_track(activity, track)
    messages.success(request, gettext("%(type)s removed.") % {"type": track.get_kind_display()})
    return redirect("edit:captions", activity.pk)


def _tell(request: HttpRequest, found: Captions) -> None:
    count = len(found.cues)
    messages.success(request, ngettext("%(n)d line added.", "%(n)d lines added.", count) % {"n": count})
    if left := len(found.faults) + found.more_faults:
        words = ngettext("%(n)d was left out. See below.", "%(n)d were left out. See below.", left)
        messages.warning(request, words % {"n": left})
