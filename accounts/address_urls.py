"""Pages that take the place of allauth's of the same name; joined before them, and in no namespace, as theirs are."""

from django.urls import path

from accounts.views.address import address

urlpatterns = [path("email/", address, name="account_email")]
