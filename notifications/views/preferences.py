from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from common.dates import local
from common.forms import status_of
from notifications import selectors
from notifications.forms import ChoicesForm, MailboxForm
from notifications.services import preferences
from notifications.services.preferences import SNOOZE

# What a press at the top of the page fills in; saving keeps it.
OFFERED = {"fewer": selectors.with_fewer_mails, "usual": selectors.with_usual_mails}


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    choices, mailbox = selectors.choices(request.user), selectors.mailbox(request.user)
    if "snooze" in request.POST:
        until = timezone.now() + SNOOZE if request.POST["snooze"] == "on" else None
        preferences.set_mailbox(request.user, snoozed_until=until)
        messages.success(request, gettext("No nudges for a week.") if until else gettext("Nudges are back."))
        return redirect("notifications:settings")
    sent = request.POST or None
    offered = OFFERED.get(request.GET.get("emails", "")) if sent is None else None
    choices = offered(choices) if offered else choices
    when, what = MailboxForm(sent, mailbox=mailbox, minor=request.user.minor), ChoicesForm(sent, choices=choices)
    if request.method == "POST" and when.is_valid() and what.is_valid():
        preferences.save(request.user, when.mailbox_values(), what.chosen())
        messages.success(request, gettext("Your choices are saved."))
        return redirect("notifications:settings")
    context = {
        "when": when,
        "what": what,
        "mails": selectors.mails_of_last_week(choices),
        "snoozing": mailbox.snoozed_until and mailbox.snoozed_until > timezone.now(),
        "mailbox": mailbox,
        "on_break_until": mailbox.break_on(local(timezone.now()).date()),
        "offered": request.GET.get("emails") if offered else "",
    }
    return render(request, "notifications/settings.html", context, status=status_of(when, what))
