"""What a template says of itself is worked out once, and still in the reader's language and to the right address."""

import pytest
from django.template import Context, Template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import translation


def rendered(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


def test_sentence_is_said_in_the_language_that_is_active_each_time() -> None:
    template = Template('{% translate "Monday" %}')
    for _ in range(2):
        for language, word in (("de", "Montag"), ("fr", "lundi"), ("en-gb", "Monday")):
            with translation.override(language):
                assert template.render(Context()) == word


def test_block_without_a_value_is_remembered_and_one_with_a_value_never() -> None:
    constant = Template("{% blocktranslate trimmed %}Sunday{% endblocktranslate %}")
    varying = Template("{% blocktranslate count n=n %}a {{ n }}{% plural %}b {{ n }}{% endblocktranslate %}")
    for number, one in ((1, "a 1"), (2, "b 2"), (3, "b 3")):
        assert varying.render(Context({"n": number})) == one
    for language, word in (("de", "Sonntag"), ("en-gb", "Sunday"), ("de", "Sonntag")):
        with translation.override(language):
            assert constant.render(Context()) == word


def test_sentence_from_a_variable_is_never_remembered() -> None:
    template = Template("{% translate day %}{% translate 'Sunday' as last %} {{ last }}")
    with translation.override("de"):
        assert [template.render(Context({"day": day})) for day in ("Monday", "Tuesday", "<b>")] == [
            "Montag Sonntag",
            "Dienstag Sonntag",
            "&lt;b&gt; Sonntag",
        ]


def test_sentence_with_context_or_filter_is_as_django_has_it() -> None:
    with translation.override("de"):
        assert rendered("{% translate 'May' context 'abbrev. month' %} {% translate 'Monday'|upper %}") == "Mai MONTAG"


@pytest.mark.parametrize("number", [7, 8])
def test_address_is_that_of_the_row(number: int) -> None:
    assert rendered("{% url 'progress:lesson' number %}", number=number) == reverse("progress:lesson", args=[number])
    assert rendered("{% url 'progress:lesson' number as there %}{{ there }}", number=number) == reverse(
        "progress:lesson", args=[number]
    )
    assert rendered("{% url 'progress:lesson' activity_id=number %}", number=number) == reverse(
        "progress:lesson", args=[number]
    )


def test_address_that_is_not_there_is_a_fault() -> None:
    for _ in range(2):
        with pytest.raises(NoReverseMatch):
            rendered("{% url 'progress:lesson' number %}", number="x")


def test_file_has_the_address_that_it_was_collected_under() -> None:
    template = Template("{% static 'css/site.css' %} {% static name %}")
    for name in ("js/lesson.js", "js/lecture.js"):
        assert template.render(Context({"name": name})) == f"{static('css/site.css')} {static(name)}"
