from feedback.models.assignments import Assignment, Marking, Rubric
from feedback.models.marking import AtWork, BankComment, Comment, Feedback, FeedbackChange, Remark
from feedback.models.promises import Absence, Pause, PromiseMove
from feedback.models.talks import (
    Asked,
    CheckIn,
    Checking,
    Conversation,
    Message,
    RegularCheckIn,
    WorksAlone,
)
from feedback.models.work import Beginning, PageImage, Submission, WorkFile

__all__ = [
    "Absence",
    "Asked",
    "Assignment",
    "AtWork",
    "BankComment",
    "Beginning",
    "CheckIn",
    "Checking",
    "Comment",
    "Conversation",
    "Feedback",
    "FeedbackChange",
    "Marking",
    "Message",
    "PageImage",
    "Pause",
    "PromiseMove",
    "RegularCheckIn",
    "Remark",
    "Rubric",
    "Submission",
    "WorkFile",
    "WorksAlone",
]
