from importlib import import_module

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "drafts"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("drafts/", "drafts.urls"),)

    def ready(self) -> None:
        import_module("drafts.deeds")
