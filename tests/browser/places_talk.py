"""Pages on which students and teachers write to each other."""

from tests.browser.places import Place, press, wrong

TALK, CHECK_INS = "/conversations/{w.said.talk.pk}/", "/teach/cohorts/{w.cohort.pk}/check-ins/"
WORD = "/courses/{w.course.pk}/word/"
STUDENT = [
    Place("conversations", "student", "/conversations/", "Message a teacher"),
    Place("conversations, none", "outsider", "/conversations/", "No conversations yet"),
    Place("conversation", "student", TALK, "has hidden this message"),
    wrong("conversation", "student", TALK, "Send", id_text=" "),
    Place("conversation, teacher left", "student", "/conversations/{w.said.left.pk}/", "no longer teaches"),
    Place("message a teacher", "student", WORD, "I prefer to work alone"),
    wrong("message a teacher", "student", WORD, "Send", id_text=" "),
    Place("check-in to answer", "student", "/check-ins/{w.said.open.pk}/", "Press the answer that fits"),
    Place("check-in, answered", "student", "/check-ins/{w.said.answered.pk}/", "Go to the conversation"),
    Place("check-in, closed", "student", "/check-ins/{w.said.closed.pk}/", "This check-in is closed"),
    Place("today, with a check-in", "student", "/", "A teacher asks how you are getting on"),
]
TEACHER = [
    Place("check-ins", "teacher", CHECK_INS, "Answers over the weeks"),
    Place("check-ins, none", "assistant", CHECK_INS, "Nothing sent yet"),
    wrong("check-ins", "teacher", CHECK_INS, "Save", id_most_open="0"),
    Place("check-in, who answered", "teacher", CHECK_INS + "{w.said.answered.check_in_id}/", "Who answered what"),
    Place("new check-in", "teacher", CHECK_INS + "new/", "prefers to work alone"),
    Place(
        "new check-in, looked at first",
        "teacher",
        CHECK_INS + "new/",
        "Nothing is sent yet",
        press("Preview", id_source="{first name}, well?"),
    ),
    wrong("new check-in", "teacher", CHECK_INS + "new/", "Preview", id_source=" "),
    Place("regular check-ins", "teacher", CHECK_INS + "regular/", "Everyone in the cohort is asked"),
    wrong("regular check-ins", "teacher", CHECK_INS + "regular/", "Save", id_first="2024-01-01"),
    Place("conversation, as its teacher", "teacher", TALK, "No answer is needed"),
    Place("conversation, of a minor", "teacher", "/conversations/{w.said.minor.pk}/", "You can read it because"),
    Place("hide a message", "teacher", "/conversations/messages/{w.said.message.pk}/hide/", "Nothing is deleted"),
    wrong("hide a message", "teacher", "/conversations/messages/{w.said.message.pk}/hide/", "Hide it"),
]
LINKED = "/check-in/{w.said.token}/?answer=stuck"
OPEN = [
    Place("check-in by link", "", LINKED, "Nothing is sent until you press"),
    wrong("check-in by link", "", LINKED.partition("?")[0], "Send this answer"),
    Place("check-in by used link", "", "/check-in/{w.said.used_token}/", "answered already"),
    Place("check-in by broken link", "", "/check-in/x/", "This link is not complete", status=404),
]
