"""Three small courses in other scripts: one that runs from right to left, a Japanese one and a mathematical one."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from accounts.models import User
from courses import captions
from courses.models import Activity, Cohort, Course, DueDate, Enrolment
from courses.services import lectures, texts
from courses.services.references import CourseReferences
from progress.services import notes
from tests.factories import courses as make
from tests.factories import lectures_real
from tests.factories.people import UserFactory

HEBREW = """## איך דבורים רואות

דבורים רואות אור **אולטרה סגול** (באנגלית: *ultraviolet*), ולא רואות אדום. קוד: `rgb(0, 0, 255)`.

1. עלי כותרת
2. אבקנים

> דבורה אף פעם לא ממהרת.

| פרח | צבע | צוף ביום |
|-----|-----|----------|
| פרג | אדום | 0.1 |

השטח הוא $\\pi r^2$, ולכן:

$$A = \\frac{\\sqrt{3}}{2}\\,s^2$$
"""
JAPANESE = (
    "<h2>蜂の目</h2><p><ruby>蜜蜂<rt>みつばち</rt></ruby>は<ruby>紫外線<rt>しがいせん</rt></ruby>が見えます。</p>"
    "<section>赤は見えません。</section><section>花の色は<em>模様</em>でわかります。</section>"
    '<p><a href="#花">花へ</a></p><h3 id="花">花</h3><p>花は蜂を待っています。</p>'
)
MATHEMATICAL = r"""## Squares

A square of side $s$ has the area $s^2$; it costs $5 and not $10.

$$
\begin{align}
(a+b)^2 &= (a+b)(a+b) \\
        &= a^2 + 2ab + b^2
\end{align}
$$

The roots of \(ax^2+bx+c=0\) are

$$x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a} \qquad \text{for } a \ne 0, \text{ and in the limit }
\lim_{n\to\infty}\left(1+\frac{1}{n}\right)^n = e$$

$$\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix} \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}
\boxed{E=mc^2} \cancel{x}$$

Forgotten: $\frac{a$.
"""
CAPTIONS = """WEBVTT

00:01.000 --> 00:04.000
שלום, היום נדבר על דבורים.

00:05.000 --> 00:08.000
"Bee" היא דבורה.
"""


@dataclass
class Studied:
    course: Course
    cohort: Cohort
    student: User
    enrolment: Enrolment
    reading: Activity
    lecture: Activity | None = None


def _course(language: str, title: str, module: str, source: str, format: str, reading: str, person: str) -> Studied:
    course = make.CourseFactory(title=title, language=language, summary=f"{title}.")
    cohort = make.CohortFactory(course=course, name=f"{title} 2026")
    student = UserFactory(display_name=person)
    enrolment = make.EnrolmentFactory(user=student, cohort=cohort)
    part = make.ModuleFactory(course=course, title=module)
    first = make.reading(part, "x", title=reading, position=0)
    texts.write(first, source=source, format=format, references=CourseReferences(course))
    at = (timezone.now() + timedelta(days=2)).replace(tzinfo=None, microsecond=0)
    DueDate.objects.create(cohort=cohort, activity=first, zone="Asia/Jerusalem", suggested_wall=at)
    return Studied(course, cohort, student, enrolment, first)


def hebrew() -> Studied:
    made = _course("he", "דבורים", "ראייה", HEBREW, "markdown", "איך דבורים רואות", "נועה לוי")
    made.lecture = lectures_real.lecture(
        made.reading.module, title="הרצאה על דבורים", position=1, tracks=False, prepared=True
    )
    lectures.save_track(made.lecture, captions.read(CAPTIONS.encode()), kind="captions", language="he")
    lectures.save_track(made.lecture, captions.read(CAPTIONS.encode()), kind="chapters", language="he")
    notes.save(made.enrolment, made.lecture, key=uuid4(), at_ms=4000, text="זכור: bee היא דבורה.", version=None)
    return made


def japanese() -> Studied:
    return _course("ja", "蜜蜂", "目", JAPANESE, "html", "蜂の目", "佐藤花")


def mathematical() -> Studied:
    return _course("en", "Algebra", "Squares", MATHEMATICAL, "markdown", "Squares and roots", "Emmy")
