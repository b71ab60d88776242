from importlib import import_module

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("", "courses.urls"), ("edit/", "courses.edit_urls"))

    def ready(self) -> None:
        for kind in ("reading", "file", "link"):
            import_module(f"courses.activities.{kind}")
        import_module("courses.deeds")
        import_module("courses.places")
        import_module("courses.receivers")
        for noun in ("about", "announcements", "cohorts", "dates", "extra_days", "content", "jobs"):
            import_module(f"courses.notices.{noun}")
