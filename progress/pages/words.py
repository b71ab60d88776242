"""The words of lists with hundreds of rows, which cannot ask for each in which language it is read."""

from functools import lru_cache

from django.utils.translation import get_language, ngettext

from common.templatetags.ui import capped, icon
from courses.kinds import rule_sentence
from progress.outline import WORDS, Step


class Words:
    """In the language that is active when it is made. The plurals are here, too: templates of rows make none."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.states = {state.value: str(words) for state, words in WORDS.items()}
        self.icons = {state.value: icon(state.value) for state in WORDS}

    def rule(self, step: Step) -> str:
        return rule_sentence(step.kind, step.rule, step.dwell_seconds, self.language)

    def activities(self, count: int) -> str:
        return ngettext("%(n)s activity", "%(n)s activities", count) % {"n": count}

    def lessons(self, count: int) -> str:
        return ngettext("%(n)s lesson", "%(n)s lessons", count) % {"n": count}

    def teachers(self, count: int) -> str:
        return ngettext("Your teacher", "Your teachers", count)

    def others(self, count: int, cohort: str) -> str:
        words = ngettext(
            "%(n)s other person studies with you in “%(cohort)s”.",
            "%(n)s others study with you in “%(cohort)s”.",
            count,
        )
        return words % {"n": capped(count), "cohort": cohort}

    def with_teacher(self, count: int) -> str:
        return ngettext("%(count)d with your teacher", "%(count)d with your teacher", count) % {"count": count}

    def new(self, count: int) -> str:
        return ngettext("%(count)d new", "%(count)d new", count) % {"count": count}


def words() -> Words:
    return _words(get_language())


@lru_cache(maxsize=64)
def _words(language: str) -> Words:
    return Words(language)
