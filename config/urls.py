from django.urls import include, path

from common import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("dashboards.urls.home")),
    path("", include("progress.urls")),
    path("", include("courses.urls")),
    path("", include("accounts.urls")),
    path("teach/", include("dashboards.urls.teach")),
    path("manage/", include("dashboards.urls.manage")),
    path("edit/", include("courses.edit_urls")),
    path("account/", include("allauth.urls")),
]
