from django.urls import path

from notifications.views import inbox, preferences, stop

app_name = "notifications"
urlpatterns = [
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:notice>/", inbox.open_notice, name="open"),
    path("inbox/settings/", preferences.settings, name="settings"),
    path("mail/stop/<str:token>/", stop.stop, name="stop"),
]
