"""Pictures that people bring, written anew: smaller, upright, and without what a camera says about place and person."""

from importlib import import_module
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from django.utils.translation import gettext

LONGEST_SIDE = 1_600
# A camera's picture is read at a part of its size; of formats that cannot be, as much as decodes within a second.
MOST_PIXELS, MOST_PIXELS_OF_JPEG = 16_000_000, 120_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
ENDINGS = {".jpg", ".jpeg", ".png", ".gif", ".webp"}
LARGEST = 10 * 1024 * 1024
QUALITY = 82


class NotAPicture(Exception):
    """Nothing of it can be shown; its text is a sentence."""


def is_picture(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in ENDINGS


def written_anew(stream: BinaryIO, name: str) -> tuple[BytesIO, str]:
    """The picture as JPEG, or as PNG where it has clear parts or few colours; and its name with that ending.

    Only the first of several frames. Raises NotAPicture.
    """
    # Most requests bring no picture, and most processes never see one.
    Image = import_module("PIL.Image")  # noqa: N806  it is a module
    try:
        with Image.open(stream, formats=FORMATS) as image:
            most = MOST_PIXELS_OF_JPEG if image.format == "JPEG" else MOST_PIXELS
            if image.width * image.height > most:
                raise NotAPicture(gettext("This picture has too many pixels. Make it smaller and try again."))
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            upright = import_module("PIL.ImageOps").exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            made, ending = _saved(upright)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise NotAPicture(gettext("This picture can’t be read. Save it as JPEG or PNG and try again.")) from fault
    return made, PurePosixPath(name).stem + ending


def _saved(image: Any) -> tuple[BytesIO, str]:
    made = BytesIO()
    is_clear = image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info
    if is_clear or image.mode in ("P", "1", "L"):
        plain = image.convert("RGBA" if is_clear else "L" if image.mode == "L" else "RGB")
        plain.save(made, "PNG", optimize=False)
        ending = ".png"
    else:
        image.convert("RGB").save(made, "JPEG", quality=QUALITY, progressive=True)
        ending = ".jpg"
    made.seek(0)
    return made, ending
