"""Writing one activity, in a form that keeps what is typed."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.forms import FileField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from common import undo
from common.bodies import takes_files
from common.forms import status_of
from courses import access
from courses.forms.content import ActivityForm
from courses.kinds import KINDS, Kind
from courses.models import Activity
from courses.services import authoring
from drafts import selectors as drafts
from drafts.fields import sent_with, typed

MISSING_NAMED, LONGEST_NAMED = 5, 100


def _has_file(kind: str) -> bool:
    """A page for a kind without files takes no more than any other."""
    return kind in KINDS and any(isinstance(field, FileField) for field in KINDS[kind].form.base_fields.values())


def _may_bring_new(viewer: User, module_id: int, kind: str) -> bool:
    access.editable_module(viewer, module_id)
    return _has_file(kind)


def _may_bring_again(viewer: User, activity_id: int) -> bool:
    return _has_file(access.editable_activity(viewer, activity_id).kind)


@takes_files(settings.UPLOAD_LIMIT_BYTES, may=_may_bring_new)
@require_http_methods(["GET", "HEAD", "POST"])
def new_activity(request: HttpRequest, module_id: int, kind: str) -> HttpResponse:
    found = access.editable_module(request.user, module_id)
    if kind not in KINDS:
        raise Http404
    return _activity_page(request, Activity(module=found, kind=kind), KINDS[kind])


@takes_files(settings.UPLOAD_LIMIT_BYTES, may=_may_bring_again)
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    found = access.editable_activity(request.user, activity_id)
    return _activity_page(request, found, KINDS[found.kind])


def _activity_page(request: HttpRequest, found: Activity, kind: Kind) -> HttpResponse:
    """The form of every activity and the form of its kind, saved together or not at all."""
    rules = [(rule.code, rule.label) for rule in kind.rules]
    sent, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    place, version, is_new = authoring.place_of(found), authoring.version_of(found), found.pk is None
    # Asked before the form writes into `found` what was typed.
    writing = drafts.writing(request.user, place, base=version, posted=sent)
    initial = {**(kind.initial(found) if found.pk else {}), **writing.initial}
    form = ActivityForm(sent, instance=found, rules=rules, measured=kind.measured)
    form.initial |= writing.initial
    content = kind.form(sent, files, initial=initial)
    is_valid = form.is_valid() & content.is_valid()
    if is_valid and "preview" not in request.POST:
        look_again, stamp = form.cleaned_data.get("look_again", False), sent_with(request.POST)
        what = {"by": request.user, "stamp": stamp, "typed": typed(form, content), "look_again": look_again}
        what |= {"into": form.cleaned_data.get("module")}
        before = (found.module_id, found.position)
        try:
            authoring.save_typed(found, content.cleaned_data, **what)
        except authoring.ChangedMeanwhile as refusal:
            form.add_error(None, refusal.args[0])
            # Who saves it once more has been told.
            writing = replace(writing, base=version)
        else:
            return _after_saving(request, found, kind, is_new=is_new, before=before)
    context = {"form": form, "content": content, "activity": found, "kind": kind, "course": found.module.course}
    preview = kind.preview(found, content.cleaned_data) if is_valid and not form.errors else ""
    context |= {"preview": preview}
    context |= {"pages": kind.other_beginnings(found.module) if is_new else kind.pages(found), "writing": writing}
    return render(request, "courses/activity_form.html", context, status=200 if preview else status_of(form))


def _after_saving(
    request: HttpRequest, found: Activity, kind: Kind, *, is_new: bool, before: tuple[int, int]
) -> HttpResponse:
    if not is_new:
        words = gettext("Saved. Students keep their progress.")
    elif found.published and found.module.published:
        words = gettext("“%(title)s” was added. Students can see it now.")
    else:
        words = gettext("“%(title)s” was added. Students cannot see it yet.")
    if not is_new and found.module_id != before[0]:
        words = gettext("Saved. “%(title)s” is now in “%(module)s”.") % {"title": found.title, "module": found.module}
        values = {"activity": found.pk, "to": found.module_id, "module": before[0], "position": before[1]}
        back = reverse("edit:course", args=[found.module.course_id])
        undo.offer(request, words, "moved to module", back=back, **values)
    else:
        messages.success(request, words % {"title": found.title})
    # What was sent a second time was saved the first time, and is not at hand.
    if found.pk:
        _warn_of_missing(request, kind.lacks(found))
    return redirect("edit:course", found.module.course_id)


def _warn_of_missing(request: HttpRequest, names: list[str]) -> None:
    if not names:
        return
    shown = ", ".join(f"“{name[:LONGEST_NAMED]}”" for name in names[:MISSING_NAMED])
    words = ngettext(
        "The text names something that is not in this course: %(names)s. Students see a description instead.",
        "The text names %(count)d things that are not in this course: %(names)s. Students see descriptions instead.",
        len(names),
    )
    messages.warning(request, words % {"count": len(names), "names": shown})
