"""Showing everything that is ready to students with one button."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from common import undo
from courses import access
from courses.models import Course, Module
from courses.services import publishing


@require_POST
def course(request: HttpRequest, course_id: int) -> HttpResponse:
    return _publish(request, access.editable_course(request.user, course_id))


@require_POST
def module(request: HttpRequest, module_id: int) -> HttpResponse:
    found = access.editable_module(request.user, module_id)
    return _publish(request, found.course, found)


def _publish(request: HttpRequest, found: Course, module: Module | None = None) -> HttpResponse:
    done = publishing.publish(found, module)
    back = reverse("edit:course", args=[found.pk])
    if done.lessons:
        words = ngettext("Students now see %(n)d more lesson.", "Students now see %(n)d more lessons.", done.lessons)
        undo.offer(request, words % {"n": done.lessons}, "published", back=back, course=found.pk, **done.values)
    else:
        messages.info(request, gettext("There was nothing left to show. Nothing has changed."))
    return redirect(back)
