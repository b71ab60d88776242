"""Pages that anybody may read."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/help.html")


@login_not_required
@require_safe
def help_teaching(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/help_teaching.html")


@login_not_required
@require_safe
def help_managing(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/help_managing.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/privacy.html")
