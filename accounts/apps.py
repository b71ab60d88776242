from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("", "accounts.urls"), ("account/", "accounts.address_urls"))

    def ready(self) -> None:
        import_module("accounts.places")
        import_module("accounts.receivers")
        import_module("accounts.sign_in.receivers")
