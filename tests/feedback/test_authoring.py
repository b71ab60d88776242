"""The rubric editor, a set of assignments, and the form of an assignment, as authors use them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from lxml import html

from accounts.models import User
from courses.models import Activity, CourseEditor
from feedback.criteria import MOST_CRITERIA, MOST_LEVELS, from_plain, to_plain
from feedback.models import Assignment, Rubric, Submission
from tests.cast import Cast
from tests.factories import courses as make_courses
from tests.factories import feedback as make
from tests.undoing import undo

pytestmark = pytest.mark.django_db
AsUser = Callable[[User | None], Client]


@pytest.fixture
def step(cast: Cast) -> Activity:
    return make.assignment(cast.module)


@pytest.fixture
def editor(cast: Cast, as_user: AsUser) -> Client:
    return as_user(cast.editor)


def fields(page: str) -> dict[str, Any]:
    """What a browser would send of the form on the page."""
    [form] = html.fromstring(page).xpath("//form[.//input[@name='criteria' or @name='parts']]")
    return {name: value for name, value in form.form_values() if name != "copied"}


def opened(client: Client, step: Activity) -> dict[str, Any]:
    return fields(client.get(f"/edit/activities/{step.pk}/rubric/").content.decode())


def sent(client: Client, of: Activity, values: dict[str, Any], /, **more: Any) -> Any:
    return client.post(f"/edit/activities/{of.pk}/rubric/", {**values, **more}, follow=True)


def rubric(step: Activity) -> Rubric:
    return Rubric.objects.filter(assignment=step.pk).latest("version")


def test_saved_unchanged_it_is_the_same_rubric(editor: Client, step: Activity) -> None:
    page = sent(editor, step, opened(editor, step)).content.decode()
    assert "The rubric is saved." in page
    assert Rubric.objects.count() == 1
    assert rubric(step).criteria == make.RUBRIC


def test_first_rubric_is_written_row_by_row_without_a_script(cast: Cast, editor: Client) -> None:
    step = make.assignment(cast.module, rubric=None)
    values = opened(editor, step)
    assert (values["criteria"], values["c0_levels"]) == ("1", "3")
    typed = {
        "c0_title": "Colour",
        "c0_l0_title": "Bright",
        "c0_l0_sentence": "You name three.",
        "c0_l0_points": "1,5",
        "c0_l1_title": "Dull",
        "c0_l1_points": "0",
    }
    again = fields(sent(editor, step, {**values, **typed}, step="add").content.decode())
    assert (again["criteria"], again["c0_title"], again["c1_levels"]) == ("2", "Colour", "3")
    assert not Rubric.objects.exists()
    page = sent(editor, step, again).content.decode()
    assert "The rubric is saved." in page
    [one] = rubric(step).criteria.criteria
    assert [level.points for level in one.levels] == [Decimal("1.5"), Decimal(0)]
    assert len({one.key, *(level.key for level in one.levels)}) == 3


@pytest.mark.parametrize(
    ("step_name", "expected"),
    [
        ("down-0", [("why", "reason none"), ("seen", "close some")]),
        ("up-1", [("why", "reason none"), ("seen", "close some")]),
        ("up-0", [("seen", "close some"), ("why", "reason none")]),
        ("remove-0", [("why", "reason none")]),
        ("down-0-0", [("seen", "some close"), ("why", "reason none")]),
        ("remove-1-0", [("seen", "close some"), ("why", "none")]),
        ("remove-9", [("seen", "close some"), ("why", "reason none")]),
        ("remove-0-9", [("seen", "close some"), ("why", "reason none")]),
        ("nonsense", [("seen", "close some"), ("why", "reason none")]),
    ],
)
def test_rows_are_moved_and_removed_and_keep_their_keys(
    editor: Client, step: Activity, step_name: str, expected: list[tuple[str, str]]
) -> None:
    values = fields(sent(editor, step, opened(editor, step), step=step_name).content.decode())
    sent(editor, step, values)
    found = [(one.key, " ".join(level.key for level in one.levels)) for one in rubric(step).criteria.criteria]
    assert found == expected


def test_no_more_rows_than_the_limits(editor: Client, step: Activity) -> None:
    values = opened(editor, step)
    for _ in range(MOST_LEVELS + 2):
        values = fields(sent(editor, step, values, step="add-0").content.decode())
    assert values["c0_levels"] == str(MOST_LEVELS)
    for _ in range(MOST_CRITERIA + 2):
        values = fields(sent(editor, step, values, step="add").content.decode())
    assert values["criteria"] == str(MOST_CRITERIA)
    many = sent(editor, step, values, criteria="999", c0_levels="9999")
    assert many.status_code in (200, 422)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"c0_title": ""}, "Give this criterion a title"),
        ({"c0_l0_title": ""}, "Give this level a title"),
        ({"c0_l0_points": "many"}, "Enter points as a number"),
        ({"c0_l0_points": ""}, "Give points to each level here, or to none."),
        ({"c0_title": "x" * 121}, "Use 120 characters or fewer"),
        ({"c0_l1_sentence": "x" * 1001}, "characters or fewer"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(
    editor: Client, step: Activity, typed: dict[str, str], words: str
) -> None:
    answer = sent(editor, step, opened(editor, step), **typed)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert rubric(step).criteria == make.RUBRIC


def test_rubric_in_use_becomes_a_new_version_and_the_page_says_who_keeps_the_old(
    cast: Cast, editor: Client, step: Activity
) -> None:
    work = make.hand_in(cast.enrolment, step)
    page = editor.get(f"/edit/activities/{step.pk}/rubric/").content.decode()
    assert "1 piece of work has this version of the rubric and keeps it." in " ".join(page.split())
    page = sent(editor, step, opened(editor, step), c0_title="What you noticed").content.decode()
    assert "1 piece of work was handed in or marked by the version before; it keeps that." in page
    work.refresh_from_db()
    assert (rubric(step).version, work.rubric.version) == (2, 1)
    assert work.rubric.criteria == make.RUBRIC
    page = sent(editor, step, opened(editor, step), c0_title="What you saw").content.decode()
    assert "keeps" not in page
    assert rubric(step).version == 2


def test_emptied_it_is_no_rubric_any_more(editor: Client, step: Activity) -> None:
    values = opened(editor, step)
    for _ in range(2):
        values = fields(sent(editor, step, values, step="remove-0").content.decode())
    assert "This assignment has no rubric now." in sent(editor, step, values).content.decode()
    assert not rubric(step).plain


def test_stale_save_is_shown_first_and_taken_the_second_time(editor: Client, step: Activity) -> None:
    mine = opened(editor, step)
    sent(editor, step, opened(editor, step), c0_title="Theirs")
    late = sent(editor, step, mine, c0_title="Mine")
    assert late.status_code == 422
    assert "Someone has changed this rubric since you opened it" in late.content.decode()
    assert rubric(step).criteria.criteria[0].title == "Theirs"
    again = fields(late.content.decode())
    assert again["c0_title"] == "Mine"
    sent(editor, step, again)
    assert rubric(step).criteria.criteria[0].title == "Mine"


def test_rubric_of_another_assignment_that_one_may_write_is_copied_into_the_form(
    cast: Cast, editor: Client, step: Activity
) -> None:
    bare = make.assignment(cast.module, "Draw a bee", rubric=None)
    foreign_course = make_courses.CourseFactory(title="Chess")
    foreign = make.assignment(make_courses.ModuleFactory(course=foreign_course), "Secret opening")
    page = editor.get(f"/edit/activities/{bare.pk}/rubric/").content.decode()
    assert "Watch a bee (Bees and flowers)" in page
    assert "Secret opening" not in page
    copied = sent(editor, bare, opened(editor, bare), step="copy", copied=str(step.pk)).content.decode()
    assert "Nothing is saved yet." in copied
    sent(editor, bare, fields(copied))
    assert rubric(bare).criteria == make.RUBRIC
    stolen = fields(sent(editor, bare, opened(editor, bare), step="copy", copied=str(foreign.pk)).content.decode())
    assert stolen["c0_title"] == "What you saw"
    CourseEditor.objects.create(course=foreign_course, user=cast.editor)
    assert "Secret opening (Chess)" in editor.get(f"/edit/activities/{bare.pk}/rubric/").content.decode()


def test_keys_that_somebody_made_up_or_doubled_are_made_anew(editor: Client, step: Activity) -> None:
    sent(editor, step, opened(editor, step), c0_key="<script>", c0_l0_key="close", c0_l1_key="close")
    [first, second] = rubric(step).criteria.criteria
    assert first.key.isalnum()
    assert first.levels[0].key == "close"
    assert first.levels[1].key not in ("close", "")
    assert second.key == "why"
    assert from_plain(to_plain(rubric(step).criteria)) == rubric(step).criteria


def test_authoring_page_warns_of_an_assignment_without_a_rubric(cast: Cast, editor: Client, step: Activity) -> None:
    path = f"/edit/courses/{cast.course.pk}/"
    assert "No rubric yet" not in editor.get(path).content.decode()
    bare = make.assignment(cast.module, "Draw a bee", rubric=None)
    page = html.fromstring(editor.get(path).content.decode())
    assert page.xpath("//a[contains(., 'No rubric yet')]/@href") == [f"/edit/activities/{bare.pk}/rubric/"]
    Assignment.objects.filter(activity=bare).update(scale="none")
    assert "No rubric yet" not in editor.get(path).content.decode()
    assert f'href="/edit/activities/{step.pk}/rubric/"' in editor.get(f"/edit/activities/{step.pk}/").content.decode()


# --- a set ----------------------------------------------------------------------------------------


def test_big_task_becomes_three_assignments_in_one_step_and_is_undone(cast: Cast, editor: Client) -> None:
    path = f"/edit/modules/{cast.module.pk}/assignments/"
    assert path in editor.get(f"/edit/modules/{cast.module.pk}/new/assignment/").content.decode()
    values = fields(editor.get(path).content.decode())
    assert [values[f"title_{number}"] for number in range(3)] == ["Outline", "Draft", "Final version"]
    answer = editor.post(path, {**values, "task": "Bees in town", "source": "Write two pages."}, follow=True)
    assert "3 assignments were added." in answer.content.decode()
    made = list(Activity.objects.filter(title__startswith="Bees in town").order_by("position"))
    assert [(one.title, one.rule, one.published) for one in made] == [
        ("Bees in town: Outline", "released", False),
        ("Bees in town: Draft", "released", False),
        ("Bees in town: Final version", "enough", False),
    ]
    assert made[0].assignment.source == "Your plan: what you want to say, in which order.\n\nWrite two pages."
    assert "3 assignments were deleted." in undo(editor, answer)
    assert not Activity.objects.filter(title__startswith="Bees in town").exists()


def test_set_in_which_somebody_has_handed_in_stays(cast: Cast, editor: Client) -> None:
    path = f"/edit/modules/{cast.module.pk}/assignments/"
    values = fields(editor.get(path).content.decode())
    answer = editor.post(path, {**values, "task": "Bees", "source": "Write.", "published": "on"}, follow=True)
    make.hand_in(cast.enrolment, Activity.objects.get(title="Bees: Draft"))
    assert "Students have work in these by now" in undo(editor, answer)
    assert Activity.objects.filter(title__startswith="Bees: ").count() == 3
    assert Submission.objects.count() == 1


def test_parts_are_added_and_removed_and_two_are_the_fewest(cast: Cast, editor: Client) -> None:
    path = f"/edit/modules/{cast.module.pk}/assignments/"
    values = {**fields(editor.get(path).content.decode()), "task": "Bees", "source": "Write."}
    values = fields(editor.post(path, {**values, "step": "add"}).content.decode())
    assert (values["parts"], values["task"]) == ("4", "Bees")
    for _ in range(3):
        values = fields(editor.post(path, {**values, "step": "remove-0"}).content.decode())
    answer = editor.post(path, {**values, "title_0": "Only one"})
    assert answer.status_code == 422
    assert "A big task has two parts at least." in answer.content.decode()
    assert not Activity.objects.filter(title__startswith="Bees: ").exists()


# --- the form of an assignment --------------------------------------------------------------------


def an_assignment(**values: Any) -> dict[str, Any]:
    usual = {"title": "Draw", "rule": "enough", "source": "Draw a bee.", "format": "markdown", "takes_text": "on"}
    return {**usual, "scale": "enough", "grace_minutes": "15", **values}


def test_what_another_scale_needs_is_not_looked_at(cast: Cast, editor: Client) -> None:
    path = f"/edit/modules/{cast.module.pk}/new/assignment/"
    page = editor.get(path).content.decode()
    for heading in ("What is asked", "What students hand in", "How it is judged", "Marking, and afterwards"):
        assert f"<legend>{heading}</legend>" in page
    assert editor.post(path, an_assignment(most_points="many", levels="One")).status_code == 302
    made = Assignment.objects.get(activity__title="Draw")
    assert (made.scale, made.most_points, made.levels) == ("enough", None, [])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"scale": "points"}, "Say how many points there are in all."),
        ({"scale": "levels", "levels": "One"}, "Write at least two levels."),
        ({"takes_text": ""}, "Choose at least one thing that students can hand in."),
        ({"scale": "stars"}, "Select a valid choice"),
    ],
)
def test_what_the_chosen_scale_needs_is_asked(cast: Cast, editor: Client, values: dict[str, str], words: str) -> None:
    answer = editor.post(f"/edit/modules/{cast.module.pk}/new/assignment/", an_assignment(**values))
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_levels_are_kept_in_their_order(cast: Cast, editor: Client) -> None:
    path = f"/edit/modules/{cast.module.pk}/new/assignment/"
    editor.post(path, an_assignment(scale="levels", levels="Secure\r\nGrowing\r\nNew"))
    made = Assignment.objects.get(activity__title="Draw")
    assert made.levels == ["Secure", "Growing", "New"]
    page = editor.get(f"/edit/activities/{made.pk}/").content.decode()
    [shown] = html.fromstring(page).xpath("//textarea[@name='levels']")
    assert shown.text.strip().splitlines() == ["Secure", "Growing", "New"]
