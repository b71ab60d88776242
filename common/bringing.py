"""A file that is brought while a text is being written: a script gets what to write into the text, a page shows it."""

from django import forms
from django.http import JsonResponse


def answer(form: forms.BaseForm, written: str) -> JsonResponse:
    """For the script of `static/js/writing.js`: what to write, or in a sentence why there is nothing to write."""
    said = " ".join(error for errors in form.errors.values() for error in errors)
    return JsonResponse({"error": said} if said else {"markdown": written}, status=422 if said else 200)
