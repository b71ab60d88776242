"""Looking for words as a page does, and the words that are looked for."""

from dataclasses import dataclass

from django.test import Client
from lxml import html

from common.templatetags.ui import HIT_END, HIT_START
from courses.finding import Found, find
from courses.models import Course


def search(course: Course, words: str, *, drafts: bool = True, page: int = 1) -> Found:
    return find([course], words, drafts=[course.pk] if drafts else [], page=page)


def found(course: Course, words: str) -> list[str]:
    """The passages shown, without their marks."""
    lessons = search(course, words).lessons
    texts = [place.excerpt for lesson in lessons for place in lesson.places]
    return [text.replace(HIT_START, "").replace(HIT_END, "") for text in texts]


def titles(course: Course, words: str, **how: bool) -> list[str]:
    return [lesson.title for lesson in search(course, words, **how).lessons]


def marked(course: Course, words: str) -> list[str]:
    """What is marked in the first excerpt."""
    first = search(course, words).lessons[0].places[0].excerpt
    return [piece.partition(HIT_END)[0] for piece in first.split(HIT_START)[1:]]


def leads_to(client: Client, course: Course, words: str) -> list[tuple[int, str]]:
    """Activities and ids to which the page of a search leads whoever is signed in; each id stands on its lesson page
    once."""
    found = html.fromstring(client.get(f"/courses/{course.pk}/search/", {"q": words}).content)
    led = []
    for address in found.xpath("//ul[@class='found-places']//a/@href"):
        path, _, anchor = address.partition("#")
        lesson = html.fromstring(client.get(path).content)
        assert lesson.xpath("count(//*[@id=$anchor])", anchor=anchor) == 1, address
        led.append((int(path.strip("/").split("/")[-1]), anchor))
    return led


@dataclass(frozen=True)
class Example:
    language: str
    text: str
    words: str
    # Where it is found, what is marked; nothing where it is not.
    marks: tuple[str, ...] = ()


EXAMPLES = [
    # Signs that are no letters.
    Example("en", "Read about “osmosis” first.", "osmosis", ("osmosis",)),
    Example("en", "light—sunlight—and soil…", "light", ("light",)),
    Example("en", "light—sunlight—and soil…", "sunlight", ("sunlight",)),
    Example("en", "light—sunlight—and soil…", "soil", ("soil",)),
    Example("fr", "L’usage de l’électricité monte.", "électricité", ("électricité",)),
    Example("fr", "L’usage de l’électricité monte.", "l'électricité", ("l’électricité",)),
    Example("de", "Er sagte: „Zellen“ – nicht ‚Organe‘.", "organ", ("Organe",)),
    Example("es", "¿Qué es la ósmosis? «Agua»…", "osmosis", ("ósmosis",)),
    Example("en", "The cells·walls•and†roots", "roots", ("roots",)),
    # Parts of what is tied together, and the whole of it.
    Example("en", "Use a pull/push workflow.", "pull", ("pull",)),
    Example("en", "Use a pull/push workflow.", "push", ("push",)),
    Example("en", "Use a pull/push workflow.", "pull/push", ("pull/push",)),
    Example("en", "Open budget.xlsx now.", "budget", ("budget",)),
    Example("en", "Open budget.xlsx now.", "xlsx", ("xlsx",)),
    Example("en", "Open budget.xlsx now.", "budget.xlsx", ("budget.xlsx",)),
    Example("en", "A well-known fact.", "wellknown", ("well-known",)),
    Example("en", "A wellknown fact.", "well-known", ("wellknown",)),
    Example("en", "Write an e-mail.", "emails", ("e-mail",)),
    Example("en", "See docs/plan_final.txt there.", "final", ("final",)),
    Example("en", "The student’s own work", "student", ("student",)),
    Example("en", "Each student has one.", "student's", ("student",)),
    Example("it", "La storia dell’arte", "arte", ("arte",)),
    Example("en", "Some 1,250,000 people, 3,4 of them", "1250000", ("1,250,000",)),
    Example("en", "Some 1250000 people", "1,250,000", ("1250000",)),
    Example("he", "חיל צה״ל נכנס", "צהל", ("צה״ל",)),
    Example("he", 'חיל צה"ל נכנס', "צהל", ('צה"ל',)),
    Example("he", "חיל צהל נכנס", 'צה"ל', ("צהל",)),
    Example("he", "ג׳ירפה גבוהה", "ג'ירפה", ("ג׳ירפה",)),
    # Accents, composed or not, as the language allows.
    Example("en", "We met in a café.", "cafe", ("café",)),
    Example("en", "We met in a cafe\u0301.", "café", ("cafe\u0301",)),
    Example("en", "We met in a cafe.", "cafés", ("cafe",)),
    Example("fr", "Les électricités d’hier", "electricite", ("électricités",)),
    Example("vi", "Tiếng Việt rất đẹp", "tieng viet", ("Tiếng", "Việt")),
    Example("pl", "Łódź jest duża", "lodz", ("Łódź",)),
    Example("ru", "Чёрный чай", "черный", ("Чёрный",)),
    Example("fi", "Tämä on näkki.", "nakki"),
    Example("fi", "Tämä on näkki.", "näkki", ("näkki",)),
    Example("sv", "En höna i Göteborg", "hona"),
    Example("en", "En höna i Göteborg", "hona", ("höna",)),
    Example("de", "Die Übung beginnt.", "uebung", ("Übung",)),
    Example("da", "Rødgrød med fløde", "floede", ("fløde",)),
    Example("es", "El año nuevo", "ano"),
    Example("en", "The ﬁrst ﬂower", "first flower", ("ﬁrst", "ﬂower")),
    Example("en", "Elec\u00adtricity is here.", "electricity", ("Elec\u00adtricity",)),
    Example("de", "Die Straße ist lang.", "strasse", ("Straße",)),
    Example("en", "Ｆｕｌｌ width", "full", ("Ｆｕｌｌ",)),
    # Marks that are no accents, and digits of another script.
    Example("he", "בְּרֵאשִׁית בָּרָא אֱלֹהִים", "בראשית", ("בְּרֵאשִׁית",)),
    Example("he", "בראשית ברא אלהים", "אֱלֹהִים", ("אלהים",)),
    Example("ar", "كَتَبَ الطالبُ", "كتب", ("كَتَبَ",)),
    Example("hi", "हिन्दी में किताबें", "किताब", ("किताबें",)),
    Example("hi", "यह किताब है", "कताब"),
    Example("fa", "سال ۱۴۰۳ بود", "1403", ("۱۴۰۳",)),
    # Scripts without spaces.
    Example("zh", "植物通过光合作用制造养分。", "光合作用", ("光合作用",)),
    Example("zh", "植物通过光合作用制造养分。", "养分", ("养分",)),
    Example("zh", "植物通过光合作用制造养分。", "分", ("分",)),
    Example("zh", "植物通过光合作用制造养分。", "物光"),
    Example("zh", "用NaCl溶液做实验", "溶液", ("溶液",)),
    Example("ja", "植物は光合成で養分をつくる。", "光合成", ("光合成",)),
    Example("ja", "コンピュータの使い方", "コンピュータ", ("コンピュータ",)),
    Example("ja", "ｺﾝﾋﾟｭｰﾀの使い方", "コンピュータ", ("ｺﾝﾋﾟｭｰﾀ",)),
    Example("ja", "今日は晴れです", "東京"),
    Example("th", "นักเรียนเรียนภาษาไทย", "ภาษา", ("ภาษา",)),
    Example("lo", "ນັກຮຽນຮຽນພາສາລາວ", "ພາສາ", ("ພາສາ",)),
    Example("km", "សិស្សរៀនភាសាខ្មែរ", "ភាសា", ("ភាសា",)),
    Example("my", "မြန်မာဘာသာစကား", "ဘာသာ", ("ဘာသာ",)),
    Example("ko", "물리학은 재미있다", "물리학", ("물리학",)),
    Example("en", "The word 光合作用 means photosynthesis.", "合作", ("合作",)),
    # Stems, beginnings, phrases, what is left out.
    Example("en", "She studies plants.", "study", ("studies",)),
    Example("en", "First plants, then rain.", "rain,plants…", ("plants", "rain")),
    Example("en", "A well-being", "well-known,being"),
    Example("en", "On procrastination and habits", "procrast", ("procrastination",)),
    Example("en", "On procrastination and habits", "procrastinati", ("procrastination",)),
    Example("en", "On procrastination and habits", "procrast habits", ()),
    Example("ru", "Интересные книги", "книг", ("книги",)),
    Example("en", "The moon has a long eclipse.", '"long eclipse"', ("long", "eclipse")),
    Example("en", "The moon has a long eclipse.", '"moon eclipse"'),
    Example("en", "The moon has a long eclipse.", "“long eclipse”", ("long", "eclipse")),
    Example("en", "The moon has a long eclipse.", "moon -eclipse"),
    Example("en", "The moon has a long eclipse.", "sun or moon", ("moon",)),
    Example("en", "The moon has a long eclipse.", "what is an eclipse of this moon", ("moon", "eclipse")),
    Example("en", "The moon has a long eclipse.", "the eclipse", ("eclipse",)),
]
