from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from common.access import Gone
from common.addresses import quick_url
from common.slots import has_fragment
from courses import access
from courses.kinds import KINDS, Who
from progress import beacons
from progress.selectors import completions, outlines, standings
from progress.services import reports, ticks, visits
from progress.slots import LESSON


@require_safe
def lesson(request: HttpRequest, activity_id: int) -> HttpResponse:
    activity, membership = access.readable_lesson(request.user, activity_id)
    student = membership.student
    outlined = outlines.of_one(student.pk if student else None, membership.course.pk)
    before, step, after = outlined.around(activity.pk)
    if student and step and not request.headers.get("Sec-Purpose", "").startswith("prefetch"):
        visits.record_lesson(student, activity, before=step.opened_at)
    kind, now = KINDS[activity.kind], timezone.now()
    part = outlined.part_of(step) if step else None
    panel = kind.panel(request.user, membership.enrolment, activity)
    # A lecture goes on by itself, and what is done is opened to be read again.
    goes_on = student is not None and step is not None and step.is_begun and not panel.script
    course_url = quick_url("progress:course", membership.course.pk)
    slots = LESSON.filled(request.user, activity.pk, studies=student is not None)
    return render(
        request,
        "progress/lesson.html#standing" if request.htmx else "progress/lesson.html",
        {
            "activity": activity,
            "course": membership.course,
            "student": student,
            "part": part,
            "outline": outlined,
            "course_url": course_url,
            "slots": slots,
            "loads_fragments": has_fragment(slots),
            "step": step,
            "before": before,
            "after": after,
            "kind": kind,
            "panel": panel,
            "left_off_at": (step.block or "") if step and goes_on else "",
            "tick": completions.tick(student, activity, request.user) if student and step and step.done_at else None,
            "markable": kind.rule(activity.rule).way_of(Who.STUDENT) is not None,
            "opening": beacons.sign(student.pk, activity.pk) if student else "",
            "now": now,
            "may_edit": standings.may_edit(request.user, membership),
        },
    )


@require_POST
def open_content(request: HttpRequest, activity_id: int) -> HttpResponse:
    """Leave for the file or link of an activity. A POST, because it may tick the activity."""
    activity, membership = access.readable_activity(request.user, activity_id)
    if student := membership.student:
        reports.take_opening(student, activity, by=request.user)
    destination = KINDS[activity.kind].destination(activity)
    if destination is None:
        raise Http404
    if destination.startswith("/"):
        return redirect(destination)
    # A page of ours between, and not a redirect: the policy on forms lets no form lead to another host.
    leaving = render(request, "progress/leaving.html", {"activity": activity, "url": destination})
    leaving["Refresh"] = f"0; url={iri_to_uri(destination)}"
    return leaving


@require_POST
def mark(request: HttpRequest, activity_id: int) -> HttpResponse:
    activity, student = access.studied_activity(request.user, activity_id)
    # A lecture can be read instead: the tick says so.
    evidence = {"read": "transcript"} if request.POST.get("read") == "transcript" else {}
    ticks.mark(student, activity, acting=Who.STUDENT, by=request.user, evidence=evidence)
    messages.success(request, gettext("“%(title)s” is done.") % {"title": activity.title})
    return redirect("progress:lesson", activity.pk)


@require_POST
def unmark(request: HttpRequest, activity_id: int) -> HttpResponse:
    activity, student = access.studied_activity(request.user, activity_id)
    if ticks.withdraw(student, activity, acting=Who.STUDENT, by=request.user):
        messages.success(request, gettext("Marked as not done."))
    else:
        messages.info(
            request,
            gettext("You can only undo what you marked as done yourself, up to 20 times. Nothing has changed."),
        )
    return redirect("progress:lesson", activity.pk)


@require_POST
def beacon(request: HttpRequest, activity_id: int) -> JsonResponse:
    """`{"opening": token, "visible": [[from, to], …]}` in seconds since the opening; answers whether it is done.

    A page that is open adds "block", where in its text one is; what was kept for later does not.
    """
    try:
        sent = beacons.message(request.body)
        opening = beacons.read(sent["opening"])
        seconds, block = beacons.visible_seconds(opening, sent["visible"]), beacons.block(sent.get("block"))
    except (beacons.Refused, KeyError, TypeError) as error:
        return JsonResponse({"error": str(error)}, status=400)
    try:
        activity, student = access.studied_activity(request.user, activity_id)
    except Gone as gone:
        return JsonResponse({"gone": str(gone)}, status=410)
    if (opening.enrolment_id, opening.activity_id) != (student.pk, activity.pk):
        return JsonResponse({"error": gettext("Someone else opened this page.")}, status=409)
    done = reports.take_visible(student, activity, seconds, by=request.user, block=block)
    return JsonResponse({"done": done})
