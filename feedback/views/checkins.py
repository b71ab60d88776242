"""A check-in as its student answers it: signed in, or by the link in a mail, once."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.sign_in import limits
from accounts.sign_in.middleware import NEVER_KEPT
from drafts import selectors as drafts
from drafts.fields import sent_with, typed
from feedback import access
from feedback.forms.talks import AnswerForm
from feedback.models import Asked
from feedback.names import place_of_line
from feedback.pages import talks as pages
from feedback.selectors import talks as selectors
from feedback.services import checkins, news, talks
from notifications.services import revising


@require_http_methods(["GET", "HEAD", "POST"])
def asked(request: HttpRequest, asked_id: int) -> HttpResponse:
    found = access.own_asked(request.user, asked_id)
    posted = request.POST if request.method == "POST" else None
    form, place = AnswerForm(posted), place_of_line(found.pk)
    if form.is_valid():
        values, sending = form.cleaned_data, talks.Sending(sent_with(request.POST), place, typed(form))
        match checkins.answer(found, values["pulse"], values["said"], sending=sending):
            case True:
                messages.success(request, gettext("Your teacher can see your answer."))
            case False:
                messages.info(request, gettext("You have answered this already. Nothing was sent twice."))
            case _:
                messages.info(request, gettext("This check-in is closed, so nothing was sent."))
        return redirect("feedback:asked", found.pk)
    if request.method == "GET" and request.user.unread:
        request.user.unread -= revising.read_about(request.user, [news.CHECK_IN], found.pk)
    context = {"asked": found, "teacher": pages.name_of(found.check_in.author), "course": found.enrolment.cohort.course}
    context |= {"answered": pages.answer_of(found), "choices": Asked.Pulse.choices, "form": form, "writing": None}
    if found.answered_at is None and selectors.can_be_answered(found, timezone.now()):
        context["writing"] = writing = drafts.writing(request.user, place, posted=posted)
        context["form"] = form if posted is not None else AnswerForm(initial=writing.initial)
    return render(request, "feedback/asked.html", context, status=422 if form.errors else 200)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever has the link of a mail: one answer, once. It needs no cookie, signs nobody in, and says no more than
    the mail did; a GET, which programs that look through mail send too, changes nothing."""
    if not limits.spend_link(request):
        return _said(request, "wait", status=429)
    try:
        found = access.linked_asked(checkins.read_token(token))
    except BadSignature:
        found = None
    if found is None:
        return _said(request, "unknown", status=404)
    with translation.override(found.enrolment.user.language), timezone.override(found.enrolment.user.timezone):
        return _linked(request, found)


def _linked(request: HttpRequest, found: Asked) -> HttpResponse:
    if found.answered_at is not None:
        return _said(request, "answered", found)
    if not selectors.can_be_answered(found, timezone.now()):
        # By another press, maybe, since it was read.
        found.refresh_from_db(fields=["answered_at"])
        return _said(request, "closed" if found.answered_at is None else "answered", found)
    if request.method == "POST":
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return _said(request, "asks", found, form, status=422)
        outcome = checkins.answer(found, form.cleaned_data["pulse"], form.cleaned_data["said"])
        return _said(request, {True: "done", False: "answered", None: "closed"}[outcome], found)
    return _said(request, "asks", found, AnswerForm(initial={"pulse": request.GET.get("answer", "")}))


def _said(
    request: HttpRequest, state: str, found: Asked | None = None, form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    page = reverse("feedback:asked", args=[found.pk]) if found else reverse("dashboards:home")
    first_name = found.enrolment.user.get_short_name() if found else ""
    context = {"state": state, "asked": found, "form": form, "first_name": first_name, "page": page}
    answer = render(request, "feedback/linked.html", context, status=status)
    answer["Cache-Control"], answer["Referrer-Policy"] = NEVER_KEPT, "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer
