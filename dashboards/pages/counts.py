"""What a row counts, in words: templates of rows make no plurals."""

from django.utils.translation import ngettext

from common.templatetags.ui import capped


def activities(count: int) -> str:
    return ngettext("%(n)s activity", "%(n)s activities", count) % {"n": capped(count)}


def cohorts(count: int) -> str:
    return ngettext("%(n)s cohort", "%(n)s cohorts", count) % {"n": capped(count)}


def students(count: int) -> str:
    return ngettext("%(n)s student", "%(n)s students", count) % {"n": capped(count)}


def teachers(count: int) -> str:
    return ngettext("%(n)s teacher", "%(n)s teachers", count) % {"n": capped(count)}
