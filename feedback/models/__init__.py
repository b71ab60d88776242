from feedback.models.assignments import Assignment, Marking, Rubric
from feedback.models.marking import AtWork, BankComment, Comment, Feedback, FeedbackChange, Remark
from feedback.models.promises import Absence, Pause, PromiseMove
from feedback.models.work import Beginning, PageImage, Submission, WorkFile

__all__ = [
    "Absence",
    "Assignment",
    "AtWork",
    "BankComment",
    "Beginning",
    "Comment",
    "Feedback",
    "FeedbackChange",
    "Marking",
    "PageImage",
    "Pause",
    "PromiseMove",
    "Remark",
    "Rubric",
    "Submission",
    "WorkFile",
]
