"""How long something takes, where its title or text says it."""

import pytest

from courses.lengths import in_text, in_title

TITLES = {
    "Intro (31:59)": 32, "Talk (1:02:03)": 62, "Talk 12 min": 12, "Talk – 12 min": 12, "Cells (1 h 5 min)": 65,
    "Cells [10 minutes]": 10, "Cells, 45 minutes": 45, "Cells (Video, 12 min)": 12, "Cells (12 min video)": 12,
    "Cells (approx. 20 minutes)": 20, "Cells (~10 min)": 10, "Zellen (ca. 45 Min.)": 45, "Cells (10–15 min)": 15,
    "Cells (1h30)": 90, "Cells (90min)": 90, "Cells (1.5 hours)": 90, "Zellen (1,5 Std.)": 90, "Cells – 4:05": 4,
    "Cellules (2 heures)": 120, "Cellules (1 heure 15)": 75, "Лекция 3 (25 мин)": 25, "講義（12分30秒）": 12,
    "講義【1時間5分】": 65, "Células (20 minutos)": 20, "Week 1: Film | 12:40": 13, "12 min: Film": 12,
    "5 min read": 5, "Cells (12'30\")": 12, "Cells (PT45M)": 45, "Cells [0:45]": 1, "Cells (Part 2) (14:20)": 14,
    "강의 (15분)": 15, "Duration: 30 minutes": 30, "Cells (1 hour and 20 minutes)": 80, "12-minute video": 12,
    "Cells (3 min 20 s)": 3, "Solut (20 minuuttia)": 20, "Cellen (2 uur)": 120, "(5:00) Intro": 5,
    "Cells 1h 20m": 80, "Cells 1h20m": 80, "Cells (6m 12s)": 6, "Cells 6m12s": 6, "Watch: Cells (1h 5m)": 65,
    "Cells (about an hour)": 60, "Cells – half an hour": 30, "Cells (one hour and a half)": 90, "Cells (45 seconds)": 1,
    "Zellen (5 Min. Lesezeit)": 5, "Cellules (5 min de lecture)": 5,
}  # fmt: skip
SILENT = [
    "John 3:16", "10 minutes that shook the world", "Meeting 9:00-10:30", "How to learn anything in 20 minutes",
    "Picture (16:9)", "Exercise (2 x 15 min)", "Quiz (last 5 minutes)", "Due in 20 min", "The 5 minute rule",
    "Ratio 1:1", "Unit 12", "Opens (10:30 am)", "Room (12)", "Class of 2019", "Meet at 12:30 Uhr", "(0:00)",
    "10 m sprint", "(99:99:99)", "Minutes of the meeting (12)", "Film (2000 min)", "", "24h Le Mans story",
    "Abs in 5 min", "Figure (5 m)", "Lesson 3 - 2024", "Cells, 10", "(((((((", "Chapter 4 - Section 12",
    "Music (80s)", "Run 100m 10s", "The golden hour", "Half an hour of sun", "Video (15 m)", "Sprint (60 m)",
]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_title_says_how_long_it_takes(title: str) -> None:
    assert in_title(title) == TITLES[title]


@pytest.mark.parametrize("title", SILENT)
def test_title_that_only_looks_as_if_it_did(title: str) -> None:
    assert in_title(title) is None


@pytest.mark.parametrize(
    ("blocks", "minutes"),
    [
        (["Read this first.", "Estimated time: 1 hour"], 60),
        (["Dauer: 45 Minuten"], 45),
        (["Length (12:30)"], 12),
        (["Durée : 20 min"], 20),
        (["所要時間：15分"], 15),
        (["Time: the final frontier, 10 minutes"], None),
        (["In 20 minutes you will know."], None),
        (["x"] * 40 + ["Duration: 9 min"], None),
        ([], None),
    ],
)
def test_text_says_it_behind_a_word_for_it(blocks: list[str], minutes: int | None) -> None:
    assert in_text(blocks) == minutes
