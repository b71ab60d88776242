"""Work, feedback, comments and remarks whose HTML an older cleaner made, made anew from their source; nothing looks
changed, and the words of comments are found where they were."""

import logging
from typing import Any

from django.db import models, transaction

from common import richtext
from feedback.models import Comment, Feedback, Remark, Submission
from feedback.services import texts

AT_ONCE = 50
TEXTS: tuple[type[models.Model], ...] = (Submission, Feedback, Comment, Remark)
logger = logging.getLogger(__name__)


def renew_some() -> int:
    """A batch of one sort of text; how many."""
    return next((done for model in TEXTS if (done := _renew(model))), 0)


@transaction.atomic
def _renew(model: type[Any]) -> int:
    old = model.objects.filter(cleaned_by__lt=richtext.VERSION).exclude(source="")
    found = list(old.select_for_update(skip_locked=True, no_key=True, of=("self",)).order_by("pk")[:AT_ONCE])
    for one in found:
        try:
            html = texts.made(one.source)
        except richtext.TooMuch:
            logger.warning("%s %s is over a limit of today; its words are kept.", model.__name__, one.pk)
            html = richtext.from_words(one.html).html
        model.objects.filter(pk=one.pk).update(html=html, cleaned_by=richtext.VERSION)
    return len(found)
