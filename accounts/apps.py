from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    # Prefix and module of addresses; config/urls.py joins them.
    routes = (("", "accounts.urls"),)
