"""The words of a lecture: read, searched, in another language, and as a way to be done."""

import pytest
from django.test import Client

from courses.models import Activity
from progress.models import Completion
from tests.cast import Cast
from tests.factories import lectures as make

ODD = """WEBVTT

00:01.000 --> 00:02.000
&lt;script&gt;alert('Maß')&lt;/script&gt; & İstanbul

01:01:00.000 --> 01:01:01.000
End
"""


@pytest.fixture
def student(cast: Cast, client: Client) -> Client:
    client.force_login(cast.student)
    return client


def read(client: Client, lecture: Activity, language: str = "en", words: str = "", **headers: str) -> str:
    response = client.get(
        f"/lessons/{lecture.pk}/transcript/{language}/", {"q": words} if words else {}, headers=headers
    )
    assert response.status_code == 200
    return response.content.decode()


def test_every_line_leads_to_its_second(student: Client, lecture: Activity) -> None:
    page = read(student, lecture)
    assert page.count("data-from=") == 2
    assert f'<a href="/lessons/{lecture.pk}/?at=0" data-from="0" data-to="4000"><time>0:00</time>' in page
    assert f'<a href="/lessons/{lecture.pk}/?at=31" data-from="31000" data-to="35000"><time>0:31</time>' in page


def test_lines_are_in_their_own_language(student: Client, lecture: Activity) -> None:
    page = read(student, lecture, "de")
    assert '<ol class="lines" lang="de"' in page
    assert "Bienen sehen ultraviolettes Licht." in page
    assert '<strong aria-current="true">Deutsch</strong>' in page
    assert f'href="/lessons/{lecture.pk}/transcript/en/"' in page


@pytest.mark.parametrize("language", ["fi", "EN", "en-GB", "chapters"])
def test_language_that_is_not_there_is_not_found(student: Client, lecture: Activity, language: str) -> None:
    assert student.get(f"/lessons/{lecture.pk}/transcript/{language}/").status_code == 404


def test_chapters_are_no_transcript(cast: Cast, student: Client) -> None:
    bare = make.bare_lecture(cast.module, position=8)
    make.caption(bare, make.CHAPTERS, kind="chapters")
    assert student.get(f"/lessons/{bare.pk}/transcript/en/").status_code == 404
    assert "no captions yet" in student.get(f"/lessons/{bare.pk}/").content.decode()


@pytest.mark.parametrize("words", ["ULTRAviolet", " ultraviolet "])
def test_search_shows_only_the_lines_that_hold_the_words(student: Client, lecture: Activity, words: str) -> None:
    page = read(student, lecture, words=words)
    assert "Bees see <mark>ultraviolet</mark> light." in page
    assert "Flowers" not in page
    assert "1 line contains “" in page
    assert "0 lines contain “nothing”" in read(student, lecture, words="nothing")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("mass", "<mark>Maß</mark>e im Cafe\u0301 von ｉstanbul"),
        ("maß", "<mark>Maß</mark>e im Cafe\u0301 von ｉstanbul"),
        ("cafe", "Maße im <mark>Cafe\u0301</mark> von ｉstanbul"),
        ("café von", "Maße im <mark>Cafe\u0301 von</mark> ｉstanbul"),
        ("İstan", "Maße im Cafe\u0301 von <mark>ｉstan</mark>bul"),
    ],
)
def test_lines_are_found_however_their_letters_are_written(cast: Cast, student: Client, words: str, line: str) -> None:
    odd = make.bare_lecture(cast.module, position=8)
    make.caption(odd, "WEBVTT\n\n00:01.000 --> 00:02.000\nMaße im Cafe\u0301 von ｉstanbul\n")
    assert line in read(student, odd, words=words)


def test_every_hit_of_a_line_is_marked(student: Client, lecture: Activity) -> None:
    page = read(student, lecture, words="e")
    assert "B<mark>e</mark><mark>e</mark>s s<mark>e</mark><mark>e</mark> ultraviol<mark>e</mark>t light." in page


@pytest.mark.parametrize("words", ["", "SCRIPT", "maß", "MASS", "istanbul", "&", "<", "<script>"])
def test_markup_in_what_is_said_or_searched_for_stays_words(cast: Cast, student: Client, words: str) -> None:
    odd = make.bare_lecture(cast.module, position=8)
    make.caption(odd, ODD)
    page = read(student, odd, words=words)
    assert "<script>alert" not in page
    assert "<script>" not in page.replace("<script src", "")
    if words != "istanbul":
        words_alone = page.replace("<mark>", "").replace("</mark>", "").replace("&#39;", "&#x27;")
        assert "alert(&#x27;Maß&#x27;)" in words_alone


def test_hours_are_told_where_there_are_some(cast: Cast, student: Client) -> None:
    odd = make.bare_lecture(cast.module, position=8)
    make.caption(odd, ODD)
    assert "<time>1:01:00</time>" in read(student, odd)


def test_script_gets_the_lines_alone(student: Client, lecture: Activity) -> None:
    page = read(student, lecture, **{"HX-Request": "true"})
    assert page.strip().startswith('<div class="transcript-body">')
    assert "mark as done" not in page


def test_whoever_read_it_marks_it_and_that_is_its_evidence(student: Client, lecture: Activity) -> None:
    assert "I have read it: mark as done" in read(student, lecture)
    student.post(f"/lessons/{lecture.pk}/done/", {"read": "transcript"})
    tick = Completion.objects.get()
    assert (tick.how, tick.evidence) == ("marked", {"read": "transcript"})
    page = student.get(f"/lessons/{lecture.pk}/").content.decode()
    assert "You marked it as done on" in page
    assert "after reading the transcript." in page
    assert "I have read it" not in read(student, lecture)


def test_teacher_reads_without_being_asked_to_mark(cast: Cast, client: Client, lecture: Activity) -> None:
    client.force_login(cast.teacher)
    assert "mark as done" not in read(client, lecture)
