"""Posts whose HTML or words for search an older version made, made anew from their source; nothing looks changed."""

import logging

from django.db import transaction
from django.db.models import Q

from common import richtext
from forums import words
from forums.models import Post
from forums.services import texts

AT_ONCE = 50
logger = logging.getLogger(__name__)


@transaction.atomic
def renew_some() -> int:
    old = Post.objects.filter(Q(cleaned_by__lt=richtext.VERSION) | Q(cut_by__lt=words.VERSION)).exclude(source="")
    held = old.select_for_update(skip_locked=True, no_key=True, of=("self",)).select_related("thread__cohort__course")
    found = list(held.order_by("pk")[:AT_ONCE])
    for post in found:
        try:
            made = texts.made(post.source)
        except richtext.TooMuch:
            logger.warning("Post %s is over a limit of today; its words are kept.", post.pk)
            plain = richtext.from_words(post.html)
            made = texts.Made(plain.html, post.excerpt, "\n".join(block.text for block in plain.blocks))
        Post.objects.filter(pk=post.pk).update(html=made.html, excerpt=made.excerpt, cleaned_by=richtext.VERSION)
        texts.index(post, post.thread.title, made.text, post.thread.cohort.course.language)
    return len(found)
