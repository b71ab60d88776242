from django.urls import include, path

from bench import floors

urlpatterns = [
    path("bench/bare/", floors.bare),
    path("bench/signed-in/", floors.signed_in),
    path("", include("config.urls")),
]
