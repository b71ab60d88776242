from importlib import import_module

from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "forums"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("", "forums.urls"),)

    def ready(self) -> None:
        import_module("forums.activities.discussion")
        import_module("forums.deeds")
        import_module("forums.places")
        import_module("forums.receivers")
        for noun in ("posts", "verdicts", "waiting"):
            import_module(f"forums.notices.{noun}")
