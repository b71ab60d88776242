"""Which share of promises is kept, as a site admin sees it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from common.access import require_admin
from common.numbers import row_key
from feedback.pages import promises as pages
from feedback.selectors import turnaround


@require_safe
def promises(request: HttpRequest) -> HttpResponse:
    """Of the whole site, or with `course` of one."""
    require_admin(request.user)
    courses = turnaround.courses()
    wanted = row_key(request.GET.get("course", ""))
    chosen = next((key for key, _ in courses if key == wanted), None)
    now = timezone.now()
    context = {
        "courses": courses,
        "chosen": chosen,
        "late": turnaround.late(now, chosen),
        "kept": pages.kept(turnaround.weeks(now, chosen)),
    }
    return render(request, "feedback/promises.html", context)
