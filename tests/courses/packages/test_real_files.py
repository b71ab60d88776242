"""Ten packages from the wild. They are other people's, so they are not part of the project."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from courses.services.package_words import in_words
from tests.courses.packages.reading import assert_accounted, draft_of, refusal
from tests.growth import within

FOLDER = Path(__file__).parents[4] / "shared" / "packages" / "cc"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the sample packages are not beside the project")

# name: version, producer, modules, items in modules, loose items, imported, kept, left out
EXPECTED = {
    "ally_workshop_1.3.imscc": ("1.3", "Canvas", 5, 11, 8, 43, 3, 9),
    "bb_senkyoshi_1.1.imscc": ("1.1", "Canvas", 0, 0, 1, 1, 1, 1),
    "canvas_loaded_1.3.imscc": ("1.3", "Canvas", 2, 15, 59, 68, 58, 2),
    "corrupt_1.1.imscc": ("1.1", "", 3, 4, 0, 9, 2, 12),
    "ims_validation1_1.1.imscc": ("1.1", "", 3, 11, 1, 18, 5, 3),
    "inline_qti_1.3.zip": ("1.3", "", 1, 1, 1, 2, 2, 0),
    "libretexts_intro_chem_1.1.imscc": ("1.1", "", 17, 163, 0, 181, 0, 0),
    "lti_only_1.2.zip": ("1.2", "", 1, 5, 0, 2, 5, 1),
    "py4e_tsugi_1.1.imscc": ("1.1", "", 17, 189, 0, 149, 58, 0),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_report(name: str) -> None:
    path = FOLDER / name
    with within(2):
        draft = draft_of(path)
    assert_accounted(draft, path)
    outcomes = Counter(line.outcome for line in draft.lines)
    assert EXPECTED[name] == (
        draft.version,
        draft.producer,
        len(draft.modules),
        sum(len(module.items) for module in draft.modules),
        len(draft.loose),
        outcomes["imported"],
        outcomes["kept"],
        outcomes["left out"],
    )


def test_unsafe_paths_are_refused() -> None:
    assert "link or device" in refusal(FOLDER / "evil_paths.zip")


def test_no_sample_is_forgotten() -> None:
    found = {path.name for path in FOLDER.iterdir() if path.suffix in (".imscc", ".zip")}
    assert found == {*EXPECTED, "evil_paths.zip"}


def test_the_damaged_sample_says_what_is_missing() -> None:
    """Its manifest is whole; most of the files that it names are empty folders."""
    draft = draft_of(FOLDER / "corrupt_1.1.imscc")
    assert sum("is not in the package" in in_words(fault.message) for fault in draft.faults) >= 10
    assert {item.title for item in draft.items()} == {
        "Wikipedia - Sigmund Freud",
        "Talk about the issues",
        "BLTI Test",
        "BLTI Assignment Test",
    }


def test_a_workshops_pages_find_their_pictures() -> None:
    draft = draft_of(FOLDER / "ally_workshop_1.3.imscc")
    assert len(draft.files) == 17
    addresses = re.findall(r' (?:src|href)="([^"]*)', "".join(item.html for item in draft.items()))
    assert len(addresses) > 40
    assert not [address for address in addresses if "$" in address or "%24" in address]
