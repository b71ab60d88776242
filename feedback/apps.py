from importlib import import_module

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "feedback"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("", "feedback.urls"),)

    def ready(self) -> None:
        import_module("feedback.activities.assignment")
        import_module("feedback.deeds")
        import_module("feedback.places")
        import_module("feedback.receivers")
        for noun in ("about", "markers", "students", "talks", "answers"):
            import_module(f"feedback.notices.{noun}")
