from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import MeForm, ZoneForm
from accounts.services import people
from common.forms import status_of


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    form = MeForm(request.POST if request.method == "POST" else None, instance=request.user)
    if form.is_valid():
        people.save_own(form.instance, chose_zone="timezone" in form.changed_data)
        messages.success(request, gettext("Saved."))
        return redirect("accounts:me")
    return render(request, "accounts/me.html", {"form": form}, status=status_of(form))


@require_POST
def zone(request: HttpRequest) -> HttpResponse:
    form = ZoneForm(request.POST)
    if form.is_valid():
        people.confirm_zone(request.user, form.cleaned_data["timezone"])
        messages.success(request, gettext("All times are now shown in your time zone."))
    else:
        messages.error(request, gettext("We do not recognise that time zone. You can choose one on this page."))
        return redirect("accounts:me")
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "dashboards:home")
