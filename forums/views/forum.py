"""The forum of a cohort, and all of one's forums."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from common.paging import Sliced, page_of, sought
from courses.access import readable_course
from courses.models import Cohort, Course
from forums import access
from forums.access import Standing
from forums.pages import talk as pages
from forums.selectors import forums as selectors
from forums.selectors import names, search
from forums.selectors import threads as listed
from forums.selectors.threads import Show
from forums.services import following, reading, topics

# Threads, and posts that a search found, to a page.
SHOWN, FOUND = 40, 20
# Posts beneath the lessons that a search found.
BENEATH = 6


@require_safe
def forums(request: HttpRequest) -> HttpResponse:
    """Those of all one's cohorts, each with its latest threads."""
    page = page_of(selectors.Forums(request.user), request, size=20)
    return render(request, "forums/forums.html", {"page": page})


@require_safe
def index(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort, standing = access.forum(request.user, cohort_id)
    words, by = sought(request), sought(request, "by")
    asked = request.GET.get("show", "")
    show = Show(asked) if asked in list(Show) else Show.ALL
    context = {"cohort": cohort, "course": cohort.course, "standing": standing, "words": words, "by": by, "show": show}
    if words or by:
        some = search.By(cohort, by, in_full=standing.moderates) if by else None
        page = page_of(_found(request.user, cohort, words, some, show), request, size=FOUND)
        context["kept"] = f"{urlencode({'q': words, 'by': by})}&"
        return render(request, "forums/found.html", {**context, "page": page, "hits": pages.hit_rows(page, standing)})
    page = page_of(listed.OfCohort(request.user, cohort, show, moderates=standing.moderates), request, size=SHOWN)
    rows = pages.thread_rows(page.rows, standing)
    return render(request, "forums/index.html", {**context, "page": page, "rows": rows})


def _found(viewer: User, cohort: Cohort, words: str, by: search.By | None, show: Show) -> Sliced:
    show = Show.ALL if show is Show.UNREAD else show
    if by and not words:
        return search.WrittenBy(viewer, by, show)
    return search.Found(viewer, [cohort], words, by, show)


@require_safe
def found(request: HttpRequest, course_id: int) -> HttpResponse:
    """What is said in one's forums of a course, beneath what its search found."""
    course = readable_course(request.user, course_id).course
    return _beneath(request, selectors.talked_in(request.user, course), course)


@require_safe
def found_everywhere(request: HttpRequest) -> HttpResponse:
    return _beneath(request, selectors.talked_in(request.user))


def _beneath(request: HttpRequest, mine: list[tuple[Cohort, Standing]], course: Course | None = None) -> HttpResponse:
    words, cohorts = sought(request), [cohort for cohort, _ in mine]
    hits = search.Found(request.user, cohorts, words)[0:BENEATH] if words and cohorts else []
    context = {"course": course, "words": words, "forums": pages.hits_by_forum(hits, mine)}
    return render(request, "forums/beneath.html#body" if request.htmx else "forums/beneath.html", context)


@require_safe
def unanswered(request: HttpRequest) -> HttpResponse:
    """For whoever looks after a forum: the questions of all their cohorts that nobody answered, the oldest first."""
    page = page_of(selectors.unanswered(request.user), request, size=SHOWN)
    return render(
        request, "forums/unanswered.html", {"page": page, "rows": pages.waiting_rows(page.rows, timezone.now())}
    )


@require_safe
def similar(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Questions like the one whose title is being typed."""
    cohort, _ = access.talking_in(request.user, cohort_id)
    found = search.like(request.user, cohort, request.GET.get("title", "")[:200])
    return render(request, "forums/similar.html", {"similar": found})


@require_safe
def offer_names(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Options for the list beside a text, while "@" and a part of a name are typed."""
    cohort, _ = access.talking_in(request.user, cohort_id)
    # A blank at its end tells that the word is whole.
    typed = request.GET.get("q", "").replace("\0", "")[:100]
    return render(request, "forums/names.html", {"names": names.beginning(request.user, cohort, typed)})


@require_POST
def read_all(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort, _ = access.forum(request.user, cohort_id)
    reading.mark_all(cohort, request.user)
    messages.success(request, gettext("Everything in this forum is marked as read."))
    return redirect("forums:forum", cohort.pk)


@require_POST
def follow(request: HttpRequest, cohort_id: int) -> HttpResponse:
    cohort, _ = access.forum(request.user, cohort_id)
    choice = request.POST.get("choice", following.NEITHER)
    following.choose(request.user, cohort, choice)
    said = {
        following.FOLLOW: gettext("You follow new threads here: they reach your inbox."),
        following.MUTE: gettext("This forum is muted: it reaches your inbox only where someone names or answers you."),
    }
    neither = gettext("Only replies, mentions and the threads you follow reach your inbox from here.")
    messages.success(request, said.get(choice, neither))
    return redirect("forums:forum", cohort.pk)


@require_POST
def introduce(request: HttpRequest, cohort_id: int) -> HttpResponse:
    """Leads to the round of introductions; whoever comes first begins it."""
    cohort, _ = access.forum(request.user, cohort_id)
    return redirect("forums:thread", topics.introductions_of(cohort).pk)
