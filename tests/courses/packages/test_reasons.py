"""The reader gives codes; the app above has words for each of them."""

import inspect
import subprocess
import sys

import pytest
from django.utils import translation

from courses.packages import reasons
from courses.packages.draft import READING, CourseDraft, Fault, Line
from courses.packages.reasons import Reason
from courses.services import package_words
from courses.services.package_words import WORDS, in_words

KINDS = [
    "reading",
    "file",
    "link",
    "discussion",
    "announcement",
    "assignment",
    "quiz",
    "question-bank",
    "lti",
    "unknown",
]
VALUES = {"str": "a/b.html", "int": 2}


def every_reason() -> dict[str, Reason]:
    found = [value for value in vars(reasons).values() if isinstance(value, Reason)]
    for name, made in inspect.getmembers(reasons, inspect.isfunction):
        if made.__annotations__.get("return") == "Reason" and name != "untitled":
            kinds = [of for argument, of in made.__annotations__.items() if argument != "return"]
            found.append(made(*(VALUES[kind] for kind in kinds)))
    found += [reasons.untitled(kind) for kind in KINDS]
    codes = [reason.code for reason in found]
    assert len(codes) == len(set(codes)), "a code is given twice"
    return dict(zip(codes, found, strict=True))


def test_every_reason_has_words_and_no_words_are_without_a_reason() -> None:
    assert set(every_reason()) == set(WORDS)


@pytest.mark.parametrize("code", sorted(WORDS))
def test_the_words_of_a_reason_name_its_values_and_leave_no_gap(code: str) -> None:
    reason = every_reason()[code]
    said = in_words(reason)
    assert said
    assert "%(" not in said
    assert all(str(value) in said for value in reason.values.values())


def test_counts_are_put_into_words_by_their_number() -> None:
    assert in_words(reasons.broken_links(1)).startswith("One link")
    assert in_words(reasons.broken_links(3)).startswith("3 links")


def test_a_report_is_kept_in_the_language_of_who_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(WORDS, "unused", package_words._("Untitled course"))
    draft = CourseDraft("c", "C", lines=[Line("a", "A", READING, "left out", reasons.UNUSED, ["file:a"])])
    draft.faults = [Fault("b.html", reasons.missing_file("c.png"))]
    with translation.override("en-gb"):
        report = package_words.report(draft)
    assert [line["reason"] for line in report["lines"]] == ["Untitled course"]
    assert report["faults"] == [{"where": "b.html", "message": "The file “c.png” is not in the package."}]


def test_the_reader_works_without_django() -> None:
    code = "import sys, courses.packages; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
