"""The mark of a piece of work by itself, as it is typed in the gradebook."""

from dataclasses import replace
from typing import Any

from feedback import criteria
from feedback.forms.marking import VERDICTS, MarkingForm
from feedback.models import Submission
from feedback.pages.cells import mark_field
from feedback.services.marking import Said


class CellForm(MarkingForm):
    """The one field of the scale, with the checks of the marking page; all else stays as `said` has it."""

    def __init__(self, data: Any = None, *, submission: Submission, said: Said, **more: Any):
        super().__init__(data, submission=submission, rubric=criteria.Criteria(), said=said, **more)
        self._before, self._name = said, mark_field(submission.activity)
        for name in set(self.fields) - {self._name}:
            del self.fields[name]

    @property
    def mark(self) -> Any:
        return self[self._name]

    def said(self) -> Said:
        value = self.cleaned_data[self._name]
        return replace(self._before, **{self._name: VERDICTS.get(value) if self._name == "good_enough" else value})
