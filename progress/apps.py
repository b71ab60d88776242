from importlib import import_module

from django.apps import AppConfig


class ProgressConfig(AppConfig):
    name = "progress"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("", "progress.urls"),)

    def ready(self) -> None:
        import_module("progress.activities.lecture")
        import_module("progress.deeds")
        import_module("progress.digests")
        import_module("progress.nudges")
        import_module("progress.places")
        import_module("progress.reminders")
