from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from common.access import require_admin
from common.bodies import takes_files
from common.forms import status_of
from common.paging import page_of, sought
from courses import access
from courses.forms.content import PackageForm
from courses.models import CourseImport
from courses.pages import filters, kept_words, tone
from courses.reports import Asked, counts, faults, folds, lines
from courses.selectors import visibility
from courses.services import import_runs


@takes_files(settings.UPLOAD_LIMIT_BYTES, may=require_admin)
@require_http_methods(["GET", "HEAD", "POST"])
def new_import(request: HttpRequest) -> HttpResponse:
    require_admin(request.user)
    form = PackageForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        package = form.cleaned_data["package"]
        run = import_runs.request_import(
            package.file, package.name, by=request.user, publish=form.cleaned_data["publish"]
        )
        return redirect("edit:import", run.pk)
    return render(request, "courses/import_new.html", {"form": form}, status=status_of(form))


def _report(request: HttpRequest, run: CourseImport) -> dict[str, object]:
    """All of it folded; what the reader asked for line by line."""
    asked = Asked.of(request.GET, sought(request))
    counted = counts(run)
    problems = page_of(faults(run), request, name="faults")
    seen = visibility(run.course) if run.course and run.state == CourseImport.State.DONE else None
    return {
        "asked": asked,
        "words": asked.words,
        "counts": counted,
        "kept": kept_words(counted),
        "filters": filters(counted, asked),
        "tone": tone(run, counted, seen, faulty=bool(problems.rows)),
        "seen": seen,
        "folds": None if asked else page_of(folds(run), request),
        "page": page_of(lines(run, asked), request) if asked else None,
        "faults": problems,
    }


@require_safe
def show_import(request: HttpRequest, import_id: int) -> HttpResponse:
    """Progress while it runs (asked again every two seconds), the report afterwards."""
    run = access.visible_import(request.user, import_id)
    running = run.state in (CourseImport.State.WAITING, CourseImport.State.RUNNING)
    template = "courses/import.html#progress" if request.htmx and running else "courses/import.html"
    context: dict[str, object] = {"run": run, "running": running}
    if not running:
        context |= _report(request, run)
    response = render(request, template, context)
    if running and not request.htmx:
        # Without JavaScript the whole page comes again; with it, htmx swaps the line in place.
        response["Refresh"] = "5"
    elif request.htmx and not running:
        response["HX-Refresh"] = "true"
    return response
