import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from common import undo
from common.paging import page_of
from drafts import fields, kinds, pages, selectors
from drafts.services import Conflict, Full, save
from drafts.services import discard as close


@require_http_methods(["GET", "HEAD", "POST"])
def drafts(request: HttpRequest) -> HttpResponse:
    """The list of one's unsent texts; a script saves one here."""
    if request.method == "POST":
        return _saved(request)
    page = page_of(selectors.unsent(request.user), request)
    context = {"page": page, "rows": pages.rows(request.user, page.rows)}
    return render(request, "drafts/drafts.html", context)


def _saved(request: HttpRequest) -> HttpResponse:
    try:
        said = json.loads(request.body)
        # In a page that one person left open, another may have signed in since.
        if said["person"] != request.user.pk:
            return JsonResponse({"error": gettext("Someone else opened this page.")}, status=403)
        place, stamp, content = fields.place_of(said["place"]), fields.stamp_of(said), fields.content_of(said)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return JsonResponse({"error": gettext("This form is not whole. Open it again.")}, status=400)
    try:
        outcome = save(request.user, place, stamp, content)
    except Full as full:
        return JsonResponse({"error": str(full)}, status=422)
    if isinstance(outcome, Conflict):
        return JsonResponse(_theirs(outcome), status=409)
    words = {"key": str(outcome.key), "revision": outcome.revision, "closed": outcome.closed}
    return JsonResponse({**words, "saved": pages.saved(outcome.saved_at)})


def _theirs(conflict: Conflict) -> dict[str, object]:
    draft = conflict.draft
    return {
        "key": str(draft.key),
        "revision": draft.revision,
        "saved": pages.saved(draft.saved_at),
        "fields": draft.fields,
        "choices": draft.choices,
        "files": [str(one) for one in draft.files],
    }


@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """From the list, or from the page of the place itself, which sends `stay`."""
    back = reverse("drafts:drafts")
    try:
        place = fields.place_of(request.POST.get("place"))
    except fields.Malformed:
        raise Http404 from None
    if "stay" in request.POST:
        back = kinds.labels(request.user, [place]).get(place, ("", back))[1]
    if gone := close(request.user, place):
        words = gettext("Your unsent text was discarded.")
        undo.offer(request, words, "draft discarded", back=back, key=str(gone.pk), revision=gone.revision)
    else:
        messages.info(request, gettext("There is no unsent text there any more."))
    return redirect(back)
