"""Which words stand at which places of a text, whoever asks for all of them or for some."""

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from courses import search_terms, words

# Letters, marks, signs without spaces between them, digits, and what ties or divides.
TEXTS = st.text(alphabet="abe\u0301ñß1٣'’-/. \n中文กา\u0e34", max_size=60)


@given(TEXTS, st.sets(st.integers(0, 40)))
def test_words_at_some_places_are_those_of_the_whole_text(text: str, places: set[int]) -> None:
    found, every = list(words.cut_at(text, places)), list(words.cut(text))
    assert len(found) == len(set(found))
    assert set(found) <= set(every)
    assert {piece for piece in every if piece.place in places} <= set(found)


def test_a_vector_says_what_postgres_takes_out_of_it(db: None) -> None:
    terms = search_terms.read("bees' danc", {"en": {"bees": ["bee"]}})
    with connection.cursor() as cursor:
        cursor.execute("SELECT '''bee'':1,4A ''bees'':4 ''beest'':9 ''danced'':2B,7 ''dance'' ''d'':3'::tsvector::text")
        assert terms.places(cursor.fetchone()[0]) == {"bee": [1, 4], "bees": [4], "danced": [2, 7]}
    assert terms.in_full.places("'bees':4 'danced':2") == {"bees": [4]}
