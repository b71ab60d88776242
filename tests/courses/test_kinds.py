"""The registry of kinds, and what a role may do."""

import pytest
from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.loader import get_template

from accounts.models import User
from courses import access
from courses.kinds import BY_TEACHER, KINDS, Kind, Panel, Rule, Who, register, rule_sentence
from courses.models import Activity, Enrolment
from courses.permissions import GRANTS, Permission
from tests.cast import Cast
from tests.factories import courses as make


class Poem(Kind):
    """A kind that a teacher ticks, with every method that a kind needs."""

    code = "poem"
    label = "Poem"
    icon = "reading"
    form = forms.Form
    rules = (Rule("heard", "a teacher heard it", lambda seconds: "Ticked when your teacher heard it.", (BY_TEACHER,)),)

    def panel(self, viewer: User, enrolment: Enrolment | None, activity: Activity) -> Panel:
        return Panel("courses/kinds/link.html", {"content": {"url": "https://poems.example/", "note": ""}})

    def initial(self, activity: Activity) -> dict:
        return {}

    def save(self, activity: Activity, cleaned: dict) -> bool:
        return False

    def receive(self, activity: Activity, item: object, references: object) -> bool:
        return False


def test_kind_that_is_registered_twice_is_refused_and_the_first_stays() -> None:
    before = dict(KINDS)

    class Another(Poem):
        code = "reading"

    with pytest.raises(ValueError, match="'reading' is registered twice"):
        register(Another())
    assert before == KINDS


@pytest.mark.parametrize("forgotten", ["panel", "initial", "save", "receive"])
def test_kind_that_forgets_a_method_fails_when_it_is_made(forgotten: str) -> None:
    methods = {name: getattr(Poem, name) for name in ("panel", "initial", "save", "receive") if name != forgotten}
    lacking = type("Lacking", (Kind,), {"code": "lacking", "rules": Poem.rules, **methods})
    with pytest.raises(TypeError, match=forgotten):
        lacking()


def test_rule_that_nobody_can_fulfil_is_refused() -> None:
    class Riddle(Poem):
        code = "riddle"
        rules = (Rule("solved", "it was solved", lambda seconds: "Ticked when it is solved.", ()),)

    with pytest.raises(ValueError, match="Nobody can make the tick of the rule 'solved'"):
        register(Riddle())
    assert "riddle" not in KINDS


def test_every_kind_names_all_that_pages_ask_of_it() -> None:
    assert set(KINDS) == {"reading", "file", "link", "lecture", "discussion", "assignment"}
    for kind in KINDS.values():
        assert str(kind.label)
        assert kind.icon
        assert kind.form.base_fields
        codes = [rule.code for rule in kind.rules]
        assert len(codes) == len(set(codes))


def test_every_rule_of_a_lesson_can_be_fulfilled_by_hand_without_a_script() -> None:
    for code in ("reading", "file", "link", "lecture"):
        assert all(rule.way_of(Who.STUDENT) for rule in KINDS[code].rules)


def test_every_tick_brings_its_reason_and_a_rule_has_one_way_for_each_who() -> None:
    for kind in KINDS.values():
        for rule in kind.rules:
            assert len({way.by for way in rule.ways}) == len(rule.ways)
            assert all(get_template(way.why) for way in rule.ways)


def test_every_rule_is_said_in_a_sentence_of_its_own() -> None:
    for kind in KINDS.values():
        sentences = [rule.sentence(90) for rule in kind.rules]
        assert all(sentence.startswith("Ticked ") for sentence in sentences)
        assert len(set(sentences)) == len(sentences)


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "1 second,"), (59, "59 seconds,"), (60, "about 1 minute,"), (600, "about 10 minutes,")]
)
def test_dwell_is_said_in_seconds_and_then_in_minutes(seconds: int, said: str) -> None:
    assert said in rule_sentence("reading", "read", seconds, "en-gb")


def test_rule_that_a_kind_no_longer_has_is_said_as_its_first() -> None:
    assert rule_sentence("link", "gone", 0, "en-gb") == rule_sentence("link", "opened", 0, "en-gb")


def test_kind_may_lack_what_only_some_have() -> None:
    assert Poem().destination(make.ActivityFactory.build(module=None)) is None
    assert Poem().pages(make.ActivityFactory.build(module=None)) == []


TABLE = {
    "student": {"post in the forum"},
    "observer": set(),
    "assistant": {
        "see students",
        "see drafts",
        "grant extensions",
        "tick activities",
        "write announcements",
        "post in the forum",
        "look after the forum",
        "mark work",
        "check in with students",
    },
    "teacher": {
        "see students",
        "see drafts",
        "grant extensions",
        "set dates",
        "tick activities",
        "delete or archive the cohort",
        "write announcements",
        "post in the forum",
        "look after the forum",
        "mark work",
        "release feedback",
        "check in with students",
        "read conversations with minors",
    },
}


def test_rights_are_what_this_table_says() -> None:
    assert {role: {str(right) for right in rights} for role, rights in GRANTS.items()} == TABLE
    assert set(GRANTS) == set(Enrolment.Role.values)


@pytest.mark.parametrize("role", TABLE)
@pytest.mark.parametrize("permission", list(Permission))
def test_cohort_opens_for_the_rights_of_the_role(cast: Cast, role: str, permission: Permission) -> None:
    viewer = cast.person(role)
    if permission in TABLE[role]:
        assert access.cohort_with(viewer, cast.cohort.pk, permission) == cast.cohort
    else:
        with pytest.raises(PermissionDenied, match="not change"):
            access.cohort_with(viewer, cast.cohort.pk, permission)
    with pytest.raises(Http404):
        access.cohort_with(viewer, cast.elsewhere.pk, permission)


def test_admin_has_every_right_everywhere(cast: Cast) -> None:
    for permission in Permission:
        assert access.cohort_with(cast.admin, cast.elsewhere.pk, permission) == cast.elsewhere


def test_person_acts_as_a_student_before_any_other_role(cast: Cast) -> None:
    Enrolment.objects.create(user=cast.teacher, cohort=cast.elsewhere, role="student", started_on="2026-01-05")
    acting = access.readable_course(cast.teacher, cast.course.pk).enrolment
    assert (acting.role, acting.cohort) == ("student", cast.elsewhere)
    assert access.readable_course(cast.teacher, cast.course.pk).student == acting


def test_teacher_is_no_student_of_their_own(cast: Cast) -> None:
    for viewer in (cast.teacher, cast.editor, cast.admin):
        assert access.readable_course(viewer, cast.course.pk).student is None
