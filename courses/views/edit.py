"""Writing a course: its outline and its modules."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.access import require, require_admin
from common.forms import status_of
from common.numbers import row_key
from common.paging import asked_for, page_of, sought
from courses import access
from courses.forms.content import CourseForm, EditorForm, ModuleForm
from courses.kinds import KINDS
from courses.models import Activity, Course, Module
from courses.people import editors as editors_of
from courses.selectors import authoring_modules, visibility
from courses.services import authoring


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
    context = _outline(request, found) | {"seen": visibility(found)}
    return render(request, "courses/edit_course.html", context)


def _outline(request: HttpRequest, found: Course) -> dict[str, Any]:
    page = page_of(authoring_modules(found), request)
    _warn(page.rows)
    here = f"?page={page.number}" if page.is_one_of_many else ""
    return {"course": found, "page": page, "here": here, "kinds": KINDS.values()}


def _warn(modules: Iterable[Module]) -> None:
    """Put what their kinds say beside the activities: one query for each kind that has anything to say."""
    of_kind: dict[str, list[Activity]] = {}
    for module in modules:
        for activity in module.activities.all():
            of_kind.setdefault(activity.kind, []).append(activity)
    for kind, some in of_kind.items():
        found = KINDS[kind].warnings([one.pk for one in some]) if kind in KINDS else {}
        for activity in some:
            activity.warnings = found.get(activity.pk, [])


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


@require_POST
def move_module(request: HttpRequest, module_id: int) -> HttpResponse:
    found = access.editable_module(request.user, module_id)
    return _move(request, found, "module", found.course)


@require_POST
def move_activity(request: HttpRequest, activity_id: int) -> HttpResponse:
    found = access.editable_activity(request.user, activity_id)
    return _move(request, found, "activity", found.module.course)


def _move(request: HttpRequest, row: Module | Activity, kind: str, found: Course) -> HttpResponse:
    """The same button is pressed next, and keeps the focus: by the swap, or by the address of the page."""
    way, other = ("up", "down") if "up" in request.POST else ("down", "up")
    goes_on = authoring.move(row, by=-1 if way == "up" else 1)
    way = way if goes_on else other
    said = gettext("“%(title)s” was moved.") % {"title": row.title}
    if request.htmx:
        context = _outline(request, found) | {"said": said}
        for module in context["page"]:
            for one in [module, *module.activities.all()]:
                one.pressed = way if one == row else ""
        return render(request, "courses/edit_course.html#outline", context)
    messages.success(request, said)
    asked = f"?page={asked_for(request)}" if "page" in request.GET else ""
    return redirect(f"{reverse('edit:course', args=[found.pk])}{asked}#{kind}-{row.pk}-{way}")
