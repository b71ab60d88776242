from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.forms import MeForm
from dashboards.access import admins_only


@admins_only
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in every state, for those who build pages."""
    wrong = MeForm({"display_name": "", "timezone": "Nowhere/Land"}, auto_id="wrong_%s")
    wrong.is_valid()
    context = {
        "form": MeForm(instance=request.user),
        "wrong_form": wrong,
        "now": timezone.now(),
        "states": ["todo", "started", "waiting", "done", "new"],
    }
    return render(request, "dashboards/styleguide.html", context)
