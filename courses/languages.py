"""How Postgres stems the words of a given language."""

from collections.abc import Iterable, Mapping

from django.db import connection

# Languages that Postgres can stem without any extension; in every other one a word is found as it is written.
STEMMED = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "et": "estonian", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip
# Their texts quote English as it is; no other word of theirs is written in ASCII.
OTHER_LETTERS = {"ar", "el", "hi", "hy", "ne", "ru", "ta", "yi"}
STEMS = """
SELECT asked.place, asked.word, ts_lexize(asked.dictionary::regdictionary, asked.word)
  FROM unnest(%(places)s::int[], %(words)s::text[], %(dictionaries)s::text[]) AS asked(place, word, dictionary)
"""


def stemmed(words: Iterable[str], language: str) -> dict[str, list[str]]:
    """The stems of each word; an empty list for words such as "the". Nothing for a language without a stemmer."""
    return stemmed_in({language: words})[language]


def stemmed_in(words: Mapping[str, Iterable[str]]) -> dict[str, dict[str, list[str]]]:
    """For words of several languages the same, in one query."""
    languages = list(words)
    wanted = [
        (place, word, dictionary)
        for place, language in enumerate(languages)
        for word in words[language]
        if (dictionary := _dictionary(word, language))
    ]
    found: dict[str, dict[str, list[str]]] = {language: {} for language in languages}
    if wanted:
        places, asked, dictionaries = map(list, zip(*wanted, strict=True))
        with connection.cursor() as cursor:
            cursor.execute(STEMS, {"places": places, "words": asked, "dictionaries": dictionaries})
            for place, word, stems in cursor:
                found[languages[place]][word] = stems
    return found


def _dictionary(word: str, language: str) -> str | None:
    tag = language.split("-")[0].lower()
    if tag in OTHER_LETTERS and word.isascii():
        return "english_stem"
    return f"{STEMMED[tag]}_stem" if tag in STEMMED else None
