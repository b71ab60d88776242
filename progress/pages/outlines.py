"""How the outline of a course is laid out: which modules stand open, and which rules are said once for all rows."""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language

from common.templatetags import ui
from courses.kinds import KINDS, rule_sentence
from progress.outline import Outline, Part, Step

# A course of up to so many steps is shown whole, but for what is finished; a longer one is a list of its modules.
SHOWN_WHOLE = 80


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind as its rows show it, with the rule that ticks most of them; `sentence` speaks of that rule in general."""

    icon: str
    label: str
    rule: str
    sentence: str
    # The icon and, for screen readers, the label: rendered once, because every row has one.
    mark: SafeString


def kinds_of(outline: Outline) -> dict[str, Shown]:
    """The kinds that a course has by their code, the commonest first."""
    usual: dict[str, str] = {}
    for (kind, rule), _ in Counter((step.kind, step.rule) for step in outline.steps).most_common():
        usual.setdefault(kind, rule)
    return {kind: _shown(kind, rule, get_language()) for kind, rule in usual.items()}


@lru_cache(maxsize=256)
def _shown(kind: str, rule: str, language: str) -> Shown:
    """`language` is the one that is active."""
    icon, label = KINDS[kind].icon, str(KINDS[kind].label)
    mark = ui.rows("kind.html", icon=icon, label=label)
    return Shown(icon, label, rule, rule_sentence(kind, rule, 0, language), mark)


def open_parts(outline: Outline, next_step: Step | None, asked: str) -> frozenset[int]:
    """The ids of modules that stand open: the one with the next step, the one that was asked for by its id, and in a
    short course all that are not finished."""
    here = outline.part_of(next_step).id if next_step else None
    is_short = len(outline.steps) <= SHOWN_WHOLE
    return frozenset(
        part.id
        for part in outline.parts
        if part.id == here or str(part.id) == asked or (is_short and not _is_finished(part))
    )


def _is_finished(part: Part) -> bool:
    """Nothing in it is left, new or with a teacher; what is optional may be."""
    return 0 < part.total == part.done and not part.new and not part.waiting
