from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import PreferencesForm, ProfileForm, ZoneForm
from accounts.services import people


@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Two forms on one page, told apart by the name of the button that sent them."""
    sent = request.POST if request.method == "POST" else None
    profile = ProfileForm(sent if sent and "profile" in sent else None, instance=request.user)
    preferences = PreferencesForm(sent if sent and "preferences" in sent else None, instance=request.user)
    for form in (profile, preferences):
        if form.is_bound and form.is_valid():
            if "timezone" in form.changed_data:
                form.instance.zone_confirmed_at = timezone.now()
            form.save()
            messages.success(request, gettext("Saved."))
            return redirect("accounts:me")
    status = 422 if profile.is_bound or preferences.is_bound else 200
    return render(request, "accounts/me.html", {"profile": profile, "preferences": preferences}, status=status)


@require_POST
def zone(request: HttpRequest) -> HttpResponse:
    form = ZoneForm(request.POST)
    if form.is_valid():
        people.confirm_zone(request.user, form.cleaned_data["timezone"])
        messages.success(request, gettext("All times are now shown in your zone."))
    else:
        messages.error(request, gettext("That time zone is not known here. You can choose one on this page."))
        return redirect("accounts:me")
    back = request.POST.get("next", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "dashboards:home")
