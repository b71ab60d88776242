"""Every URL with every role. A route that nobody listed here fails the first test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from accounts.models import User
from common import undo
from courses.models import Activity, CourseImport
from feedback.models import Absence, Pause
from feedback.services import checkins, comments
from notifications.services.letters import stop_token
from progress.models import Note
from tests.cast import Cast
from tests.factories import documents, feedback, forums, lectures, talks
from tests.factories.announcements import announcement
from tests.factories.notices import notice

ROLES = [
    "anonymous",
    "outsider",
    "student",
    "elsewhere_student",
    "observer",
    "assistant",
    "teacher",
    "elsewhere_teacher",
    "editor",
    "admin",
]
# The answers, in the order of ROLES. 302 to the sign-in page is written "in".
EVERYBODY = [200] * 10
SIGNED_IN = ["in"] + [200] * 9
# Members read; an outsider is told nothing.
READERS = ["in", 404] + [200] * 8
#              anon  outs  stud  els.s  obs  asst  teach  els.t  edit  admin
DRAFT = ["in", 404, 404, 404, 404, 200, 200, 200, 200, 200]
STUDENTS = ["in", 404, 200, 200, 403, 403, 403, 403, 403, 403]
EDITORS = ["in", 404, 403, 403, 403, 403, 403, 403, 200, 200]
ADMINS = ["in"] + [404] * 8 + [200]
SEES_CLASS = ["in", 404, 403, 404, 403, 200, 200, 404, 404, 200]
SETS_DATES = ["in", 404, 403, 404, 403, 403, 200, 404, 404, 200]
# What a student sends is no report here: that is said only to whoever may report.
DELETES_COHORT = ["in", 404, 403, 404, 403, 403, 200, 404, 404, 200]
REPORTS = ["in", 404, 400, 400, 403, 403, 403, 403, 403, 403]
IN_COHORT = ["in", 404, 200, 404, 200, 200, 200, 404, 404, 200]
MARKERS = ["in", 404, 404, 404, 404, 200, 200, 200, 404, 404]
TALKS = ["in", 404, 200, 404, 403, 200, 200, 404, 404, 200]
# The post of somebody else: nobody writes in another's name.
OTHERS = ["in", 404, 403, 404, 403, 403, 403, 404, 404, 403]
OF_TEACHER = ["in", 404, 403, 404, 403, 403, 200, 404, 404, 403]
# Work of the student: theirs, and of whoever marks it.
MARKED = ["in", 404, 200, 404, 404, 200, 200, 404, 404, 200]
TO_COME = ["in", 404, 404, 404, 404, 200, 200, 404, 404, 200]
# What the student and the teacher write to each other.
OF_TWO = ["in", 404, 200, 404, 404, 404, 200, 404, 404, 404]
STAFF_OF_TWO = ["in", 404, 403, 404, 404, 404, 200, 404, 404, 404]
OWN = OWN_NOTE = ["in", 404, 200] + [404] * 7
NOBODY = ["in"] + [404] * 9


def get(path: str) -> Callable[[Cast], tuple[str, str, dict]]:
    return lambda cast: ("get", path.format(c=cast), {})


def post(path: str, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    return lambda cast: ("post", path.format(c=cast), data)


def course_file(cast: Cast) -> tuple[str, str, dict]:
    found = cast.file.file_content.course_file
    return "get", f"/files/{found.pk}/{found.file.name}", {}


def a_lecture(cast: Cast, **values: object) -> Activity:
    return lectures.lecture(cast.module, title="Bees on film", position=7, **values)


def lecture(path: str, *, published: bool = True, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name the lecture (a), its recording (r) and its captions (t). With `data` it is a POST."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        made = a_lecture(cast, published=published)
        recording = made.lecture.recording
        address = path.format(c=cast, a=made, r=recording, t=recording.tracks.first())
        return "post" if data else "get", address, data

    return call


def a_post(path: str, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name a reply (p) of the other student in a question (t) of the student. With `data` it is a POST."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        thread = forums.thread(cast.cohort, cast.student)
        reply = forums.reply(thread, cast.other_student)
        return "post" if data else "get", path.format(c=cast, t=thread, p=reply), data

    return call


def handed_in(path: str, *, released: bool = False, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name an assignment (a) and the student's work for it (s). With `data` it is a POST."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        step = feedback.assignment(cast.module)
        work = feedback.hand_in(cast.enrolment, step)
        if released:
            feedback.release(work, cast.teacher, feedback.said(good_enough=False))
        return "post" if data else "get", path.format(c=cast, a=step, s=work), data

    return call


def work(path: str, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name work (s), a comment on it (k) and one of the bank (b). With `data` it is a POST."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        sent = feedback.hand_in(cast.enrolment, feedback.assignment(cast.module))
        place = comments.Place(quote="nine flowers")
        comment = comments.write(sent, UUID(int=9), place, "Which ones?", version=0, by=cast.teacher)
        kept = comments.keep("Which ones?", by=cast.teacher, course=cast.course)
        return "post" if data else "get", path.format(c=cast, s=sent, k=comment, b=kept), data

    return call


def a_mark(cast: Cast) -> tuple[str, str, dict]:
    sent = feedback.hand_in(cast.enrolment, feedback.assignment(cast.module))
    return "post", f"/marking/{sent.pk}/cell/", {"revision": "0", "good_enough": "yes"}


def a_talk(path: str, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name a conversation (t) of the student and the teacher, and its message (m). With `data`, a POST."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        talk = talks.word(cast.cohort, cast.student, cast.teacher)
        return "post" if data else "get", path.format(c=cast, t=talk, m=talk.messages.get()), data

    return call


def a_check_in(path: str, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name a check-in of the teacher (k), and how the student was asked it (a). With `data`, a POST."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        asked = talks.asked(cast.cohort, cast.teacher, cast.student)
        return "post" if data else "get", path.format(c=cast, a=asked, k=asked.check_in), data

    return call


def a_linked_check_in(cast: Cast) -> tuple[str, str, dict]:
    asked = talks.asked(cast.cohort, cast.teacher, cast.student)
    return "post", f"/check-in/{checkins.token_of(asked.pk)}/", {"pulse": "stuck"}


def a_discussion(cast: Cast) -> tuple[str, str, dict]:
    step = forums.discussion(cast.module)
    return "post", f"/cohorts/{cast.cohort.pk}/discussions/{step.pk}/", {}


def brings(cast: Cast) -> tuple[str, str, dict]:
    return "get", f"/lessons/{feedback.assignment(cast.module).pk}/hand-in/files/", {}


def brought(path: str) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name a file (f) that was handed in, and its page (p)."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        file = documents.handed_in(cast.enrolment, feedback.assignment(cast.module))
        return "get", path.format(f=file, p=file.pages.get()), {}

    return call


def a_note(cast: Cast) -> tuple[str, str, dict]:
    note = Note.objects.create(enrolment=cast.enrolment, activity=a_lecture(cast), at_ms=0, text="Mine")
    return "post", f"/notes/{note.pk}/delete/", {}


def a_notice(cast: Cast) -> tuple[str, str, dict]:
    found = notice(cast.student, subject=cast.reading.pk)
    return "get", f"/inbox/{found.pk}/", {}


def an_announcement(path: str, *, ahead: bool = False, **data: object) -> Callable[[Cast], tuple[str, str, dict]]:
    """`path` may name it (a). With `data` it is a POST."""

    def call(cast: Cast) -> tuple[str, str, dict]:
        found = announcement(cast.teacher, cast.cohort, publish_at=timezone.now() + timedelta(days=1 if ahead else -1))
        return "post" if data else "get", path.format(a=found, c=cast), data

    return call


def an_unsubscribing(cast: Cast) -> tuple[str, str, dict]:
    return "post", f"/mail/stop/{stop_token(cast.student.pk, ['due_soon'])}/", {}


def a_rubric(cast: Cast) -> tuple[str, str, dict]:
    return "get", f"/edit/activities/{feedback.assignment(cast.module).pk}/rubric/", {}


def a_pause_to_end(cast: Cast) -> tuple[str, str, dict]:
    today = timezone.now().date()
    pause = Pause.objects.create(cohort=cast.cohort, first=today, last=today, reason="Ill.")
    return "post", f"/cohorts/{cast.cohort.pk}/marking/pauses/{pause.pk}/end/", {}


def an_absence(cast: Cast) -> tuple[str, str, dict]:
    today = timezone.now().date()
    absence = Absence.objects.create(person=cast.teacher, first=today, last=today)
    return "post", f"/me/away/{absence.pk}/cancel/", {}


def an_import(cast: Cast) -> tuple[str, str, dict]:
    run = CourseImport.objects.create(file_name="a.imscc", state="done", course=cast.course, finished_at=timezone.now())
    return "get", f"/edit/imports/{run.pk}/", {}


def undo_of_an_admin(cast: Cast) -> tuple[str, str, dict]:
    """Nobody takes back what somebody else did, whatever address they were given."""
    values = {"kind": "activity", "key": cast.reading.pk}
    return "post", f"/undo/{signing.dumps([cast.admin.pk, 'deleted', '/', values], salt=undo.SALT)}/", {}


# Route name -> (how to call it, what each role gets). A POST that succeeds answers 302; it is written 200 here.
MATRIX: dict[str, tuple[Callable[[Cast], tuple[str, str, dict]], list]] = {
    "healthz": (get("/healthz"), EVERYBODY),
    "dashboards:home": (get("/"), SIGNED_IN),
    "dashboards:styleguide": (get("/styleguide/"), ADMINS),
    "progress:courses": (get("/courses/"), SIGNED_IN),
    "progress:course": (get("/courses/{c.course.pk}/"), READERS),
    "progress:dates": (get("/dates/"), SIGNED_IN),
    "progress:search": (get("/courses/{c.course.pk}/search/?q=bees"), READERS),
    "progress:search_everywhere": (get("/search/?q=bees"), SIGNED_IN),
    "progress:lesson": (get("/lessons/{c.reading.pk}/"), READERS),
    "progress:lesson (draft)": (get("/lessons/{c.draft.pk}/"), DRAFT),
    "progress:open": (post("/lessons/{c.link.pk}/open/"), READERS),
    "progress:mark": (post("/lessons/{c.reading.pk}/done/"), STUDENTS),
    "progress:unmark": (post("/lessons/{c.reading.pk}/not-done/"), STUDENTS),
    "progress:lesson (lecture)": (lecture("/lessons/{a.pk}/"), READERS),
    "progress:watch": (lecture("/lessons/{a.pk}/watch/", report="{}"), REPORTS),
    "progress:transcript": (lecture("/lessons/{a.pk}/transcript/en/"), READERS),
    "progress:transcript (draft)": (lecture("/lessons/{a.pk}/transcript/en/", published=False), DRAFT),
    "dashboards:my_weeks": (get("/courses/{c.course.pk}/my-weeks/"), STUDENTS),
    "progress:answered": (get("/courses/{c.course.pk}/answered/"), STUDENTS),
    "progress:notes": (get("/courses/{c.course.pk}/notes/"), READERS),
    "progress:export_notes": (get("/courses/{c.course.pk}/notes.md"), READERS),
    "progress:save_note": (lecture(f"/lessons/{{a.pk}}/notes/{UUID(int=7)}/", text="Mine", at="0:10"), STUDENTS),
    "progress:delete_note": (a_note, OWN_NOTE),
    "courses:file": (course_file, READERS),
    "courses:recording": (lecture("/recordings/{r.pk}/talk.mp4"), READERS),
    "courses:poster": (lecture("/recordings/{r.pk}/poster.jpg"), READERS),
    "courses:captions": (lecture("/captions/{t.pk}.vtt"), READERS),
    "courses:all_announcements": (get("/announcements/"), SIGNED_IN),
    "courses:new_announcement_to_many": (get("/announcements/new/"), ADMINS),
    "courses:calendar": (get("/cohorts/{c.cohort.pk}/calendar/"), SETS_DATES),
    "courses:people": (get("/cohorts/{c.cohort.pk}/people/"), IN_COHORT),
    "courses:announcements": (an_announcement("/cohorts/{c.cohort.pk}/announcements/"), IN_COHORT),
    "courses:new_announcement": (get("/cohorts/{c.cohort.pk}/announcements/new/"), SEES_CLASS),
    "courses:announcement": (an_announcement("/announcements/{a.pk}/"), IN_COHORT),
    "courses:announcement (to come)": (an_announcement("/announcements/{a.pk}/", ahead=True), TO_COME),
    "courses:edit_announcement": (an_announcement("/announcements/{a.pk}/edit/"), SEES_CLASS),
    "courses:edit_announcement (to come)": (an_announcement("/announcements/{a.pk}/edit/", ahead=True), TO_COME),
    "courses:delete_announcement": (an_announcement("/announcements/{a.pk}/delete/", sure="yes"), SEES_CLASS),
    "courses:recording (draft)": (lecture("/recordings/{r.pk}/talk.mp4", published=False), DRAFT),
    "courses:poster (draft)": (lecture("/recordings/{r.pk}/poster.jpg", published=False), DRAFT),
    "courses:captions (draft)": (lecture("/captions/{t.pk}.vtt", published=False), DRAFT),
    "accounts:me": (get("/me/"), SIGNED_IN),
    "accounts:zone": (post("/me/zone/", timezone="Asia/Tokyo"), SIGNED_IN),
    "accounts:help": (get("/help/"), EVERYBODY),
    "accounts:help_teaching": (get("/help/teaching/"), EVERYBODY),
    "accounts:help_managing": (get("/help/managing/"), EVERYBODY),
    "accounts:privacy": (get("/privacy/"), EVERYBODY),
    "accounts:outbox": (get("/outbox/"), EVERYBODY),
    # Without a provider and its secret there is nothing to report to (tests/accounts/test_provider.py).
    "accounts:mail_events": (post("/mail/events/"), [404] * 10),
    "forums:ask": (lecture("/lessons/{a.pk}/ask/?at=0:10"), ["in", 404, 200, 200, 403, 200, 200, 200, 403, 200]),
    "forums:lost": (lecture("/lessons/{a.pk}/lost/", at="0:10"), STUDENTS),
    "forums:not_lost": (lecture("/lessons/{a.pk}/lost/back/", second="10"), STUDENTS),
    "forums:talk": (get("/lessons/{c.reading.pk}/talk/"), READERS),
    "forums:follow_module": (
        post("/lessons/{c.reading.pk}/talk/follow/", choice="follow"),
        ["in", 404] + [200] * 6 + [403, 200],
    ),
    "teach:cohorts": (get("/teach/"), SIGNED_IN),
    "teach:cohort": (get("/teach/cohorts/{c.cohort.pk}/"), SEES_CLASS),
    "teach:needed": (get("/teach/cohorts/{c.cohort.pk}/needed/"), SEES_CLASS),
    "teach:gradebook": (get("/teach/cohorts/{c.cohort.pk}/gradebook/"), SEES_CLASS),
    "teach:gradebook_csv": (get("/teach/cohorts/{c.cohort.pk}/gradebook.csv"), SEES_CLASS),
    "teach:snooze": (post("/teach/students/{c.enrolment.pk}/snooze/", days="1"), SEES_CLASS),
    "teach:weeks": (get("/teach/cohorts/{c.cohort.pk}/weeks/"), SEES_CLASS),
    "teach:dates": (get("/teach/cohorts/{c.cohort.pk}/dates/"), SETS_DATES),
    "teach:due_date": (get("/teach/cohorts/{c.cohort.pk}/dates/{c.reading.pk}/"), SETS_DATES),
    "teach:lectures": (get("/teach/cohorts/{c.cohort.pk}/lectures/"), SEES_CLASS),
    "teach:lecture": (lecture("/teach/cohorts/{c.cohort.pk}/lectures/{a.pk}/"), SEES_CLASS),
    "teach:student": (get("/teach/students/{c.enrolment.pk}/"), SEES_CLASS),
    "teach:accommodate": (
        post("/teach/students/{c.enrolment.pk}/accommodation/", extra_days=2),
        SEES_CLASS,
    ),
    "manage:overview": (get("/manage/"), ADMINS),
    "manage:courses": (get("/manage/courses/"), ADMINS),
    "manage:cohorts": (get("/manage/cohorts/"), ADMINS),
    "manage:imports": (get("/manage/imports/"), ADMINS),
    "manage:people": (get("/manage/people/"), ADMINS),
    "manage:move": (get("/manage/enrolments/{c.enrolment.pk}/move/"), ADMINS),
    "manage:new_person": (get("/manage/people/new/"), ADMINS),
    "manage:person": (get("/manage/people/{c.student.pk}/"), ADMINS),
    "manage:person_link": (post("/manage/people/{c.student.pk}/link/"), ADMINS),
    "manage:told": (get("/manage/people/{c.student.pk}/told/"), ADMINS),
    "manage:address": (post("/manage/people/{c.student.pk}/address/", state="dead"), ADMINS),
    "manage:notices": (get("/manage/notices/"), ADMINS),
    "manage:nudges": (get("/manage/notices/nudges/"), ADMINS),
    "manage:new_cohort": (get("/manage/courses/{c.course.pk}/cohorts/new/"), ADMINS),
    "manage:cohort": (get("/manage/cohorts/{c.cohort.pk}/"), ADMINS),
    "manage:enrol": (
        post("/manage/cohorts/{c.cohort.pk}/enrolments/", people="outsider", role="student"),
        ADMINS,
    ),
    "manage:first_links": (get("/manage/cohorts/{c.cohort.pk}/first-links/"), ADMINS),
    "manage:mail_first_links": (post("/manage/cohorts/{c.cohort.pk}/first-links/mail/"), ADMINS),
    "manage:slips": (post("/manage/cohorts/{c.cohort.pk}/first-links/slips/"), ADMINS),
    "manage:set_state": (post("/manage/enrolments/{c.enrolment.pk}/state/", state="suspended"), ADMINS),
    "edit:new_course": (get("/edit/courses/new/"), ADMINS),
    "edit:course": (get("/edit/courses/{c.course.pk}/"), EDITORS),
    "edit:course_details": (get("/edit/courses/{c.course.pk}/details/"), EDITORS),
    "edit:editors": (get("/edit/courses/{c.course.pk}/editors/"), ["in", 404] + [403] * 7 + [200]),
    "edit:bring_picture": (get("/edit/courses/{c.course.pk}/pictures/"), EDITORS),
    "edit:new_module": (get("/edit/courses/{c.course.pk}/modules/new/"), EDITORS),
    "edit:module": (get("/edit/modules/{c.module.pk}/"), EDITORS),
    "edit:move_module": (post("/edit/modules/{c.module.pk}/move/", down=""), EDITORS),
    "edit:new_activity": (get("/edit/modules/{c.module.pk}/new/link/"), EDITORS),
    "edit:activity": (get("/edit/activities/{c.reading.pk}/"), EDITORS),
    "edit:captions": (lecture("/edit/activities/{a.pk}/captions/"), EDITORS),
    "edit:move_activity": (post("/edit/activities/{c.reading.pk}/move/", down=""), EDITORS),
    "edit:delete_activity": (post("/edit/activities/{c.draft.pk}/delete/"), EDITORS),
    "edit:delete_module": (post("/edit/modules/{c.module.pk}/delete/"), EDITORS),
    "edit:delete_course": (get("/edit/courses/{c.course.pk}/delete/"), EDITORS),
    "edit:deleted": (get("/edit/courses/{c.course.pk}/deleted/"), EDITORS),
    "edit:restore": (post("/edit/deleted/activity/{c.draft.pk}/restore/"), EDITORS),
    "edit:restore (cohort)": (post("/edit/deleted/cohort/{c.cohort.pk}/restore/"), DELETES_COHORT),
    "edit:restore (person)": (post("/edit/deleted/person/{c.student.pk}/restore/"), ADMINS),
    "edit:publish_course": (post("/edit/courses/{c.course.pk}/publish/"), EDITORS),
    "edit:publish_module": (post("/edit/modules/{c.module.pk}/publish/"), EDITORS),
    "manage:delete_cohort": (get("/manage/cohorts/{c.cohort.pk}/delete/"), DELETES_COHORT),
    "manage:delete_person": (get("/manage/people/{c.student.pk}/delete/"), ADMINS),
    "dashboards:deleted": (get("/deleted/"), SIGNED_IN),
    "drafts:drafts": (get("/drafts/"), SIGNED_IN),
    "drafts:discard": (post("/drafts/discard/", place="courses/activities/1"), SIGNED_IN),
    "notifications:inbox": (get("/inbox/"), SIGNED_IN),
    "notifications:open": (a_notice, OWN_NOTE),
    "notifications:read_all": (post("/inbox/read/"), SIGNED_IN),
    "notifications:settings": (get("/inbox/settings/"), SIGNED_IN),
    "notifications:stop": (an_unsubscribing, EVERYBODY),
    "forums:forums": (get("/forum/"), SIGNED_IN),
    "forums:unanswered": (get("/forum/unanswered/"), SIGNED_IN),
    "forums:found": (get("/courses/{c.course.pk}/forum/found/?q=bees"), READERS),
    "forums:found_everywhere": (get("/forum/found/?q=bees"), SIGNED_IN),
    "forums:forum": (get("/cohorts/{c.cohort.pk}/forum/"), IN_COHORT),
    "forums:new": (get("/cohorts/{c.cohort.pk}/forum/new/"), TALKS),
    "forums:similar": (get("/cohorts/{c.cohort.pk}/forum/similar/"), TALKS),
    "forums:names": (get("/cohorts/{c.cohort.pk}/forum/names/?q=s"), TALKS),
    "forums:bring": (get("/cohorts/{c.cohort.pk}/forum/files/"), TALKS),
    "forums:read_all": (post("/cohorts/{c.cohort.pk}/forum/read/"), IN_COHORT),
    "forums:follow_forum": (post("/cohorts/{c.cohort.pk}/forum/follow/", choice="follow"), IN_COHORT),
    "forums:settings": (get("/cohorts/{c.cohort.pk}/forum/settings/"), SEES_CLASS),
    "forums:introductions": (post("/cohorts/{c.cohort.pk}/introductions/"), IN_COHORT),
    "forums:topic": (a_discussion, IN_COHORT),
    "forums:thread": (a_post("/threads/{t.pk}/"), IN_COHORT),
    "forums:reply": (a_post("/threads/{t.pk}/reply/"), TALKS),
    "forums:read": (a_post("/threads/{t.pk}/read/", numbers="all"), IN_COHORT),
    "forums:news": (a_post("/threads/{t.pk}/news/?after=1"), IN_COHORT),
    "forums:follow": (a_post("/threads/{t.pk}/follow/", choice="mute"), IN_COHORT),
    "forums:wonder": (a_post("/threads/{t.pk}/wonder/", wonder=""), TALKS),
    "forums:lock": (a_post("/threads/{t.pk}/lock/", lock=""), SEES_CLASS),
    "forums:pin": (a_post("/threads/{t.pk}/pin/", pin=""), SEES_CLASS),
    "forums:move": (a_post("/threads/{t.pk}/move/"), SEES_CLASS),
    "forums:duplicate": (a_post("/threads/{t.pk}/duplicate/"), SEES_CLASS),
    "forums:post": (a_post("/posts/{p.pk}/"), IN_COHORT),
    "forums:edit": (a_post("/posts/{p.pk}/edit/"), OTHERS),
    "forums:delete": (a_post("/posts/{p.pk}/delete/", delete=""), SEES_CLASS),
    "forums:accept": (a_post("/posts/{p.pk}/accept/", accept=""), ["in", 404, 200, 404, 403, 403, 403, 404, 404, 403]),
    "forums:endorse": (a_post("/posts/{p.pk}/endorse/", endorse=""), SEES_CLASS),
    "forums:report": (a_post("/posts/{p.pk}/report/"), IN_COHORT),
    "forums:hide": (a_post("/posts/{p.pk}/hide/"), SEES_CLASS),
    "forums:show": (a_post("/posts/{p.pk}/show/", show=""), SEES_CLASS),
    "forums:unmask": (a_post("/posts/{p.pk}/author/"), SEES_CLASS),
    "forums:history": (a_post("/posts/{p.pk}/history/"), SEES_CLASS),
    "feedback:bring": (brings, STUDENTS),
    "feedback:file": (brought("/work/files/{f.pk}/bee.png"), MARKED),
    "feedback:page": (brought("/work/pages/{p.pk}.webp"), MARKED),
    "feedback:rubric": (a_rubric, EDITORS),
    "feedback:new_set": (get("/edit/modules/{c.module.pk}/assignments/"), EDITORS),
    "feedback:settings": (get("/cohorts/{c.cohort.pk}/marking/settings/"), SETS_DATES),
    "feedback:pauses": (get("/cohorts/{c.cohort.pk}/marking/pauses/"), SETS_DATES),
    "feedback:end_pause": (a_pause_to_end, SETS_DATES),
    "feedback:away": (get("/me/away/"), MARKERS),
    "feedback:cancel_away": (an_absence, ["in"] + [404] * 5 + [200] + [404] * 3),
    "feedback:promises": (get("/manage/promises/"), ADMINS),
    "teach:excuses": (get("/teach/students/{c.enrolment.pk}/excuses/"), SEES_CLASS),
    "feedback:hand_in": (handed_in("/lessons/{a.pk}/hand-in/"), STUDENTS),
    "feedback:hand_in (send)": (handed_in("/lessons/{a.pk}/hand-in/", source="Ten."), STUDENTS),
    "feedback:begin": (
        handed_in("/lessons/{a.pk}/hand-in/begin/", draft_key=str(UUID(int=7))),
        ["in", 404, 204, 204, 403, 403, 403, 403, 403, 403],
    ),
    "feedback:work": (handed_in("/work/{s.pk}/"), OWN),
    "feedback:work (released)": (handed_in("/work/{s.pk}/", released=True), OWN),
    "feedback:receipt": (handed_in("/work/{s.pk}/receipt/"), OWN),
    "feedback:take_back": (handed_in("/work/{s.pk}/take-back/"), OWN),
    "feedback:take_back (sure)": (handed_in("/work/{s.pk}/take-back/", sure=""), OWN),
    "feedback:will_change": (handed_in("/work/{s.pk}/change/", released=True, will_change="Twice."), OWN),
    "feedback:will_change (not released)": (handed_in("/work/{s.pk}/change/", will_change="Twice."), NOBODY),
    "feedback:ask": (handed_in("/work/{s.pk}/ask/", released=True), OWN),
    "feedback:ask (not released)": (handed_in("/work/{s.pk}/ask/"), NOBODY),
    "feedback:course_feedback": (get("/courses/{c.course.pk}/feedback/"), STUDENTS),
    "feedback:queue": (work("/marking/"), SIGNED_IN),
    "feedback:mark": (work("/marking/{s.pk}/"), SEES_CLASS),
    "feedback:mark (save)": (work("/marking/{s.pk}/", source="Good.", draft_base="0"), SEES_CLASS),
    "feedback:cell": (a_mark, SEES_CLASS),
    "feedback:release": (work("/marking/{s.pk}/release/"), SETS_DATES),
    "feedback:hold_back": (work("/marking/{s.pk}/hold-back/", hold=""), SETS_DATES),
    "feedback:take": (work("/marking/{s.pk}/take/", take=""), SEES_CLASS),
    "feedback:give": (work("/marking/{s.pk}/give/"), SETS_DATES),
    "feedback:here": (work("/marking/{s.pk}/here/", here=""), SEES_CLASS),
    "feedback:answer": (work("/marking/{s.pk}/answer/", source="Yes."), SEES_CLASS),
    "feedback:comment": (work("/marking/{s.pk}/comments/", source="Good."), SEES_CLASS),
    "feedback:delete_comment": (work("/marking/{s.pk}/comments/{k.pk}/delete/", delete=""), SEES_CLASS),
    "feedback:bank": (work("/cohorts/{c.cohort.pk}/marking/bank/"), SEES_CLASS),
    "feedback:bank_found": (work("/cohorts/{c.cohort.pk}/marking/bank/found/?q=which"), SEES_CLASS),
    # Of the teacher's own bank, though it is shared.
    "feedback:bank_entry": (work("/cohorts/{c.cohort.pk}/marking/bank/{b.pk}/"), OF_TEACHER),
    "feedback:delete_bank_entry": (work("/cohorts/{c.cohort.pk}/marking/bank/{b.pk}/delete/", delete=""), OF_TEACHER),
    "feedback:conversations": (get("/conversations/"), SIGNED_IN),
    "feedback:conversation": (a_talk("/conversations/{t.pk}/"), OF_TWO),
    "feedback:conversation (write)": (a_talk("/conversations/{t.pk}/", text="Yes.", seen="999999999"), OF_TWO),
    "feedback:settle": (a_talk("/conversations/{t.pk}/settle/", seen="999999999"), STAFF_OF_TWO),
    "feedback:hide_message": (a_talk("/conversations/messages/{m.pk}/hide/"), STAFF_OF_TWO),
    "feedback:show_message": (a_talk("/conversations/messages/{m.pk}/show/", show=""), STAFF_OF_TWO),
    "feedback:word": (get("/courses/{c.course.pk}/word/"), STUDENTS),
    "feedback:work_alone": (post("/courses/{c.course.pk}/work-alone/", alone="yes"), STUDENTS),
    "feedback:lesson_word": (get("/lessons/{c.reading.pk}/word/"), STUDENTS),
    "feedback:asked": (a_check_in("/check-ins/{a.pk}/"), OWN),
    "feedback:asked (answer)": (a_check_in("/check-ins/{a.pk}/", pulse="stuck"), OWN),
    "feedback:linked": (a_linked_check_in, EVERYBODY),
    "feedback:check_ins": (get("/teach/cohorts/{c.cohort.pk}/check-ins/"), SEES_CLASS),
    "feedback:new_check_in": (get("/teach/cohorts/{c.cohort.pk}/check-ins/new/"), SEES_CLASS),
    # Of the teacher alone, whoever else teaches there.
    "feedback:check_in": (
        a_check_in("/teach/cohorts/{c.cohort.pk}/check-ins/{k.pk}/"),
        ["in", 404, 403, 404, 403, 404, 200, 404, 404, 404],
    ),
    "feedback:regular": (get("/teach/cohorts/{c.cohort.pk}/check-ins/regular/"), SEES_CLASS),
    "feedback:stop_regular": (post("/teach/cohorts/{c.cohort.pk}/check-ins/regular/stop/"), SEES_CLASS),
    "feedback:release_many": (work("/cohorts/{c.cohort.pk}/marking/release/"), SETS_DATES),
    "undo": (undo_of_an_admin, ADMINS),
    "edit:new_import": (get("/edit/imports/new/"), ADMINS),
    "edit:import": (an_import, EDITORS),
}
# Tested by themselves, because an answer hangs on more than the role.
ELSEWHERE = {
    "may_upload": "tests/common/test_bodies.py",
    "readyz": "tests/common/test_health.py",
    "progress:beacon": "tests/progress/test_beacon.py",
    "teach:extend": "tests/dashboards/test_dates.py",
    "teach:tick": "tests/dashboards/test_teacher_ticks.py",
    "teach:withdraw": "tests/dashboards/test_teacher_ticks.py",
    "forums:file": "tests/forums/test_files.py",
}
ALLAUTH = "/account/"
# What is not a page: bytes that belong to an activity, which tests/test_access_bytes.py asks for in every state …
BYTES = {"courses:file", "courses:recording", "courses:poster", "courses:captions", "progress:transcript"}
# … or to work, which tests/feedback/test_files.py asks for before and after it is handed in …
OF_WORK = {"feedback:file", "feedback:page"}
# … and what is written for the person who asks.
WRITTEN = {"healthz", "progress:export_notes", "feedback:receipt", "teach:gradebook_csv"}


def views(patterns: list, namespace: str = "", prefix: str = "/") -> dict[str, Callable]:
    """The view of every route of ours."""
    found: dict[str, Callable] = {}
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= views(pattern.url_patterns, inner, path)
        elif isinstance(pattern, URLPattern) and not path.startswith(ALLAUTH):
            found[f"{namespace}{pattern.name}"] = pattern.callback
    return found


def test_every_route_is_in_the_matrix() -> None:
    listed = {name.partition(" ")[0] for name in MATRIX} | set(ELSEWHERE)
    assert set(views(get_resolver().url_patterns)) == listed


@pytest.mark.parametrize("name", MATRIX)
def test_each_role_gets_what_the_matrix_says(name: str, cast: Cast, as_user: Callable[[User | None], Client]) -> None:
    call, expected = MATRIX[name]
    method, path, data = call(cast)
    got, is_page = {}, True
    for role in ROLES:
        client = as_user(None if role == "anonymous" else cast.person(role))
        with undone():
            response = getattr(client, method)(path, data)
            got[role] = said(response)
            is_page &= response.status_code != 200 or response.get("Content-Type", "").startswith("text/html")
    assert got == dict(zip(ROLES, expected, strict=True))
    route = name.partition(" ")[0]
    assert is_page or route in BYTES | OF_WORK | WRITTEN, "Give it rows in tests/test_access_bytes.py."


@contextmanager
def undone() -> Iterator[None]:
    """What one role changed is not there for the next."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def said(response: HttpResponse) -> int | str:
    if response.streaming:
        b"".join(response.streaming_content)  # closes the file that it streams
    if response.status_code == 302 and response["Location"].startswith("/account/login/"):
        return "in"
    # A page that leads on to the right page of the role, and a POST that was carried out.
    return 200 if response.status_code == 302 else response.status_code


@pytest.mark.parametrize(
    "path", ["/account/email/", "/account/2fa/", "/account/sessions/", "/account/password/change/"]
)
def test_account_pages_need_a_sign_in(path: str, db: None) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/account/login/")


def test_sign_up_is_closed(db: None) -> None:
    before = User.objects.count()
    response = Client().post(
        "/account/signup/",
        {"username": "new", "email": "n@example.org", "password1": "long-enough-1", "is_staff": "on"},
    )
    assert User.objects.count() == before
    assert "closed" in response.content.decode().lower()
