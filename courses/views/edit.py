"""Writing a course: its outline, its modules, its activities."""

from django.conf import settings
from django.contrib import messages
from django.forms import FileField
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from common.access import require, require_admin
from common.bodies import takes_files
from common.forms import status_of
from common.numbers import row_key
from common.paging import page_of, sought
from courses import access
from courses.forms.content import ActivityForm, CourseForm, EditorForm, ModuleForm
from courses.kinds import KINDS, Kind
from courses.models import Activity, Course, Module
from courses.selectors import authoring_modules, visibility
from courses.selectors import editors as editors_of
from courses.services import authoring

MISSING_NAMED, LONGEST_NAMED = 5, 100


@require_http_methods(["GET", "HEAD", "POST"])
def new_course(request: HttpRequest) -> HttpResponse:
    require_admin(request.user)
    form = CourseForm(request.POST or None)
    if form.is_valid():
        return redirect("edit:course", authoring.save_course(form.instance).pk)
    return render(request, "courses/course_form.html", {"form": form}, status=status_of(form))


@require_safe
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    found = access.editable_course(request.user, course_id)
    page = page_of(authoring_modules(found), request)
    context = {"course": found, "page": page, "kinds": KINDS.values(), "seen": visibility(found)}
    return render(request, "courses/edit_course.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def course_details(request: HttpRequest, course_id: int) -> HttpResponse:
    found = access.editable_course(request.user, course_id)
    form = CourseForm(request.POST or None, instance=found)
    if form.is_valid():
        authoring.save_course(form.instance)
        messages.success(request, gettext("Saved."))
        return redirect("edit:course", course_id)
    context = {"form": form, "course": Course.objects.get(pk=course_id)}
    return render(request, "courses/course_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def editors(request: HttpRequest, course_id: int) -> HttpResponse:
    """Who may write the course. Only a site admin gives that right or takes it."""
    found = access.editable_course(request.user, course_id)
    require(request.user.is_staff)
    form = EditorForm(request.POST if "person" in request.POST else None)
    if request.method == "POST" and "remove" in request.POST:
        authoring.remove_editors(found, [row_key(key) for key in request.POST.getlist("remove")])
        messages.success(request, gettext("Editor removed."))
        return redirect("edit:editors", course_id)
    if form.is_valid():
        if authoring.add_editor(found, form.cleaned_data["person"]):
            messages.success(request, gettext("Editor added."))
            return redirect("edit:editors", course_id)
        form.add_error("person", gettext("No account has that name or address."))
    words = sought(request)
    context = {"course": found, "form": form, "words": words, "page": page_of(editors_of(found, words), request)}
    return render(request, "courses/editors.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def new_module(request: HttpRequest, course_id: int) -> HttpResponse:
    found = access.editable_course(request.user, course_id)
    form = ModuleForm(request.POST or None)
    if form.is_valid():
        authoring.add_module(found, form.instance)
        messages.success(request, gettext("Module added at the end of the course."))
        return redirect("edit:course", course_id)
    context = {"form": form, "course": found}
    return render(request, "courses/module_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def module(request: HttpRequest, module_id: int) -> HttpResponse:
    found = access.editable_module(request.user, module_id)
    form = ModuleForm(request.POST or None, instance=found)
    if form.is_valid():
        authoring.save_module(form.instance)
        messages.success(request, gettext("Saved."))
        return redirect("edit:course", found.course_id)
    context = {"form": form, "course": found.course, "module": found}
    return render(request, "courses/module_form.html", context, status=status_of(form))


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
    initial = kind.initial(found) if found.pk else {}
    sent, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ActivityForm(sent, instance=found, rules=rules, measured=kind.measured)
    content = kind.form(sent, files, initial=initial)
    if form.is_valid() & content.is_valid():
        is_new = found.pk is None
        authoring.save_activity(found, content.cleaned_data, look_again=form.cleaned_data.get("look_again", False))
        if not is_new:
            words = gettext("Saved. Students keep their progress.")
        elif found.published and found.module.published:
            words = gettext("“%(title)s” was added. Students can see it now.")
        else:
            words = gettext("“%(title)s” was added. Students cannot see it yet.")
        messages.success(request, words % {"title": found.title})
        _warn_of_missing(request, kind.lacks(found))
        return redirect("edit:course", found.module.course_id)
    context = {"form": form, "content": content, "activity": found, "kind": kind, "course": found.module.course}
    context["pages"] = kind.pages(found) if found.pk else []
    return render(request, "courses/activity_form.html", context, status=status_of(form))


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


@require_POST
def move_module(request: HttpRequest, module_id: int) -> HttpResponse:
    found = access.editable_module(request.user, module_id)
    return _move(request, found, found.course_id)


@require_POST
def move_activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    found = access.editable_activity(request.user, activity_id)
    return _move(request, found, found.module.course_id)


def _move(request: HttpRequest, row: Module | Activity, course_id: int) -> HttpResponse:
    authoring.move(row, by=-1 if "up" in request.POST else 1)
    messages.success(request, gettext("“%(title)s” was moved.") % {"title": row.title})
    return redirect("edit:course", course_id)
