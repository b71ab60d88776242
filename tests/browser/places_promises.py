"""Pages on which work is asked for, promised and put off."""

from datetime import timedelta

from django.utils import timezone

from tests.browser.places import Place, press, wrong

SETTINGS, PAUSES = "/cohorts/{w.cohort.pk}/marking/settings/", "/cohorts/{w.cohort.pk}/marking/pauses/"
MODULE, RUBRIC = "/edit/modules/{w.module.pk}/", "/edit/activities/{w.to_write.pk}/rubric/"
USED = "/edit/activities/{w.handed.activity_id}/rubric/"
LATER = (timezone.now() + timedelta(days=20)).date().isoformat()

TEACHER = [
    Place("marking settings", "teacher", SETTINGS, "If marking has to wait"),
    wrong("marking settings", "teacher", SETTINGS, "Save", id_feedback_days="0"),
    Place("pause marking", "teacher", PAUSES, "You can end the pause sooner"),
    Place(
        "pause marking, what moves",
        "teacher",
        PAUSES,
        "Nothing is saved yet",
        press("Pause marking", id_last=LATER, id_reason="I am ill."),
    ),
    wrong("pause marking", "teacher", PAUSES, "Pause marking", id_last="2024-01-01"),
    Place("away", "teacher", "/me/away/", "No days yet"),
    wrong("away", "teacher", "/me/away/", "I am away on these days", id_first=LATER, id_last="2024-01-01"),
    Place("me, of who marks", "teacher", "/me/", "Days away"),
]
EDITOR = [
    Place("new assignment", "editor", MODULE + "new/assignment/", "A big task in several parts"),
    wrong("new assignment", "editor", MODULE + "new/assignment/", "Save"),
    Place("edit assignment", "editor", "/edit/activities/{w.to_write.pk}/", "What students hand in"),
    Place("rubric", "editor", RUBRIC, "Copy the rubric of another assignment"),
    Place("rubric, in use", "editor", USED, "of the rubric and keep"),
    Place("rubric, another criterion", "editor", RUBRIC, "Criterion 3", press("Another criterion")),
    wrong("rubric", "editor", RUBRIC, "Save", id_c0_title=""),
    Place("big task", "editor", MODULE + "assignments/", "so that no one is lost for weeks"),
    wrong("big task", "editor", MODULE + "assignments/", "Add these assignments"),
]
ADMIN = [Place("promises kept", "admin", "/manage/promises/", "Promises by week")]
