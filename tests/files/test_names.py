"""Names that people gave their files, in headers and on disk."""

from urllib.parse import unquote

import pytest
from django.conf import settings

from tests.files.responses import ask, stored

pytestmark = pytest.mark.django_db
NAMES = [
    "plain.pdf",
    "with space.pdf",
    'quote".pdf',
    "back\\slash.pdf",
    "semi;colon.pdf",
    '"><svg onload=alert(1)>.svg',
    "Übung №1 – 测试.pdf",
    "🐝.png",
    "new\nline.pdf",
    "carriage\r\nSet-Cookie: a=b.pdf",
    "tab\t.pdf",
    "nul\x00.pdf",
    "bell\x07.pdf",
    "%0d%0aSet-Cookie: a=b.pdf",
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "a" * 300 + ".pdf",
    "rtl\u202efdp.exe",
    "",
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_name_stays_inside_one_header(name: str) -> None:
    raw = b"\r\n".join(ask(stored(name)).serialize_headers().split(b"\r\n"))
    fields = [line.split(b":", 1)[0].lower() for line in raw.split(b"\r\n")]
    assert b"set-cookie" not in fields
    assert fields.count(b"content-disposition") == 1
    assert not any(byte < 32 or byte == 127 for byte in raw.replace(b"\r\n", b""))
    assert b"\n\n" not in raw


@pytest.mark.parametrize("name", ["plain.pdf", "with space.pdf", "Übung №1 – 测试.pdf", "🐝.png", "semi;colon.pdf"])
def test_browser_saves_the_file_under_its_name(name: str) -> None:
    disposition = ask(stored(name))["Content-Disposition"]
    saved = unquote(disposition.partition("''")[2]) if "''" in disposition else disposition.split('"')[1]
    assert saved == name


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_bytes_lie_under_a_name_that_nobody_typed(name: str) -> None:
    file = stored(name)
    assert file.blob.name == f"{file.pk.hex[:2]}/{file.pk.hex}"
    assert file.blob.path.startswith(f"{settings.MEDIA_ROOT}/")


def test_long_name_keeps_its_end() -> None:
    file = stored("x" * 400 + ".pdf")
    file.refresh_from_db()
    assert len(file.name) == 255
    assert file.name.endswith("x.pdf")
    assert file.content_type == "application/pdf"
