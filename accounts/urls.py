from django.urls import path

from accounts.views import me, outbox, pages

app_name = "accounts"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/zone/", me.zone, name="zone"),
    path("help/", pages.help_page, name="help"),
    path("privacy/", pages.privacy, name="privacy"),
    path("outbox/", outbox.outbox, name="outbox"),
]
