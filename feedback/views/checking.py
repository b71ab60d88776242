"""A teacher checks in with a cohort: whom to ask, what became of it, and what is asked every week or two."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common import undo
from common.forms import status_of
from common.numbers import row_key
from common.paging import page_of
from courses.models import Cohort
from drafts import selectors as drafts
from drafts.fields import Content, sent_with, typed
from feedback import access, segments
from feedback.forms.checkins import MOST_LINES, CheckInForm, CheckingForm, RegularForm
from feedback.models import CheckIn
from feedback.names import line_name, place_of_check_in, place_of_regular
from feedback.pages import checkins as pages
from feedback.pages import talks as talk_pages
from feedback.selectors import segments as segment_selectors
from feedback.selectors import talks as selectors
from feedback.services import checkins
from feedback.services.talks import Refused, Sending

SENT = 10


@require_http_methods(["GET", "HEAD", "POST"])
def check_ins(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """What the viewer asked there and who waits; a POST sets how many they can answer at a time, and how soon."""
    cohort, now = access.checking_in(request.user, cohort_id), timezone.now()
    standing = checkins.checking_of(cohort, request.user)
    form = CheckingForm(request.POST or None, instance=standing)
    if form.is_valid():
        checkins.set_checking(cohort, request.user, **form.cleaned_data, now=now)
        messages.success(request, gettext("Saved. What you promised before is promised still."))
        return redirect("feedback:check_ins", cohort.pk)
    page = page_of(selectors.sent(cohort, request.user, now), request, size=SENT)
    waiting = talk_pages.talk_rows(selectors.waiting_for(request.user, cohort), request.user)
    context = {
        "cohort": cohort,
        "form": form,
        "page": page,
        "sent": pages.sent_rows(list(page)),
        "waiting": waiting,
        "regular": selectors.regular_of(cohort, request.user),
        "drawn": pages.drawn(selectors.pulses_of(cohort, request.user)),
        "now": now,
    }
    return render(request, "feedback/check_ins.html", context, status=status_of(form))


@require_safe
def check_in(request: HttpRequest, cohort_id: int, check_in_id: int) -> HttpResponse:
    """Who answered what. It is for whoever asked."""
    cohort = access.checking_in(request.user, cohort_id)
    found = get_object_or_404(CheckIn, cohort=cohort, author=request.user, pk=check_in_id)
    page = page_of(selectors.asked_in(found), request)
    rows = pages.asked_rows(list(page), timezone.now())
    context = {"cohort": cohort, "check_in": found, "to": pages.segment_label(found.segment)}
    context["source"] = pages.as_sent(found.source)
    return render(request, "feedback/check_in.html", {**context, "page": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def new_check_in(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Choose whom, write, look at what each would read, and send."""
    cohort = access.checking_in(request.user, cohort_id)
    composed = _composed(request, cohort)
    form = composed.form
    if form.is_bound:
        form.refuse_long(composed.lines)
        if not composed.ticked:
            form.add_error(None, gettext("Choose at least one student."))
        if "send" in request.POST and not form.errors:
            try:
                return _sent(request, cohort, composed)
            except Refused as refusal:
                form.add_error(None, refusal.args[0])
    is_looked_at = form.is_bound and not form.errors
    context = {
        "cohort": cohort,
        "form": form,
        "writing": composed.writing,
        "people": composed.people(is_looked_at),
        "listed": composed.segment,
        "everyone": segments.EVERYONE,
        "shown": "show" in request.POST,
        "takes_lines": composed.takes_lines,
        "with_line": sum(map(bool, composed.lines.values())),
        "most_lines": MOST_LINES,
        "looked_at": is_looked_at,
        "has_alone": bool(composed.alone),
    }
    return render(request, "feedback/new_check_in.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Composed:
    """What stands in the form: the people of its segment, who of them is ticked, and what was typed for each."""

    form: CheckInForm
    writing: drafts.Writing
    segment: str
    found: list[Any]
    ticked: set[int]
    alone: set[int]
    lines: dict[int, str]

    @property
    def takes_lines(self) -> bool:
        return len(self.found) <= MOST_LINES

    @property
    def source(self) -> str:
        return self.form.cleaned_data["source"]

    def people(self, is_looked_at: bool) -> list[pages.Person]:
        """A line is written with the next step in sight, so a list too long for lines shows none."""
        now, chosen = timezone.now(), [one for one in self.found if one.pk in self.ticked]
        steps = checkins.next_steps(self.found, now) if self.takes_lines else None
        texts = checkins.merged(self.source, chosen, now, steps) if is_looked_at else {}
        given = {"ticked": self.ticked, "alone": self.alone, "lines": self.lines, "texts": texts}
        return pages.people(self.found, steps=steps or {}, **given)


def _composed(request: HttpRequest, cohort: Cohort) -> Composed:
    posted = request.POST if request.method == "POST" else None
    writing = drafts.writing(request.user, place_of_check_in(cohort.pk), posted=posted)
    named = {row_key(one) for one in request.GET.getlist("who")}
    usual = segments.TICKED if named else request.GET.get("segment") or writing.initial.get("segment", "all")
    sent = CheckInForm(posted, initial={**writing.initial, "segment": usual})
    # Asked for another list, nothing is wrong yet.
    form = CheckInForm(initial=request.POST.dict()) if "show" in request.POST else sent
    segment = request.POST.get("segment", "") if posted is not None else usual
    find = segments.SEGMENTS[segment].find if segment in segments.SEGMENTS else segment_selectors.everyone
    found = checkins.people_of(cohort, find(cohort, timezone.now()))
    keys = [one.pk for one in found]
    alone = selectors.alone_among(keys)
    if posted is not None and posted.get("listed") == segment:
        ticked = sent.ticked & set(keys)
    else:
        ticked = named & set(keys) if segment not in segments.SEGMENTS else set(keys) - alone
    lines = sent.lines(keys)
    if posted is None:
        lines = {key: writing.initial.get(line_name(key), "") for key in keys}
    return Composed(form, writing, segment, found, ticked, alone, lines)


def _sent(request: HttpRequest, cohort: Cohort, composed: Composed) -> HttpResponse:
    kept = {line_name(key): line for key, line in composed.lines.items()}
    content = Content({"source": composed.source, **kept}, {"segment": composed.segment})
    sending = Sending(sent_with(request.POST), place_of_check_in(cohort.pk), content)
    lines = {key: line for key, line in composed.lines.items() if key in composed.ticked}
    wanted = checkins.Wanted(composed.source, composed.segment, composed.ticked, lines)
    sent = checkins.send(cohort, wanted, sending, by=request.user)
    if sent.again:
        messages.info(request, gettext("This was sent already, so no one is asked twice."))
    else:
        messages.success(request, gettext("Your check-in is on its way."))
    return redirect("feedback:check_in", cohort.pk, sent.check_in.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def regular(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """What the whole cohort is asked every week or two."""
    cohort = access.checking_in(request.user, cohort_id)
    standing = selectors.regular_of(cohort, request.user)
    posted = request.POST if request.method == "POST" else None
    place = place_of_regular(cohort.pk)
    writing = drafts.writing(request.user, place, posted=posted)
    known, today = {}, timezone.now().astimezone(cohort.timezone).date()
    if standing is not None:
        known = {"source": standing.source, "every_weeks": standing.every_weeks, "first": max(standing.next_on, today)}
    form = RegularForm(posted, initial={**known, **writing.initial}, today=today)
    if form.is_valid():
        values, sending = form.cleaned_data, Sending(sent_with(request.POST), place, typed(form))
        given = {"every_weeks": values["every_weeks"], "first": values["first"], "sending": sending}
        checkins.repeat(cohort, request.user, values["source"], **given)
        messages.success(request, gettext("Saved. You can change or stop it at any time."))
        return redirect("feedback:check_ins", cohort.pk)
    context = {"cohort": cohort, "form": form, "writing": writing, "regular": standing}
    return render(request, "feedback/regular.html", context, status=status_of(form))


@require_POST
def stop_regular(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort = access.checking_in(request.user, cohort_id)
    back, gone = reverse("feedback:check_ins", args=[cohort.pk]), selectors.regular_of(cohort, request.user)
    if gone is not None and checkins.stop_repeating(cohort, request.user):
        values = {"source": gone.source, "every_weeks": gone.every_weeks, "first": gone.next_on.isoformat()}
        words = gettext("Stopped. No one is asked regularly any more.")
        undo.offer(request, words, "regular stopped", back=back, cohort=cohort.pk, **values)
    return redirect(back)
