"""What a mail program reads out of the bytes is what was written, however its headers were folded."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives

from common.letter import Letter

LONG_LINK = f"<https://example.org/mail/stop/{'x' * 120}/>"
HEADERS = {"Message-ID": "<1@example.org>", "List-Id": "Bees <bees.example.org>", "List-Unsubscribe": LONG_LINK}
SUBJECTS = (
    "Reading 1",
    "“Reading 1” is due tomorrow, Tue 1 December, 20:00 (Berlin)",
    "a word and " * 30 + "an end",
    "курс " * 40 + "конец",
    "漢字😀" * 33,
)


def made(kind: type[EmailMultiAlternatives], subject: str) -> EmailMultiAlternatives:
    letter = kind(subject, "“Hello”\n", "Bées <no-reply@example.org>", ["pupil@example.org"], headers=HEADERS)
    letter.attach_alternative("<p>“Hello”</p>\n", "text/html")
    return letter


def read(letter: EmailMultiAlternatives) -> EmailMessage:
    sent = letter.message().as_bytes(linesep="\r\n")
    assert b"\n" not in sent.replace(b"\r\n", b"")
    head = sent.partition(b"\r\n\r\n")[0]
    assert max(len(line) for line in head.split(b"\r\n") if LONG_LINK.encode() not in line) <= 78
    return message_from_bytes(sent, policy=policy.default)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_subject_is_read_as_it_was_written(subject: str) -> None:
    letter = made(Letter, subject)
    assert str(read(letter)["Subject"]).strip() == subject
    assert letter.subject == subject


@pytest.mark.parametrize("subject", SUBJECTS)
def test_all_else_is_what_django_makes_of_it(subject: str) -> None:
    ours, theirs = (read(made(kind, subject)) for kind in (Letter, EmailMultiAlternatives))
    of_each = {"Subject", "Date", "Content-Type"}
    assert [pair for pair in ours.items() if pair[0] not in of_each] == [
        pair for pair in theirs.items() if pair[0] not in of_each
    ]
    assert [part.as_bytes() for part in ours.iter_parts()] == [part.as_bytes() for part in theirs.iter_parts()]


@pytest.mark.parametrize("subject", ["Hello\nBcc: all@example.org", "“Hello”\r\nBcc: all@example.org"])
def test_subject_with_a_line_break_is_refused(subject: str) -> None:
    with pytest.raises(BadHeaderError):
        made(Letter, subject).message()
