from importlib import import_module

from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (
        ("", "dashboards.urls.home"),
        ("teach/", "dashboards.urls.teach"),
        ("manage/", "dashboards.urls.manage"),
    )

    def ready(self) -> None:
        import_module("dashboards.places")
        import_module("dashboards.reminders")
