from allauth.account import views as allauth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest) -> HttpResponse:
    """allauth's page, without what it would do with an address that nobody has confirmed: make it the person's own."""
    if "action_primary" in request.POST:
        return redirect("account_email")
    return allauth.email(request)
