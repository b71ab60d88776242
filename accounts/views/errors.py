from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Named by settings.CSRF_FAILURE_VIEW. Says what to do; what was typed is kept by going back."""
    return render(request, "403_csrf.html", status=403)
