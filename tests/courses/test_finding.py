"""What search finds, where, and in which order."""

from collections.abc import Iterator

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from courses import tasks, words
from courses.finding import A_PAGE, COMMON, FEW, FEW_COURSES, MOST_RANKED, RANKED, find
from courses.models import Activity, Course, CourseFile, FileUse, LessonWords, Module, Passage, Reading
from courses.services import passages, texts
from courses.services.references import CourseReferences
from tests.courses.searching import EXAMPLES, Example, marked, search, titles
from tests.factories import courses as make
from tests.factories import lectures

TABLES = [Course, Module, Activity, Reading, CourseFile, FileUse, Passage, LessonWords]


def shows(example: Example) -> bool:
    module = make.ModuleFactory(course__language=example.language)
    make.reading(module, example.text, title="-")
    marks = tuple(marked(module.course, example.words)) if search(module.course, example.words).total else ()
    return marks == example.marks


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda one: f"{one.language} {one.words}")
def test_words_are_found_and_marked(db: None, example: Example) -> None:
    assert shows(example)


@pytest.fixture(params=["C", "C.UTF-8"])
def elsewhere(request: pytest.FixtureRequest, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """A database whose LC_CTYPE is the one that is asked for: a database keeps its own for life."""
    name = f"test_ctype_{connection.settings_dict['NAME']}"[:60]
    with django_db_blocker.unblock():
        other = connection.copy()
        other.settings_dict = {**connection.settings_dict, "NAME": name}
        make_database = f"CREATE DATABASE \"{name}\" TEMPLATE template0 LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE "
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
            cursor.execute(f"{make_database}'{request.param}'")
        before = connections[DEFAULT_DB_ALIAS]
        connections[DEFAULT_DB_ALIAS] = other
        try:
            with other.schema_editor() as editor:
                for model in TABLES:
                    editor.create_model(model)
                # Keys to tables that are not there.
                editor.deferred_sql.clear()
            yield request.param
        finally:
            other.close()
            connections[DEFAULT_DB_ALIAS] = before
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE "{name}"')


def test_every_example_holds_whatever_a_database_takes_for_letters(elsewhere: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datctype FROM pg_database WHERE datname = current_database()")
        assert cursor.fetchone() == (elsewhere,)
    assert [example for example in EXAMPLES if not shows(example)] == []


def lesson(module: Module, text: str, title: str, **values: object) -> Activity:
    activity = make.reading(module, text, title=title, **values)
    texts.index_title(activity)
    return activity


@pytest.fixture
def module(db: None) -> Module:
    return make.ModuleFactory()


def test_words_in_different_passages_of_one_lesson_find_it(module: Module) -> None:
    make.reading(module, "The moon is far.\n\nAn eclipse is rare.", title="Skies")
    make.reading(module, "The moon is near.", title="Tides")
    make.reading(module, "An eclipse of the sun.", title="Light")
    assert titles(module.course, "moon eclipse") == ["Skies"]
    [only] = search(module.course, "moon eclipse").lessons
    assert [place.anchor for place in only.places] == ["p-1", "p-2"]


def test_words_in_title_and_text_find_it_together(module: Module) -> None:
    lesson(module, "Bees see ultraviolet light.", "Eyes")
    assert titles(module.course, "eyes ultraviolet") == ["Eyes"]


def test_a_word_in_another_lesson_does_not_count(module: Module) -> None:
    make.reading(module, "The moon.", title="One")
    make.reading(module, "The eclipse.", title="Two")
    assert titles(module.course, "moon eclipse") == []


def test_the_lesson_whose_title_has_the_words_comes_before_a_bibliography(module: Module) -> None:
    entry = "Smith, Photosynthesis and light. Photosynthesis review. A photosynthesis reader."
    lesson(module, "\n\n".join([entry] * 30), "Bibliography", position=0)
    lesson(module, "## Photosynthesis\n\nA short note.", "Leaves", position=1)
    lesson(module, "How plants make sugar.", "Photosynthesis", position=2)
    assert titles(module.course, "photosynthesis") == ["Photosynthesis", "Leaves", "Bibliography"]


def test_a_lesson_shows_its_three_best_passages(module: Module) -> None:
    make.reading(module, "\n\n".join(["bee", "bee", "bee", "bee and wasp", "wasp"]), title="Insects")
    [only] = search(module.course, "bee wasp").lessons
    assert len(only.places) == 3
    assert only.places[0].anchor == "p-4"


def test_a_lesson_with_an_unwanted_word_is_left_out(module: Module) -> None:
    make.reading(module, "Bees.\n\nWasps.", title="Both")
    make.reading(module, "Bees.", title="Bees alone")
    assert titles(module.course, "bees -wasps") == ["Bees alone"]
    assert titles(module.course, "-wasps") == []


def test_pages_are_of_lessons_and_a_page_too_far_is_the_first(module: Module) -> None:
    for number in range(A_PAGE + 2):
        make.reading(module, "Bees.\n\nMore bees.", title=f"Bees {number}", position=number)
    pages = [search(module.course, "bees", page=number) for number in (1, 2, 99)]
    assert [len(page.lessons) for page in pages] == [A_PAGE, 2, A_PAGE]
    assert {page.total for page in pages} == {A_PAGE + 2}
    assert [lesson.title for lesson in pages[0].lessons] == [f"Bees {number}" for number in range(A_PAGE)]
    assert pages[2] == pages[0]


def test_what_is_said_is_found_with_its_second(module: Module) -> None:
    activity = lectures.lecture(module, title="Talk")
    [only] = search(module.course, "colour").lessons
    assert (only.pk, [place.second for place in only.places]) == (activity.pk, [31])


def test_many_courses_are_searched_as_few_are(module: Module) -> None:
    lesson(module, "The moon.\n\nAn eclipse.", "Skies")
    lesson(make.ModuleFactory(), "The moon.\n\nAn eclipse.", "Of a course that is not asked")
    courses = [module.course, *(make.CourseFactory() for _ in range(FEW_COURSES))]
    few, many = (find(some, "moon eclip", drafts=[]) for some in (courses[:1], courses))
    assert few == many
    assert [one.title for one in many.lessons] == ["Skies"]


def test_drafts_and_hidden_modules_are_left_out_for_those_who_are_not_shown_them(module: Module) -> None:
    make.reading(module, "Bees.", title="Draft", published=False)
    make.reading(make.ModuleFactory(course=module.course, published=False), "Bees.", title="Hidden")
    make.reading(module, "Bees.", title="Shown")
    assert titles(module.course, "bees", drafts=False) == ["Shown"]
    assert sorted(titles(module.course, "bees")) == ["Draft", "Hidden", "Shown"]


ODD = ["", " ", "-", '"', '""', "“", "…", "-bees", "\0", "'", "\\", "a' | 'b", "!", "or", "or or", "&|!<->():*", "%"]
LONG = ["a" * 5000, "a " * 5000, '"' * 5000, "-" * 5000, "a-" * 5000, "光" * 5000]
SIGNS = [
    "ـ",
    "ـ bees",
    '"ـ bees" -ـ',
    "\ud800",
    "\u0301",
    "\u200d",
    "bees'; --",
    "1e5 0x1F -3.14e-10",
    "\ue000bees\ue001",
]


@pytest.mark.parametrize("asked", [*ODD, *LONG, *SIGNS], ids=lambda asked: repr(asked[:10]))
def test_whatever_is_typed_has_an_answer(module: Module, asked: str) -> None:
    make.reading(module, "Bees.")
    search(module.course, asked)


def test_a_long_text_without_a_paragraph_is_found_to_its_end(module: Module) -> None:
    activity = make.ActivityFactory(module=module)
    source = f"<div>{'bees and flowers ' * 3000} honeycomb</div>"
    texts.write(activity, source=source, format="html", references=CourseReferences(module.course))
    [only] = search(module.course, "honeycomb").lessons
    assert only.places[0].anchor == "p-1"
    assert sum(len(text) for text in activity.passages.values_list("text", flat=True)) > 51_000


def test_words_are_kept_of_a_text_without_a_single_space(module: Module) -> None:
    make.reading(module, "光" * 40_000 + "合成")
    assert search(module.course, "合成").total == 1


def test_excerpts_show_the_place_where_the_words_are(module: Module) -> None:
    make.reading(module, "bees fly " * 300 + "the honeycomb is full " + "bees fly " * 300)
    excerpt = search(module.course, "honeycomb").lessons[0].places[0].excerpt
    assert "\ue000honeycomb\ue001" in excerpt
    assert excerpt.startswith("… ")
    assert excerpt.endswith(" …")
    assert len(excerpt) < 300


def test_passages_that_were_cut_otherwise_are_cut_anew_by_the_job(module: Module) -> None:
    make.reading(module, "Read about “osmosis” first.", title="Water")
    lectures.lecture(module, title="Talk")
    before = list(Passage.objects.order_by("pk").values_list("pk", "vector"))
    kept = words_kept()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE courses_passage SET vector = to_tsvector('english', text), cut_by = 0")
    passages.gather([activity for activity, _ in kept])
    assert titles(module.course, "osmosis") == []
    tasks.renew_readings()
    assert titles(module.course, "osmosis") == ["Water"]
    assert list(Passage.objects.order_by("pk").values_list("pk", "vector")) == before
    assert set(Passage.objects.values_list("cut_by", flat=True)) == {words.VERSION}
    assert words_kept() == kept
    assert passages.renew_some() == 0


def words_kept() -> list[tuple[int, str]]:
    return list(LessonWords.objects.order_by("activity", "vector").values_list("activity", "vector"))


def test_lessons_from_before_there_was_an_index_of_them_are_put_into_it_by_the_job(module: Module) -> None:
    lesson(module, "Read about osmosis first.", "Water")
    lectures.lecture(module, title="Talk")
    kept = words_kept()
    LessonWords.objects.all().delete()
    Passage.objects.update(cut_by=1)
    tasks.renew_readings()
    assert titles(module.course, "water osmosis") == ["Water"]
    assert words_kept() == kept


def test_a_lesson_is_found_by_what_it_says_now(module: Module) -> None:
    activity = lesson(module, "Bees.", "Insects")
    assert titles(module.course, "insects bees") == ["Insects"]
    activity.title = "Wasps"
    activity.save()
    texts.index_title(activity)
    assert titles(module.course, "insects") == []
    assert titles(module.course, "wasps bees") == ["Wasps"]
    texts.write(activity, source="Ants.", format="markdown", references=CourseReferences(module.course))
    assert titles(module.course, "bees") == []
    assert titles(module.course, "wasps ants") == ["Wasps"]


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("The moon.\n\nAn eclipse.", '"moon eclipse"'),
        ("The moon.\n\nAn eclipse.", '"moon an eclipse"'),
        ("The well.\n\nKnown to all.", "well-known"),
        ("光合\n\n作用", "光合作用"),
    ],
)
def test_a_phrase_does_not_reach_into_the_next_paragraph(module: Module, text: str, asked: str) -> None:
    lesson(module, text, "Skies")
    assert titles(module.course, asked) == []


def test_a_phrase_does_not_reach_from_the_title_into_the_text(module: Module) -> None:
    lesson(module, "Eclipse.", "Moon")
    assert titles(module.course, '"moon eclipse"') == []
    assert titles(module.course, "moon eclipse") == ["Moon"]


def test_words_far_apart_in_a_long_lesson_find_it_with_their_passages(module: Module) -> None:
    filling = "\n\n".join(["the bees fly over the field and the river to the trees " * 8] * 60)
    lesson(module, f"The quiet moon.\n\n{filling}\n\nThe long eclipse.\n\n{filling}\n\nThe end.", "Long")
    [only] = search(module.course, 'moon "the long eclipse" "the end" long').lessons
    assert only.places[0].anchor == "p-62"
    assert {place.anchor for place in only.places} == {"p-1", "p-62", "p-123"}
    assert LessonWords.objects.filter(activity=only.pk).count() > 1
    assert titles(module.course, "moon -end") == []


def test_an_unwanted_word_counts_in_a_title_and_at_the_end_of_a_long_lesson(module: Module) -> None:
    lesson(module, "Bees.", "Wasps")
    lesson(module, "Bees.\n\n" + "\n\n".join(["flowers " * 500] * 20) + "\n\nWasps.", "Flowers")
    lesson(module, "Bees.", "Bees alone")
    assert titles(module.course, "bees -wasps") == ["Bees alone"]


def test_words_of_many_letters_are_kept_within_what_postgres_holds(module: Module) -> None:
    long = (f"{number:04}" + "\U00010400" * 96 for number in range(1_900))
    lesson(module, "\n\n".join(" ".join([next(long) for _ in range(100)]) for _ in range(19)) + "\n\nEnd.", "Odd")
    assert titles(module.course, "odd end") == ["Odd"]


def test_among_lessons_alike_the_one_that_says_it_more_often_comes_first(module: Module) -> None:
    lesson(module, "In passing: osmosis.", "First", position=0)
    lesson(module, "Osmosis moves water.\n\nWithout osmosis, no tree.\n\nOsmosis again.", "Second", position=1)
    lesson(module, "## Osmosis\n\nWater.", "Third", position=2)
    assert titles(module.course, "osmosis") == ["Third", "Second", "First"]


def test_many_words_with_one_beginning_do_not_outrank_a_title(module: Module) -> None:
    many = " ".join(f"photo{end}" for end in ("graph", "copy", "n", "cell", "finish", "stat", "type", "bomb", "call"))
    lesson(module, "\n\n".join([f"{many}."] * 20), "Glossary", position=0)
    lesson(module, "How plants make sugar.", "Photosynthesis", position=1)
    assert titles(module.course, "photo") == ["Photosynthesis", "Glossary"]


def test_a_course_in_which_another_language_begins_is_cut_anew(module: Module) -> None:
    make.reading(module, "Tämä on näkki.", title="Water")
    assert titles(module.course, "nakki") == ["Water"]
    module.course.language = "fi"
    module.course.save()
    passages.index_again(module.course)
    assert titles(module.course, "nakki") == []
    assert titles(module.course, "näkki") == ["Water"]


def test_a_vector_holds_no_place_beyond_those_that_postgres_counts() -> None:
    assert words.vector("ab " * 20_000, "en", {}).endswith(",16383")


def rank(most: int, few: int, common: int, monkeypatch: pytest.MonkeyPatch) -> None:
    small = RANKED.replace(str(MOST_RANKED), str(most)).replace(str(FEW), str(few)).replace(str(COMMON), str(common))
    monkeypatch.setattr("courses.finding.RANKED", small)


# Gathered as a rare word, walked when more have it than are gathered, and walked as a common one.
HOWEVER_MANY = pytest.mark.parametrize(("few", "common"), [(FEW, COMMON), (1, COMMON), (1, 1)])


@HOWEVER_MANY
def test_lesson_with_a_common_word_in_its_title_comes_first_however_far_down_the_course(
    db: None, monkeypatch: pytest.MonkeyPatch, few: int, common: int
) -> None:
    rank(2, few, common, monkeypatch)
    module = make.ModuleFactory()
    for number in range(4):
        make.reading(module, "The osmosis of cells.", title=f"Lesson {number}", position=number)
    texts.index_title(make.reading(module, "What passes a wall of a cell.", title="Osmosis", position=9))
    assert titles(module.course, "osmosis")[0] == "Osmosis"


@HOWEVER_MANY
def test_one_word_is_ranked_in_the_first_lessons_of_a_course_and_several_in_all(
    db: None, monkeypatch: pytest.MonkeyPatch, few: int, common: int
) -> None:
    rank(3, few, common, monkeypatch)
    module = make.ModuleFactory()
    for place, title in enumerate(("One", "Two", "Three", "Four", "Bees")):
        make.reading(module, "Bees see light.", title=title, position=place)
    assert sorted(titles(module.course, "light")) == ["One", "Three", "Two"]
    assert sorted(titles(module.course, "bees light")) == ["Bees", "Four", "One", "Three", "Two"]


@HOWEVER_MANY
def test_a_word_that_few_of_the_first_lessons_have_is_found_beyond_them_once(
    db: None, monkeypatch: pytest.MonkeyPatch, few: int, common: int
) -> None:
    rank(3, few, common, monkeypatch)
    module = make.ModuleFactory()
    for place, text in enumerate(("Bees see.", "Light.", "Rain.", "Snow.", "Wind.", "Bees fly.", "Bees hum.", "Bees.")):
        lesson(module, text, f"Lesson {place}", position=place)
    found = search(module.course, "bees")
    assert (found.total, sorted(one.title for one in found.lessons)) == (3, ["Lesson 0", "Lesson 5", "Lesson 6"])


@HOWEVER_MANY
def test_what_is_not_shown_takes_no_place_among_the_first_lessons_of_a_course(
    db: None, monkeypatch: pytest.MonkeyPatch, few: int, common: int
) -> None:
    rank(2, few, common, monkeypatch)
    module = make.ModuleFactory()
    for place in range(6):
        make.reading(module, "Bees see light.", title=f"Lesson {place}", position=place, published=place > 2)
    assert sorted(titles(module.course, "light", drafts=False)) == ["Lesson 3", "Lesson 4"]
    assert sorted(titles(module.course, "light")) == ["Lesson 0", "Lesson 1"]
