from pathlib import Path

from django.conf import settings
from playwright.sync_api import Page, expect

from tests.browser import places_promises, places_talk
from tests.browser.places import Place, press, unfold, wrong
from tests.browser.places_marking import MARKING

CLASS, STUDENT = "/teach/cohorts/{w.cohort.pk}/", "/teach/students/{w.enrolment.pk}/"
NEEDED = CLASS + "needed/"
COURSE, MODULE = "/edit/courses/{w.course.pk}/", "/edit/modules/{w.module.pk}/"
COHORT, FRESH = "/manage/cohorts/{w.cohort.pk}/", "/manage/cohorts/{w.fresh.pk}/"


ANNOUNCEMENTS = "/cohorts/{w.cohort.pk}/announcements/"
PREVIEW = press("Preview", id_title="Plan", id_source="## Monday\n\nWe *begin*.", id_wall="2090-01-09T09:00")
CALENDAR = "/cohorts/{w.cohort.pk}/calendar/"
CAPTIONS, LECTURE = "/edit/activities/{w.%s.pk}/captions/", CLASS + "lectures/{w.%s.pk}/"


def _extend_without_a_date(page: Page) -> None:
    page.locator("summary").filter(has_text="Counting sheet").click()
    page.get_by_role("button", name="Agree").locator("visible=true").click()


def _make_everybody_late(page: Page) -> None:
    press("Set date", id_suggested_wall="2024-01-08T10:00", id_cutoff_wall="")(page)
    expect(page.locator("[data-focus]")).to_be_focused()


def _choose_a_country(page: Page) -> None:
    page.get_by_label("Country").select_option("DE")
    expect(page.get_by_label("Region")).to_be_visible()


def _delete_without_counting(page: Page) -> None:
    press("Delete with all work", students="many")(page)
    expect(page.locator(".problem")).to_be_focused()


CLASS_LIST = press("Read the list", id_people="Lily Brown, lily@example.org\nנועה לוי\nnobody.at.all\nstudent")


def _take_a_username_twice(page: Page) -> None:
    CLASS_LIST(page)
    press("Create accounts and add everyone", **{"row-0-username": "student"})(page)
    expect(page.locator("[data-focus]")).to_be_focused()


def _print_slips(page: Page) -> None:
    page.get_by_role("button", name="Make a slip to print").click()
    expect(page.get_by_role("button", name="Copy the link")).to_be_visible()


TALK = [
    Place("forums, of a teacher", "teacher", "/forum/", "Unanswered questions"),
    Place("unanswered", "teacher", "/forum/unanswered/", "Is the sheet due on Friday?"),
    Place("thread, of a teacher", "teacher", "/threads/{w.talk.pk}/", "Withdraw", unfold("Look after this thread")),
    Place("hide a post", "teacher", "/posts/{w.asked_post.pk}/hide/", "its author can read why"),
    wrong("hide a post", "teacher", "/posts/{w.asked_post.pk}/hide/", "Hide this post"),
    Place("who wrote it", "teacher", "/posts/{w.nameless.pk}/author/", "It was posted without a name"),
    Place("earlier versions", "teacher", "/posts/{w.answer.pk}/history/", "Earlier versions"),
    Place("move a thread", "teacher", "/threads/{w.talk.pk}/move/", "Which lesson is it about?"),
    Place("asked before", "teacher", "/threads/{w.asked.pk}/duplicate/", "Address of the other thread"),
    wrong("asked before", "teacher", "/threads/{w.asked.pk}/duplicate/", "Close and link"),
    Place("forum settings", "teacher", "/cohorts/{w.cohort.pk}/forum/settings/", "Questions for introductions"),
]
TEACHER = [
    *TALK,
    *MARKING,
    *places_promises.TEACHER,
    *places_talk.TEACHER,
    Place("cohorts, none", "outsider", "/teach/", "You are not teaching a cohort yet"),
    Place("cohorts", "teacher", "/teach/", "Morning group"),
    Place("class", "teacher", CLASS, "Fortnight"),
    Place("who needs you", "teacher", NEEDED, "1 student is off your list for now"),
    Place("who needs you, off the list for days", "teacher", NEEDED, "for 3 days", unfold("Take off the list")),
    Place("who needs you, off the list", "teacher", NEEDED + "?snoozed=yes", "Back on"),
    Place("who needs you, empty", "teacher", "/teach/cohorts/{w.early.pk}/needed/", "No one is in this cohort yet"),
    Place("Monday letter", "teacher", "/inbox/", "Not seen for 7 days", unfold("Read it here")),
    Place("week by week", "teacher", CLASS + "weeks/", "On average", unfold("The same as a table")),
    Place("week by week, no one", "teacher", "/teach/cohorts/{w.early.pk}/weeks/", "No one is in this cohort yet"),
    Place("class, empty", "teacher", "/teach/cohorts/{w.early.pk}/", "No one is in this cohort yet"),
    Place("class, nobody found", "teacher", CLASS + "?q=zzz", "No student here has that name"),
    Place("people, as their teacher", "teacher", "/cohorts/{w.cohort.pk}/people/", "Of anyone under 18"),
    Place("working days", "teacher", CALENDAR, "Your days off in the coming year"),
    Place("working days, a region", "teacher", CALENDAR, "The whole country", _choose_a_country),
    Place("working days, another row", "teacher", CALENDAR, "Nothing is saved yet", press("Another row")),
    wrong("working days", "teacher", CALENDAR, "Save", id_name_0="Winter break"),
    Place("announcements, as their writer", "teacher", ANNOUNCEMENTS, "Not sent yet"),
    Place("announcements, none, as their writer", "teacher", "/cohorts/{w.bare.pk}/announcements/", "change of plan"),
    Place("announcement to come", "teacher", "/announcements/{w.to_come.pk}/", "Not sent yet"),
    Place("new announcement", "teacher", ANNOUNCEMENTS + "new/", "students"),
    Place("announcement preview", "teacher", ANNOUNCEMENTS + "new/", "This is how it will look", PREVIEW),
    wrong("new announcement", "teacher", ANNOUNCEMENTS + "new/", "Preview"),
    Place("correct announcement", "teacher", "/announcements/{w.news.pk}/edit/", "Tell everyone again"),
    Place("change announcement", "teacher", "/announcements/{w.to_come.pk}/edit/", "Send it at"),
    Place("student", "teacher", STUDENT, "Extra time"),
    Place("excuses", "teacher", STUDENT + "excuses/", "does not count against them"),
    wrong("excuses", "teacher", STUDENT + "excuses/", "Excuse"),
    Place("student, a later date", "teacher", STUDENT, "New date", unfold("Counting sheet")),
    Place("student, a later date, wrong", "teacher", STUDENT, "There is a problem", _extend_without_a_date),
    wrong("student, accommodation", "teacher", STUDENT, "Save", id_extra_days="-1"),
    Place("lectures", "teacher", CLASS + "lectures/", "Begun lecture"),
    Place("lectures, none", "teacher", "/teach/cohorts/{w.bare.pk}/lectures/", "This course has no lectures"),
    Place("lectures, no one yet", "teacher", "/teach/cohorts/{w.early.pk}/lectures/", "no one yet"),
    Place("lecture drawn", "teacher", LECTURE % "begun", "how many watched it on average"),
    Place("lecture, no one yet", "teacher", LECTURE % "lecture", "Once a student plays it"),
    Place("dates", "teacher", CLASS + "dates/", "Each student sees them"),
    Place("dates, own pace", "teacher", "/teach/cohorts/{w.early.pk}/dates/", "Each student has their own"),
    Place("dates, none", "teacher", "/teach/cohorts/{w.bare.pk}/dates/", "has no activities yet"),
    Place("date", "teacher", CLASS + "dates/{w.reading.pk}/", "Remove date"),
    wrong("date", "teacher", CLASS + "dates/{w.reading.pk}/", "Set date", id_suggested_wall=""),
    Place("date, late", "teacher", CLASS + "dates/{w.link.pk}/", "late straight away", _make_everybody_late),
    Place("delete cohort", "teacher", "/manage/cohorts/{w.cohort.pk}/delete/", "Only an admin of your school"),
    Place("date, own pace", "teacher", "/teach/cohorts/{w.early.pk}/dates/{w.reading.pk}/", "Counted from each"),
    wrong("date, own pace", "teacher", "/teach/cohorts/{w.early.pk}/dates/{w.reading.pk}/", "Set date"),
]

EDITOR = [
    *places_promises.EDITOR,
    Place("edit course", "editor", COURSE, "kept for later", unfold("kept for later")),
    Place("edit course, empty", "admin", "/edit/courses/{w.empty.pk}/", "Start with a module"),
    Place("course details", "editor", COURSE + "details/", "Course details"),
    wrong("course details", "editor", COURSE + "details/", "Save", id_title="", id_language="?!"),
    Place("add a picture", "editor", COURSE + "pictures/", "What does the picture show?"),
    wrong("add a picture", "editor", COURSE + "pictures/", "Add"),
    Place("edit reading, picture", "editor", "/edit/activities/{w.reading.pk}/", "Add", press("Picture")),
    Place(
        "edit reading, preview", "editor", "/edit/activities/{w.reading.pk}/", "Nothing is saved yet", press("Preview")
    ),
    Place("new module", "editor", COURSE + "modules/new/", "New module"),
    wrong("new module", "editor", COURSE + "modules/new/", "Save"),
    Place("module", "editor", MODULE, "Shown to students"),
    Place("delete module", "editor", MODULE + "delete/", "Only an admin of your school can delete"),
    Place("delete activity", "editor", "/edit/activities/{w.faulty.pk}/delete/", "No student has done anything in it"),
    Place("deleted parts", "editor", COURSE + "deleted/", "What was archived stays here"),
    wrong("module", "editor", MODULE, "Save", id_title=""),
    *(
        Place(f"new {kind}", "editor", f"{MODULE}new/{kind}/", "Save")
        for kind in ("reading", "file", "link", "lecture")
    ),
    *(
        wrong(f"new {kind}", "editor", f"{MODULE}new/{kind}/", "Save")
        for kind in ("reading", "file", "link", "lecture")
    ),
    *(
        Place(f"edit {kind}", "editor", f"/edit/activities/{{w.{kind}.pk}}/", "look again")
        for kind in ("reading", "file", "link", "lecture")
    ),
    Place("captions, none", "editor", CAPTIONS % "silent", "No captions yet"),
    Place("captions", "editor", CAPTIONS % "lecture", "lines", unfold("Preview")),
    Place("captions, with faults", "editor", CAPTIONS % "faulty", "ends before it starts", unfold("left out")),
    wrong("captions", "editor", CAPTIONS % "lecture", "Add", id_language="?!"),
    wrong("edit link", "editor", "/edit/activities/{w.link.pk}/", "Save", id_title="", id_minutes="0", id_url="bees"),
]

ADMIN = [
    *places_promises.ADMIN,
    Place("overview", "admin", "/manage/", "Recent imports"),
    Place("announcement to many", "admin", "/announcements/new/", "Everyone who has an account here"),
    wrong("announcement to many", "admin", "/announcements/new/", "Preview"),
    Place("all courses", "admin", "/manage/courses/", "Bees and flowers"),
    Place("all courses, none found", "admin", "/manage/courses/?q=zzz", "No course has that in its title"),
    Place("all cohorts", "admin", "/manage/cohorts/", "Morning group"),
    Place("all cohorts, none found", "admin", "/manage/cohorts/?q=zzz", "No cohort or course has that"),
    Place("imports", "admin", "/manage/imports/", "Failed"),
    Place("imports, none found", "admin", "/manage/imports/?q=zzz", "No imported file has that"),
    Place("move", "admin", "/manage/enrolments/{w.enrolment.pk}/move/", "Early group"),
    Place("move, none found", "admin", "/manage/enrolments/{w.enrolment.pk}/move/?q=zzz", "No other cohort of this"),
    Place("people", "admin", "/manage/people/", "Signs in as"),
    Place("people, nobody found", "admin", "/manage/people/?q=zzz", "No one found"),
    Place("person", "admin", "/manage/people/{w.student.pk}/", "Send link"),
    wrong("person", "admin", "/manage/people/{w.student.pk}/", "Save", id_username="admin", id_email="no address"),
    Place(
        "person, link made",
        "admin",
        "/manage/people/{w.unmailed.pk}/",
        "The link works once, until",
        press("Create link"),
    ),
    Place("person, no mail", "admin", "/manage/people/{w.unreached.pk}/", "Start email to this address again"),
    Place("messages", "admin", "/manage/notices/", "Why not", unfold("Hour by hour")),
    Place("nudges tried", "admin", "/manage/notices/nudges/", "The bar is the interval"),
    Place("messages of a person", "admin", "/manage/people/{w.other_student.pk}/told/", "Held out, to learn"),
    Place("messages of a person, none", "admin", "/manage/people/{w.unmailed.pk}/told/", "Nothing yet"),
    Place("new person", "admin", "/manage/people/new/", "You do not choose the password"),
    wrong("new person", "admin", "/manage/people/new/", "Create account"),
    Place("new course", "admin", "/edit/courses/new/", "New course"),
    wrong("new course", "admin", "/edit/courses/new/", "Save"),
    Place("new cohort", "admin", "/manage/courses/{w.course.pk}/cohorts/new/", "New cohort"),
    wrong("new cohort", "admin", "/manage/courses/{w.course.pk}/cohorts/new/", "Create cohort"),
    Place("cohort", "admin", COHORT, "Move to another cohort", unfold("Pupil 3")),
    Place("cohort, nobody", "admin", "/manage/cohorts/{w.bare.pk}/", "No one yet"),
    wrong("cohort", "admin", COHORT, "Save", id_name=""),
    wrong("cohort, people", "admin", COHORT, "Read the list", id_people=""),
    Place("class list", "admin", COHORT, "Nothing is saved yet", CLASS_LIST),
    Place("class list, wrong", "admin", COHORT, "Someone else has this username", _take_a_username_twice),
    Place("first links, none", "admin", COHORT + "first-links/", "Everyone in this cohort has chosen a password"),
    Place("first links", "admin", FRESH + "first-links/", "Not sent yet"),
    Place("slips", "admin", FRESH + "first-links/", "The link works once, until", _print_slips),
    Place("import", "admin", "/edit/imports/new/", "Course package"),
    wrong("import", "admin", "/edit/imports/new/", "Import"),
    Place("import report", "admin", "/edit/imports/{w.ran.pk}/", "What happened to each item"),
    Place("import report, imported", "admin", "/edit/imports/{w.ran.pk}/?result=imported", "Imported"),
    Place("delete course", "admin", COURSE + "delete/", "How many students will lose work?"),
    Place("delete course, wrong", "admin", COURSE + "delete/", "There is a problem", _delete_without_counting),
    Place("delete person", "admin", "/manage/people/{w.unmailed.pk}/delete/", "This account contains no work"),
    Place("deleted", "admin", "/deleted/", "Deleted and archived"),
    Place("import, refused", "admin", "/edit/imports/{w.refused.pk}/", "Nothing on the site has changed"),
    Place("import, running", "admin", "/edit/imports/{w.running.pk}/", "3 of 9 steps"),
]
if Path(settings.BASE_DIR, "templates/dashboards/styleguide.html").exists():
    ADMIN.append(Place("styleguide", "admin", "/styleguide/", ""))
