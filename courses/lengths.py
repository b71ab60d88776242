"""How long something takes, where its author wrote it down: "(31:59)", "12 min", "[1 h 5 min]", "Duration: PT45M".

Only what is clearly a length is one: in brackets, behind a dash or a word such as "Duration", or with its unit at the
end of a title. "3:16" in the middle of words, "10 minutes that shook the world" and "9:00-10:30" say nothing. Pure:
knows no model and no request.
"""

import re
from collections.abc import Iterable

LONGEST_MINUTES = 1440
# Further down, a text speaks of other things.
MOST_BLOCKS = 40
MOST_LETTERS = 300
# Groups of words, where all others are of numbers.
SPOKEN = ("HALF", "ONE", "MORE")

_HOURS = (
    r"hours?|hrs?|h|Stunden?|Std|heures?|horas?|or[ae]|uren|uur|timm(?:e|ar)|tim(?:er)?|tunti[a]?|godz(?:in[ay]?)?|hodin[ay]?|"
    r"час(?:а|ов)?|ч|годин[аи]?|год|小时|小時|時間|시간|ساعة|ساعات|שעות|שעה|ώρ(?:α|ες)|saat|giờ"
)
_MINUTES = (
    r"minutes?|mins?|Minuten?|minut(?:os?|i|er|y|ų|ter)?|minuten|minuut|minuutti[a]?|minutt(?:er)?|мин(?:ут[аы]?)?|"
    r"хв(?:илин[аи]?)?|分钟|分鐘|分間|分|분|دقيقة|دقائق|דקות|λεπτά|dakika|phút"
)
_SECONDS = r"seconds?|secs?|Sekunden?|sek|secondes?|segundos?|secondi|сек(?:унд[аы]?)?|с|秒|초|s"
_NUMBER = r"\d{1,4}(?:[.,]\d{1,2})?"
# "10-15": the longer one.
_FROM = r"(?:\d{1,3}\s?[-–—]\s?)?"
# "1 h 5 min", "1h30", "45 minutes", "12-minute", "3 min 20 s"
_UNITS = (
    rf"(?:{_FROM}(?P<H>{_NUMBER})[\s-]?(?:{_HOURS})(?:\.|(?![^\W\d]))\s?(?:(?:,|and|und|et|y|e|och|og|и)?\s?"
    rf"(?P<HM>\d{{1,2}})(?:\s?(?:{_MINUTES}|m)(?!\w)\.?|(?!\s?\w)))?"
    rf"|{_FROM}(?P<M>{_NUMBER})[\s-]?(?:{_MINUTES})(?![^\W\d])\.?(?:\s?(?P<MS>\d{{1,2}})\s?(?:{_SECONDS})(?!\w)\.?)?)"
)
# "6m 12s", "1h 20m": beside each other, since "m" alone may be metres.
_SHORT = (
    r"(?:(?P<SH>\d{1,2})\s?h\s?(?P<SHM>[0-5]?\d)\s?m(?:ins?)?"
    r"|(?P<SM>[0-5]?\d)\s?m\s?(?P<SS>[0-5]?\d)\s?s(?:ecs?)?)(?!\w)"
)
_SPOKEN = r"(?P<HALF>half an hour)|(?P<ONE>(?:an|one) hour)(?P<MORE> and a half)?"
# 31:59, 1:02:03, 12'30", PT1H5M
_CLOCK = (
    r"(?:(?P<CH>\d{1,2}):(?P<CHM>[0-5]\d):(?P<CHS>[0-5]\d)|(?P<CM>\d{1,3}):(?P<CS>[0-5]\d)"
    r"|(?P<PM>\d{1,3})\s?[′'’](?:\s?(?P<PS>[0-5]?\d)\s?(?:[″\"”]|''|’’))?"
    r"|PT(?:(?P<IH>\d{1,2})H)?(?:(?P<IM>\d{1,4})M)?(?:(?P<IS>\d{1,5})S)?(?<!PT))"
)
# Words that may stand beside a length in its brackets.
_BESIDE = (
    r"video|audio|clip|film|vid[ée]o|v[íi]deo|podcast|lecture|lesson|reading|read|watch|listen|viewing|recording|"
    r"Lesezeit|de lecture|de lectura|di lettura|"
    r"about|approx|approximately|around|roughly|est|estimated|total|ca|circa|c|env|environ|etwa|ungefähr|rund|"
    r"aprox|aproximadamente|unos|около|примерно|видео|лекция|約|约|動画|视频"
)
_LABEL = (
    r"duration|length|running time|runtime|time|estimated time|time needed|time required|reading time|study time|"
    r"expected time|total time|Dauer|Länge|Lesezeit|Bearbeitungszeit|Zeitbedarf|dur[ée]e|temps(?: estimé)?|duraci[óo]n|"
    r"tiempo(?: estimado)?|dura[çc][ãa]o|tempo(?: estimado)?|durata|kesto|varaktighet|längd|varighed|varighet|duur|"
    r"czas trwania|délka|длительность|продолжительность|время|тривалість|時間|所要時間|时长|时间|소요 시간|المدة|משך"
)
_AROUND = rf"(?:(?:{_BESIDE})\.?(?!\w)|[~≈:,;•·|–—-])"
_LENGTH = rf"(?:{_UNITS}|{_CLOCK}|{_SHORT}|{_SPOKEN}|(?P<FS>\d{{1,3}})\s?(?:seconds?|secs?)(?!\w))"
_INSIDE = re.compile(rf"(?:{_AROUND}\s*){{0,3}}{_LENGTH}(?:\s*{_AROUND}){{0,3}}", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[（【{]([^()\[\]（）【】{}]{1,60})[)\]）】}]")
# Behind a dash, a bar or a comma, at the end of a title; a length with its unit also behind a blank.
_AT_END = re.compile(rf"(?:^|\s[-–—|·•/]|[,;:|·•–—：])\s*(?:{_AROUND}\s*){{0,2}}{_LENGTH}\s*$", re.IGNORECASE)
_SHORT_UNIT = re.compile(
    r"(?<!\bin)(?<!\bof)(?<!\ben)(?<!\bda)(?<!\bpo)(?<!\bза)\s(?P<M>\d{1,3})\s?(?:mins?|Min|мин|хв|分|분)\.?\s*$"
)
_SHORT_AT_END = re.compile(rf"\s{_SHORT}\s*$", re.IGNORECASE)
_AT_START = re.compile(rf"^\s*{_LENGTH}\s*(?:[-–—|·•:：]\s|(?:{_BESIDE})(?!\w))", re.IGNORECASE)
_LABELLED = re.compile(rf"^\W{{0,4}}(?:{_LABEL})\s?(?:[:：=–—-]|\()\s*(?:{_AROUND}\s*){{0,2}}{_LENGTH}", re.IGNORECASE)


def in_title(title: str) -> int | None:
    """Whole minutes, at least one; None where a title says nothing of its length, or more than a day."""
    title = title[:MOST_LETTERS]
    for brackets in reversed(list(_BRACKETS.finditer(title))):
        if (found := _INSIDE.fullmatch(brackets[1].strip())) and (minutes := _minutes(found)):
            return minutes
    for pattern in (_LABELLED, _AT_END, _SHORT_UNIT, _SHORT_AT_END, _AT_START):
        if (found := pattern.search(title)) and (minutes := _minutes(found)):
            return minutes
    return None


def in_text(blocks: Iterable[str]) -> int | None:
    """What the first paragraphs of a text say behind a word such as "Duration:"; None where they do not."""
    for number, block in enumerate(blocks):
        if number == MOST_BLOCKS:
            break
        if (found := _LABELLED.search(block[:MOST_LETTERS])) and (minutes := _minutes(found)):
            return minutes
    return None


def _minutes(found: re.Match[str]) -> int | None:
    told = {name: value for name, value in found.groupdict().items() if value}
    said = {name: float(value.replace(",", ".")) for name, value in told.items() if name not in SPOKEN}
    hours = sum(said.get(name, 0) for name in ("H", "CH", "IH", "SH")) + ("ONE" in told)
    minutes = sum(said.get(name, 0) for name in ("HM", "M", "CHM", "CM", "PM", "IM", "SHM", "SM"))
    minutes += 30 * (("HALF" in told) + ("MORE" in told))
    seconds = sum(said.get(name, 0) for name in ("MS", "CHS", "CS", "PS", "IS", "SS", "FS"))
    return _rounded(hours, minutes, seconds)


def _rounded(hours: float, minutes: float, seconds: float) -> int | None:
    total = hours * 3600 + minutes * 60 + seconds
    return max(1, round(total / 60)) if 0 < total <= LONGEST_MINUTES * 60 else None
