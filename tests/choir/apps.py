from importlib import import_module

from django.apps import AppConfig


class ChoirConfig(AppConfig):
    name = "tests.choir"
    label = "choir"
    routes = (("choir/", "tests.choir.urls"),)

    def ready(self) -> None:
        import_module("tests.choir.kinds")
        import_module("tests.choir.entries")
