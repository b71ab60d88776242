from importlib import import_module

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        for kind in ("reading", "file", "link"):
            import_module(f"courses.activities.{kind}")
