"""Assignments and their rubrics, as authors write them."""

import logging
from typing import Any

from django.db import transaction

from accounts.models import User
from common import richtext
from courses.kinds import References
from courses.models import Activity
from courses.services import file_uses, texts
from courses.services.references import CourseReferences
from feedback import criteria
from feedback.models import Assignment, Feedback, Rubric, Submission

RENEWED_AT_ONCE = 20

logger = logging.getLogger(__name__)


@transaction.atomic
def write(activity: Activity, values: dict[str, Any], references: References | richtext.Resolve) -> bool:
    """Store what is asked and how it is judged; True when what a student sees has changed. Raises richtext.TooMuch."""
    made = texts.rendered(values["source"], values["format"], references)
    answer = texts.rendered(values["model_source"], values["format"], references)
    before = Assignment.objects.filter(activity=activity).values_list("html", flat=True).first()
    stored = {**values, "html": made.html, "model_html": answer.html, "cleaned_by": richtext.VERSION}
    Assignment.objects.update_or_create(activity=activity, defaults=stored)
    _note(activity, made)
    return before not in (None, made.html)


def _note(activity: Activity, made: richtext.RichText) -> None:
    """Open the files that it shows to whoever reads it, and let search find its words. A model answer is found by
    nobody: it is read with feedback alone."""
    file_uses.record_text(activity, made.html)
    texts.index(activity, made.blocks)


@transaction.atomic
def write_rubric(assignment: Assignment, rubric: criteria.Criteria, *, by: User | None) -> Rubric | None:
    """Store a rubric; once somebody has handed in or marked by the one that stands, as a new version beside it.

    `by` is None for a package. None where the rubric is empty: then the assignment has none from now on.
    """
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    standing, plain = standing_rubric(assignment), criteria.to_plain(rubric)
    if standing is not None and standing.plain == plain:
        return standing
    used = standing is not None and (
        Submission.objects.filter(rubric=standing).exists() or Feedback.objects.filter(rubric=standing).exists()
    )
    if standing is not None and not used:
        standing.plain, standing.made_by = plain, by
        standing.save(update_fields=["plain", "made_by"])
        return standing if plain else None
    if standing is None and not plain:
        return None
    version = standing.version + 1 if standing else 1
    made = Rubric.objects.create(assignment=assignment, version=version, plain=plain, made_by=by)
    return made if plain else None


def standing_rubric(assignment: Assignment) -> Rubric | None:
    return Rubric.objects.filter(assignment=assignment).order_by("-version").first()


@transaction.atomic
def renew_some() -> int:
    """Render a few that an older cleaner made, or whose links lead somewhere by now; nothing looks changed."""
    old = Assignment.objects.filter(cleaned_by__lt=richtext.VERSION).select_for_update(skip_locked=True, of=("self",))
    found = list(old.select_related("activity__module__course").order_by("pk")[:RENEWED_AT_ONCE])
    for one in found:
        made, answer = _renewed(one)
        Assignment.objects.filter(pk=one.pk).update(html=made.html, model_html=answer.html, cleaned_by=richtext.VERSION)
        try:
            with transaction.atomic():
                _note(one.activity, made)
        except Exception:
            logger.exception("The assignment %s keeps the passages that it had", one.pk)
    return len(found)


def _renewed(one: Assignment) -> tuple[richtext.RichText, richtext.RichText]:
    """What is asked and the model answer; of what fails, the words."""
    references = CourseReferences(one.activity.module.course)
    try:
        with transaction.atomic():
            made = texts.rendered(one.source, one.format, references)
            return made, texts.rendered(one.model_source, one.format, references)
    except Exception:
        logger.exception("The assignment %s cannot be rendered again from its source", one.pk)
        return richtext.from_words(one.html), richtext.from_words(one.model_html)
