from django.urls import path

from accounts.views import mail_events, me, outbox, pages

app_name = "accounts"
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/zone/", me.zone, name="zone"),
    path("help/", pages.help_page, name="help"),
    path("help/teaching/", pages.help_teaching, name="help_teaching"),
    path("help/managing/", pages.help_managing, name="help_managing"),
    path("privacy/", pages.privacy, name="privacy"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("mail/events/", mail_events.mail_events, name="mail_events"),
]
