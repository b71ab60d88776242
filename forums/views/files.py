"""Files of posts: brought before the post is sent, and shown as the post is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from common import bringing
from common.bodies import takes_files
from files import serving
from forums import access
from forums.forms import FileForm
from forums.services import uploads


def _may(viewer: object, cohort_id: int) -> bool:
    access.talking_in(viewer, cohort_id)
    return True


@takes_files(uploads.LARGEST, may=_may)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """A script gets what to write into the text; without one, a page says it."""
    cohort, _ = access.talking_in(request.user, cohort_id)
    wants_page = request.accepts("text/html")
    form = FileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    written = ""
    if form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            found = uploads.bring(cohort, upload, upload.name, upload.size, by=request.user)
            written = uploads.markdown_of(found, form.cleaned_data["alternative"])
        except uploads.Refused as refusal:
            form.add_error("file", refusal.args[0])
    if not wants_page:
        return bringing.answer(form, written)
    context = {"cohort": cohort, "course": cohort.course, "form": form, "written": written}
    return render(request, "forums/bring.html", context, status=422 if form.errors else 200)


@require_safe
def post_file(request: HttpRequest, file_id: str, name: str) -> HttpResponse:
    """`name` is only what the browser shows."""
    return serving.respond(request, access.readable_post_file(request.user, file_id).file)
