from importlib import import_module

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("", "notifications.urls"),)

    def ready(self) -> None:
        import_module("notifications.digests")
        import_module("notifications.places")
        import_module("notifications.receivers")
