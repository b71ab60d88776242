"""What was said in a caption, whoever wrote it down how: markup, speakers, numbers, letters, lengths."""

import pytest

from courses import captions
from courses.captions import Cue, Undecided, misfit
from tests.courses.test_captions import read, vtt

TIME = "00:00:01,000 --> 00:00:02,500"


def srt(words: str) -> captions.Captions:
    return read(f"1\n{TIME}\n{words}\n")


WORDS = {
    "map<string, int> is a type": "map<string, int> is a type",
    "if a < b and c > d": "if a < b and c > d",
    "<p>Write <br> here</p>": "<p>Write <br> here</p>",
    "vector<T>": "vector<T>",
    "if a<b and c>d": "if a<b and c>d",
    "<b x>": "<b x>",
    "<i class='it' id=a>Bees</i >": "Bees",
    "I <3 bees": "I <3 bees",
    "<b>Bees</b> <I>see</I> <u>blue</u>": "Bees see blue",
    '<font color="#fff" face="Arial">Bees</font>': "Bees",
    "{\\an8}Above": "Above",
    "{\\pos(10,20)}There {\\i1}too{\\i0}": "There too",
    "{a, b} is a set": "{a, b} is a set",
    "<v Ada>Bees": "<v Ada>Bees",
    "Then a --> b": "Then a --> b",
    "salt &amp; pepper": "salt & pepper",
}


@pytest.mark.parametrize("words", WORDS)
def test_in_srt_only_four_tags_and_places_are_markup(words: str) -> None:
    found = srt(words)
    assert [cue.text for cue in found.cues] == [WORDS[words]]
    assert found.faults == []
    assert [cue.text for cue in read(found.vtt).cues] == [WORDS[words]]


def test_tags_of_srt_become_those_of_webvtt() -> None:
    assert "\n<b>Bees</b> see &lt;T>\n" in srt('<B class="x">Bees</B> <font size=3>see</font> <T>').vtt


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("std::map<string, int>", "std::map<string, int>"),
        ("<00:01.500>a < b", "a < b"),
        ("<div>Bees", "<div>Bees"),
        ("if a<b and c>d", "if a<b and c>d"),
        ('<c.red.bg>Red</c> and <font color="#f00">blue</font>', "Red and blue"),
    ],
)
def test_in_webvtt_what_is_none_of_its_tags_is_words(words: str, said: str) -> None:
    found = vtt(f"00:01.000 --> 00:02.500\n{words}")
    assert [cue.text for cue in found.cues] == [said]
    assert read(found.vtt).cues == found.cues


def test_in_sbv_everything_is_words() -> None:
    assert [cue.text for cue in read("0:00:01.000,0:00:02.500\n<b>Bees\n").cues] == ["<b>Bees"]


def test_transcript_names_who_speaks_where_somebody_else_did_before() -> None:
    times = [f"00:0{at}.000 --> 00:0{at + 1}.000" for at in range(1, 7)]
    said = ["<v Anna Smith>Bees see.", "<v Anna Smith>And fly.", "<v.loud Bo>No!</v> (laughs)", "<v Anna Smith>Yes.",
            "<v Bo>Well, <v Anna Smith>well.", "All right."]  # fmt: skip
    found = vtt(*(f"{time}\n{words}" for time, words in zip(times, said, strict=True)))
    assert [cue.text for cue in found.cues] == [
        "Anna Smith: Bees see.", "And fly.", "Bo: No! (laughs)", "Anna Smith: Yes.", "Bo: Well, Anna Smith: well.",
        "All right.",
    ]  # fmt: skip
    assert "<v Anna Smith>" in found.vtt


@pytest.mark.parametrize(
    "text",
    [
        f"1\n\n{TIME}\nBees\n",
        f"1\n{TIME}\nBees\n\n2\n",
        f"1\n\n2\n{TIME}\nBees\n",
        f" 1 \r\n\r\n{TIME}\r\nBees\r\n",
    ],
)
def test_number_alone_is_no_lost_line(text: str) -> None:
    assert read(text).faults == []
    assert [cue.text for cue in read(text).cues] == ["Bees"]


def test_number_that_was_said_is_named_as_lost() -> None:
    assert read(f"1\n{TIME}\nIt is\n\n42\n\n2\n{TIME}\nBees\n").faults == ["Line 5: there is no time above “42”."]


RUSSIAN = "Пчёлы видят ультрафиолет. Они летают к цветам."
WRITTEN = {
    ("ru", "cp1251"): RUSSIAN,
    ("ru", "koi8-r"): RUSSIAN,
    ("ru-RU", "cp866"): RUSSIAN,
    ("uk", "cp1251"): "Бджоли бачать ультрафіолет. Їжа — нектар.",
    ("pl", "cp1250"): "Pszczoły widzą światło, źródło i łąkę.",
    ("cs", "iso8859-2"): "Včely vidí žluté květiny a šťávu.",
    ("el", "cp1253"): "Οι μέλισσες βλέπουν υπεριώδες φως.",
    ("he", "cp1255"): "דבורים רואות אור.",
    ("ar", "cp1256"): "النحل يرى الضوء",
    ("tr", "cp1254"): "Arılar çiçeğe gider; ışığı görür.",
    ("ja", "cp932"): "ミツバチは紫外線を見ます。",
    ("ja", "euc_jp"): "ミツバチは紫外線を見ます。",
    ("zh", "gb18030"): "蜜蜂可以看见紫外线。",
    ("zh-TW", "big5"): "蜜蜂可以看見紫外線。",
    ("ko", "cp949"): "벌은 자외선을 봅니다.",
    ("fr", "cp1252"): "L’abeille préfère l’été, à Noël ça va.",
    # With as many accents as letters without.
    ("fr", "mac_roman"): "L’été déjà ; où ça, là-bas ?",
    ("fr", "iso8859-1"): "L'été déjà ; où ça, là-bas ?",
    ("hu", "cp1250"): "Árvíztűrő tükörfúrógép, őz.",
    ("sk", "cp1250"): "Kôň žerie šťavnatú trávu.",
    ("ja", "iso2022_jp"): "ミツバチは紫外線を見ます。",
    ("de", "cp1252"): "Bienen mögen Blüten – „süß“.",
    ("vi", "utf-8"): "Ong thấy tia cực tím.",
    ("en", "utf-16-le"): "Bees see “blue”.",
    ("en", "utf-16-be"): "Bees see “blue”.",
}


def chosen(question: Undecided, words: str) -> str:
    """What somebody chooses who can read."""
    assert len(question.options) > 1
    [right] = [option for option in question.options if words[:40] in option.lines[0]]
    return right.encoding


@pytest.mark.parametrize(("language", "encoding"), WRITTEN)
def test_letters_are_read_right_or_their_reader_is_asked(language: str, encoding: str) -> None:
    words = WRITTEN[language, encoding]
    data = f"1\n{TIME}\n{words}\n".encode(encoding)
    try:
        found = captions.read(data, language)
    except Undecided as question:
        found = captions.read(data, language, chosen(question, words))
    assert [cue.text for cue in found.cues] == [words]
    assert found.faults == []


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("ru", "cp1251"),
        ("ru", "koi8-r"),
        ("pl", "cp1250"),
        ("fr", "cp1252"),
        ("ja", "cp932"),
        ("el", "cp1253"),
        ("fr", "iso8859-1"),
        ("hu", "cp1250"),
        ("sk", "cp1250"),
        ("ja", "iso2022_jp"),
    ],
)
def test_nobody_is_asked_where_the_language_says_it(language: str, encoding: str) -> None:
    words = WRITTEN[language, encoding]
    assert captions.read(f"1\n{TIME}\n{words}\n".encode(encoding), language).cues[0].text == words


@pytest.mark.parametrize("language", ["en", "ru", "zh", "ja", ""])
@pytest.mark.parametrize("words", ["Müller prüft, größer, süß", "蜜蜂可以看见紫外线", RUSSIAN])
def test_one_bad_byte_is_one_lost_letter_and_its_line_is_named(words: str, language: str) -> None:
    data = f"1\n{TIME}\n{words}\n\n2\n00:00:03,000 --> 00:00:04,000\nBees ".encode() + b"\xff see\n"
    found = captions.read(data, language)
    assert [cue.text for cue in found.cues] == [words, "Bees \ufffd see"]
    assert found.faults == ["Line 7: one of its characters could not be read."]


def test_russian_that_is_called_english_is_asked_about_with_five_lines() -> None:
    data = "".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{RUSSIAN}\n\n" for n in range(1, 9)).encode("cp1251")
    with pytest.raises(Undecided) as question:
        captions.read(data, "en")
    options = {option.encoding: option.lines for option in question.value.options}
    assert options["cp1251"] == (RUSSIAN,) * 5
    assert 2 <= len(options) <= 4
    assert captions.read(data, "en", "cp1251").cues[0].text == RUSSIAN


MINUTE = 60_000


@pytest.mark.parametrize(
    ("end", "length", "fits"),
    [
        (31 * MINUTE, 31 * MINUTE, True),
        (32 * MINUTE, 31 * MINUTE, True),
        (32 * MINUTE + 1, 31 * MINUTE, False),
        (66_000, MINUTE, True),
        (66_001, MINUTE, False),
        (30 * MINUTE, 60 * MINUTE, True),
        (30 * MINUTE - 1, 60 * MINUTE, False),
    ],
)
def test_captions_end_with_their_recording(end: int, length: int, fits: bool) -> None:
    assert (misfit([Cue(0, end, "Bees"), Cue(5, 10, "see")], length) == "") is fits


def test_misfit_names_both_lengths() -> None:
    assert misfit([Cue(0, 3_130_000, "Bees")], 1_919_000) == (
        "The captions end at 52:10, and the recording is 31:59 long."
    )
    assert misfit([Cue(0, 3_130_000, "Bees")], 1_919_000, chapters=True).startswith("The chapters end at 52:10")
