"""The rows of an outline as HTML, made here and not by the template engine, which takes five times as long for each.

An outline of 265 activities has to come within five times the floor of a signed-in page (docs/adr/0011).
"""

from datetime import datetime
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from common.templatetags import ui
from courses.kinds import rule_sentence
from progress.outline import BEHIND, WORDS, Outline, Part, State, Step
from progress.pages.words import due_line


class Marks:
    """What does not change from row to row, in one language; made once."""

    def __init__(self, *, student: bool) -> None:
        self.icons = {state: ui.icon(state.value) for state in State}
        words = {state: escape(WORDS[state]) if student else "" for state in State}
        self.words = {state: f"<span>{word}</span>" if word else "" for state, word in words.items()}
        self.unseen = {state: f' <span class="unseen">({word})</span>' if word else "" for state, word in words.items()}
        self.optional = f'<span class="tag">{escape(gettext("Optional"))}</span>'
        self.changed = f'<span class="tag new">{escape(gettext("Changed since you did it"))}</span>'


@lru_cache(maxsize=64)
def _marks(language: str, student: bool) -> Marks:
    """`language` is only the key."""
    return Marks(student=student)


class Rows:
    def __init__(self, now: datetime, *, student: bool) -> None:
        self.now, self.student, self.language = now, student, get_language()
        self.marks = _marks(self.language, student)

    def of(self, steps: list[Step]) -> SafeString:
        heading, rows = "", []
        for step in steps:
            if step.heading != heading:
                heading = step.heading
                rows.append(f'<li class="sub-head">{escape(heading)}</li>' if heading else "")
            rows.append(self._row(step))
        return mark_safe("".join(rows))  # noqa: S308  every word in it is escaped where it is put in

    def beside(self, outline: Outline, here: Part | None, activity_id: int, course_url: str) -> SafeString:
        """The outline that stands beside a lesson: the module at hand with its steps, the others by name."""
        parts = []
        for part in outline.parts:
            if part is here:
                steps = "".join(self._beside_step(step, step.id == activity_id) for step in part.steps)
                parts.append(f'<li><strong>{escape(part.title)}</strong><ol class="beside-steps">{steps}</ol></li>')
            else:
                count = f' <span class="soft">{part.done}/{part.total}</span>' if self.student and part.total else ""
                address = f"{course_url}#module-{part.id}"
                parts.append(f'<li><a href="{address}">{escape(part.title)}{count}</a></li>')
        return mark_safe("".join(parts))  # noqa: S308  every word in it is escaped where it is put in

    def _beside_step(self, step: Step, is_here: bool) -> str:
        current = ' aria-current="page"' if is_here else ""
        return (
            f'<li class="{step.state.value}"><a href="{step.url}"{current}>{self.marks.icons[step.state]}'
            f"<span>{escape(step.title)}{self.marks.unseen[step.state]}</span></a></li>"
        )

    def _row(self, step: Step) -> str:
        return (
            f'<li class="step {step.state.value}">{self.marks.icons[step.state]}<a href="{step.url}">'
            f'{escape(step.title)}</a><span class="step-minutes">{step.time}</span>'
            f'<p class="step-facts">{self._facts(step)}</p></li>'
        )

    def _facts(self, step: Step) -> str:
        facts = self.marks.words[step.state]
        if not step.required:
            facts += self.marks.optional
        if step.changed:
            facts += self.marks.changed
        if step.promised is not None and step.state is State.WAITING:
            promised = escape(gettext("Answer promised by"))
            facts += f"<span>{promised} {ui.instant(step.promised_at)}</span>"
        if step.due is not None:
            facts += f"<span>{due_line(step, self.now)}</span>"
        if step.state not in BEHIND:
            sentence = rule_sentence(step.kind, step.rule, step.dwell_seconds, self.language)
            facts += f"<span>{escape(sentence)}</span>"
        return facts
