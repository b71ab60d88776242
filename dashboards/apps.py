from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "dashboards"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (
        ("", "dashboards.urls.home"),
        ("teach/", "dashboards.urls.teach"),
        ("manage/", "dashboards.urls.manage"),
    )
