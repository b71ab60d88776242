"""Joins the addresses that each app's configuration names (`routes`), the highest app first."""

from django.apps import apps
from django.urls import include, path

from common import access, bodies, health, undo

handler404 = access.page_not_found

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("undo/<str:token>/", undo.undo, name="undo"),
    path("may-upload", bodies.may_upload, name="may_upload"),
    *(path(prefix, include(module)) for app in apps.get_app_configs() for prefix, module in getattr(app, "routes", ())),
    path("account/", include("allauth.urls")),
]
