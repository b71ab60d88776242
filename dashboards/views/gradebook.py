"""A class beside its activities: where work stands, and the marks."""

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from common.numbers import row_key
from common.paging import page_of, sought
from dashboards.pages import gradebook as pages
from dashboards.pages import sheets
from dashboards.selectors import gradebook as selectors
from feedback import access
from feedback.pages import cells
from feedback.selectors import queue
from progress.selectors import signals

MOST_IN_A_FILE = 1_000


@require_safe
def gradebook(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """`?show=` says which activities: what is marked or has a date, "all", or the key of a module."""
    cohort, standing = access.marking_in(request.user, cohort_id)
    now, words = timezone.now(), sought(request)
    show, order = request.GET.get("show", ""), pages.order_of(request.GET.get("by", ""))
    asked = selectors.Columns(cohort, everything=show == pages.EVERYTHING, module=row_key(show))
    columns = page_of(asked, request, size=selectors.COLUMNS, name="columns")
    page = page_of(selectors.in_order(cohort, words, order, now), request)
    found = selectors.cells([one.enrolment for one in page], [one.pk for one in columns], now)
    context = {
        "cohort": cohort,
        "words": words,
        "page": page,
        "columns": columns,
        "heads": pages.heads(columns, order, request.GET),
        "table": pages.table(page, found, columns.rows),
        "signs": cells.signs(),
        "show": show,
        "shows": pages.shows(selectors.modules(cohort)),
        "order": order,
        "reckoned_at": signals.reckoned_at(cohort) if order == pages.BY_LATE else None,
        "orders": pages.orders(columns, order),
        "unreleased": queue.unreleased(request.user, cohort),
        "releases": standing.releases,
        "about_files": sheets.about(),
    }
    return render(request, "dashboards/gradebook.html", context)


@require_safe
def sheet(request: HttpRequest, cohort_id: int) -> StreamingHttpResponse:
    """The marks of a whole cohort, `?as=canvas` or `?as=moodle`."""
    cohort, _ = access.marking_in(request.user, cohort_id)
    form, now = request.GET.get("as", "canvas"), timezone.now()
    if form not in sheets.FORMS:
        raise Http404
    columns = sheets.columns(selectors.Columns(cohort)[0:MOST_IN_A_FILE])
    made = sheets.Sheet(cohort, columns, request.user.is_staff, now)
    name = f"{slugify(cohort.name) or 'gradebook'}-{form}.csv"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    written = sheets.lines(form, made, selectors.marked(cohort, now))
    return StreamingHttpResponse(written, content_type="text/csv; charset=utf-8", headers=headers)
