from playwright.sync_api import Page, expect

from tests.browser import places_talk
from tests.browser.lectures import get_near_the_transcript
from tests.browser.places import Place, once, press, unfold, wrong

MARKED = once(press("Mark as done"), "Mark as not done")
ELSEWHERE = r"another host: https://example\.org/page$"


def _leaving(page: Page) -> None:
    # The page leads on at once; an answer without content keeps it where it is.
    page.context.route("https://example.org/**", lambda route: route.fulfill(status=204))
    with page.context.expect_page() as opened:
        page.get_by_role("button", name="Open the link").click()
    words = opened.value.locator("h1")
    expect(words).to_have_text("Leaving Ownpace")
    address = opened.value.content()
    opened.value.close()
    page.set_content(address)


def _noted(page: Page) -> None:
    get_near_the_transcript(page)
    page.get_by_label("New note").focus()
    expect(page.get_by_role("button", name="Add another note here")).to_be_visible()


def _answered(page: Page) -> None:
    page.locator(".asked summary, .lost-mine summary").first.wait_for()
    for one in page.locator(".asked summary, .lost-mine summary").all():
        one.click()


def _lost(page: Page) -> None:
    page.get_by_role("button", name="Lost here").click()
    page.locator(".lost-said form").wait_for()


LECTURE, TRANSCRIPT = "/lessons/{w.lecture.pk}/", "/lessons/{w.lecture.pk}/transcript/en/"
NOTES = "/courses/{w.course.pk}/notes/"
LECTURES = [
    Place("lecture", "student", LECTURE, "Not watched yet"),
    Place(
        "lecture, what was watched",
        "student",
        LECTURE,
        "It is ticked when you have watched 90%",
        unfold("What you have watched"),
    ),
    Place("lecture begun", "student", "/lessons/{w.begun.pk}/", "You left off at", _noted),
    Place("lecture watched", "student", "/lessons/{w.watched.pk}/", "You needed 90%", unfold("Why is this")),
    Place("lecture, the sound alone", "student", LECTURE + "?sound=1", "Show the video"),
    Place("lecture, no captions", "student", "/lessons/{w.silent.pk}/", "no captions yet"),
    Place("lecture, as its teacher", "teacher", "/lessons/{w.begun.pk}/", "Pen and paper", get_near_the_transcript),
    Place("lecture, with an answer in place", "student", "/lessons/{w.begun.pk}/", "One for each day.", _answered),
    Place("lecture, lost", "student", LECTURE, "Noted at 0:00.", _lost),
    Place("talk", "student", "/lessons/{w.begun.pk}/talk/", "Why seven columns?", _answered),
    Place("talk, nothing", "student", "/lessons/{w.long.pk}/talk/", "No one has asked about this lesson yet"),
    Place("where to write", "teacher", "/lessons/{w.begun.pk}/ask/?at=0:10", "Early group"),
    Place("transcript", "student", TRANSCRIPT, "I have read it"),
    Place("transcript, found", "student", TRANSCRIPT + "?q=gap", "lines contain “gap”"),
    Place("transcript, nothing found", "student", TRANSCRIPT + "?q=wolves", "0 lines contain"),
    Place("transcript, another language", "student", "/lessons/{w.lecture.pk}/transcript/de/", "Deutsch"),
    Place("notes", "student", NOTES, "Seven columns."),
    Place("notes, none", "other_student", NOTES, "No notes yet"),
]
FORUM, NEW = "/cohorts/{w.cohort.pk}/forum/", "/cohorts/{w.cohort.pk}/forum/new/"
TALK = [
    Place("forums", "student", "/forum/", "Morning group"),
    Place("forums, none", "outsider", "/forum/", "No forum yet"),
    Place("forum", "student", FORUM, "Where do you study?"),
    Place("forum, nothing", "teacher", "/cohorts/{w.early.pk}/forum/", "No one has written here yet"),
    Place("forum, mine", "student", FORUM + "?show=mine", "Why do bees dance?"),
    Place("forum, found", "student", FORUM + "?q=garden", "I saw it in the"),
    Place("forums of a course, found", "student", "/courses/{w.course.pk}/forum/found/?q=garden", "I saw it in the"),
    Place("forums, nothing found", "student", "/forum/found/?q=wolves", "Nothing in your forums"),
    Place("forum, nothing found", "student", FORUM + "?q=wolves", "Nothing found"),
    Place("thread", "student", "/threads/{w.talk.pk}/", "This answer helped"),
    Place("thread, closed", "other_student", "/threads/{w.chat.pk}/", "This thread is closed to new replies"),
    Place("thread, introductions", "student", "/posts/{w.hello.pk}/", "Say hello"),
    Place("thread, of a step", "student", "/threads/{w.topic_thread.pk}/", "What this discussion is about"),
    Place("discussion", "student", "/lessons/{w.topic.pk}/", "Read and write"),
    Place("talk about a lesson", "student", "/lessons/{w.reading.pk}/talk/", "Ask about this lesson"),
    Place("new thread", "student", NEW, "What is it?"),
    Place(
        "new thread, looked at first",
        "student",
        NEW,
        "This is how it will look",
        press("Preview", id_title="Why?", id_source="So."),
    ),
    wrong("new thread", "student", NEW, "Post", id_title="", id_source=""),
    Place("reply", "student", "/threads/{w.talk.pk}/reply/?to=2&quote=2", "Reply to"),
    Place("change a post", "student", "/posts/{w.mine.pk}/edit/", "Change your post"),
    Place("report a post", "student", "/posts/{w.asked_post.pk}/report/", "What is wrong with it?"),
    wrong("report a post", "student", "/posts/{w.asked_post.pk}/report/", "Report this post"),
    Place("add a file", "student", FORUM + "files/", "Add a picture or file"),
    wrong("add a file", "student", FORUM + "files/", "Add"),
]
HAND_IN, RETURNED = "/lessons/{w.to_write.pk}/hand-in/", "/work/{w.returned.pk}/"
WORK = [
    Place("assignment", "student", "/lessons/{w.to_write.pk}/", "Start your work"),
    Place("assignment, with the teacher", "student", "/lessons/{w.handed.activity_id}/", "Hand in a new version"),
    Place("assignment, handed back", "student", "/lessons/{w.returned.activity_id}/", "Start the next attempt"),
    Place("assignment, good enough", "student", "/lessons/{w.enough.activity_id}/", "Read your feedback"),
    Place("assignment, as its teacher", "teacher", "/lessons/{w.to_write.pk}/", "What students hand in"),
    Place("hand in", "student", HAND_IN, "You get a receipt"),
    Place(
        "hand in, looked at first", "student", HAND_IN, "Nothing is handed in yet", press("Preview", id_source="*9*")
    ),
    Place("hand in, again", "student", "/lessons/{w.handed.activity_id}/hand-in/", "This takes the place of"),
    Place("hand in, the next attempt", "student", "/lessons/{w.returned.activity_id}/hand-in/", "I will count twice."),
    Place("hand in, nothing more", "student", "/lessons/{w.enough.activity_id}/hand-in/", "Read your feedback"),
    wrong("hand in", "student", HAND_IN, "Hand in", id_links="bees"),
    Place("work with files", "student", "/work/{w.filed.pk}/", "This file can’t be shown here"),
    Place("files to hand in", "student", HAND_IN + "files/", "Back to your work"),
    wrong("files to hand in", "student", HAND_IN + "files/", "Add"),
    Place("work", "student", "/work/{w.handed.pk}/", "It is late, and we are sorry"),
    Place("work with feedback", "student", RETURNED, "Comments in your work"),
    Place("take work back", "student", "/work/{w.handed.pk}/take-back/", "Leave it with your teacher"),
    Place("ask about feedback", "student", RETURNED + "ask/", "Back to the feedback"),
    wrong("ask about feedback", "student", RETURNED + "ask/", "Send"),
    Place("people who answered", "student", "/courses/{w.course.pk}/answered/", "Only you see this list"),
    Place(
        "people who answered, none",
        "elsewhere_student",
        "/courses/{w.course.pk}/answered/",
        "No one has answered you yet",
    ),
    Place("my weeks", "student", "/courses/{w.course.pk}/my-weeks/", "You have done", unfold("The same as a table")),
    Place("my weeks, nothing", "elsewhere_student", "/courses/{w.course.pk}/my-weeks/", "After your first week"),
    Place("feedback of a course", "student", "/courses/{w.course.pk}/feedback/", "Everything on one page"),
    Place(
        "feedback of a course, to print",
        "student",
        "/courses/{w.course.pk}/feedback/?all=yes",
        "You can print this page",
    ),
    Place("feedback of a course, none", "other_student", "/courses/{w.course.pk}/feedback/", "No feedback yet"),
]
STUDENT = [
    *TALK,
    *WORK,
    *places_talk.STUDENT,
    Place("today, nothing", "outsider", "/", "You are not in a course yet"),
    Place("today", "student", "/", "Your progress"),
    Place("today, with feedback", "student", "/", "Your teacher’s feedback on"),
    Place("today, with an announcement", "student", "/", "No class on Friday"),
    Place("today, no mail", "unreached", "/", "we have stopped sending them"),
    Place("today, finished but for what is new", "graduate", "/", "Added since you finished"),
    Place("unsent texts", "admin", "/drafts/", "New activity in"),
    Place("unsent texts, none", "outsider", "/drafts/", "Nothing unsent"),
    Place("courses, none", "outsider", "/courses/", "No courses yet"),
    Place("courses", "student", "/courses/", "Bees and flowers"),
    Place("course", "student", "/courses/{w.course.pk}/", "Nectar"),
    Place("course, empty", "teacher", "/courses/{w.empty.pk}/", "Nothing to study here yet"),
    Place("course, with what is new", "graduate", "/courses/", "1 new"),
    Place("inbox", "student", "/inbox/", "Mark all as read"),
    Place("inbox, nothing", "outsider", "/inbox/", "Nothing here yet."),
    Place("inbox, nothing unread", "outsider", "/inbox/?show=unread", "You have read everything."),
    Place("what reaches me", "student", "/inbox/settings/", "No nudges for a week"),
    wrong("what reaches me", "student", "/inbox/settings/", "Save", id_break_until="0001-01-01"),
    Place("dates", "student", "/dates/", "For all your courses"),
    Place("dates, none", "outsider", "/dates/", "No dates yet"),
    Place("people", "student", "/cohorts/{w.cohort.pk}/people/", "what time it is where you are"),
    Place("people, nobody found", "student", "/cohorts/{w.cohort.pk}/people/?q=zzz", "No one here has that name"),
    Place("announcements", "student", "/cohorts/{w.cohort.pk}/announcements/", "No class on Friday"),
    Place("announcements, of all cohorts", "student", "/announcements/", "Morning group"),
    Place("announcements, none", "elsewhere_student", "/announcements/", "Nothing announced yet"),
    Place("announcement", "other_student", "/announcements/{w.news.pk}/", "Bring"),
    Place("reading", "student", "/lessons/{w.long.pk}/", "What they count"),
    Place("reading, marked as done", "student", "/lessons/{w.reading.pk}/", "Mark as not done", MARKED),
    Place("reading, ticked by hand", "student", "/lessons/{w.done.pk}/", "You marked it", unfold("Why is this")),
    Place("reading, not published", "teacher", "/lessons/{w.draft.pk}/", "Not shown to students"),
    Place("reading, as its editor", "editor", "/lessons/{w.long.pk}/", "Edit"),
    Place("file", "student", "/lessons/{w.file.pk}/", "Open the file"),
    Place("link", "student", "/lessons/{w.link.pk}/", "Open the link"),
    Place("leaving", "student", "/lessons/{w.link.pk}/", "is on another site", _leaving, expects=(ELSEWHERE,)),
    Place("link, opened", "student", "/lessons/{w.link.pk}/", "Done"),
    *LECTURES,
    Place("search, nothing asked", "student", "/courses/{w.course.pk}/search/", "This searches the titles and texts"),
    Place("search", "student", "/courses/{w.course.pk}/search/?q=honeycombs", "1 lesson"),
    Place("search, everywhere", "student", "/search/?q=bee", "Bees and flowers · "),
    Place("search, everywhere, nothing asked", "student", "/search/", "Search all your courses"),
    Place("search, nothing found", "student", "/courses/{w.course.pk}/search/?q=wolves", "No results"),
]
