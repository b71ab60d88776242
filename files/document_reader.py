"""Draws a document or a picture, in a process of its own: `python -m files.document_reader FILE FOLDER KIND MOST`.

PDFium and libheif read what strangers made, so this process holds no connection and no secret, and may use little.
Leaves the pages as `1.webp`, `2.webp` … in the folder and prints as JSON how many there are in all, and the sizes of
those that were drawn. Ends with 2 for what it cannot draw.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

import pillow_heif
import pypdfium2 as pdfium
from PIL import Image, ImageOps

MEMORY_BYTES, CPU_SECONDS, FILE_BYTES = 1_536 * 1024**2, 60, 16 * 1024**2
# Of a page: A4 at 150 dots to the inch, at which small print and pencil can be read.
LONGEST_SIDE, PICTURE_SIDE = 1_754, 2_000
# A page as large as a stamp is not blown up to that.
MOST_SCALE = 3.0
# Points, at 72 to the inch: 200 by 200 inches, where PDF itself ends.
LONGEST_POINTS = 14_400
# What the largest cameras of telephones make; a JPEG is read at a part of its size.
MOST_PIXELS, MOST_PIXELS_OF_JPEG = 64_000_000, 200_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
QUALITY = 80


def main(path: str, folder: str, kind: str, most: str) -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        told = _pages(path, Path(folder), int(most)) if kind == "pages" else (1, [_picture(path, Path(folder))])
    except Exception as error:  # whatever a parser makes of what strangers send: nothing of it is shown
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        return 2
    sys.stdout.write(json.dumps(told))
    return 0


def _pages(path: str, folder: Path, most: int) -> tuple[int, list[tuple[int, int]]]:
    document = pdfium.PdfDocument(path)
    # What was typed into a form is part of the work; there is no engine for scripts in this build.
    document.init_forms()
    in_all, sizes = len(document), []
    for number in range(min(in_all, most)):
        page = document[number]
        width, height = page.get_size()
        longest = max(width, height)
        if not 0 < longest <= LONGEST_POINTS:
            raise ValueError("A page of no size.")
        scale = min(MOST_SCALE, LONGEST_SIDE / longest)
        bitmap = page.render(scale=scale, may_draw_forms=True)
        sizes.append(_kept(bitmap.to_pil(), folder / f"{number + 1}.webp"))
        bitmap.close()
        page.close()
    if not sizes:
        raise ValueError("No pages.")
    return in_all, sizes


def _picture(path: str, folder: Path) -> tuple[int, int]:
    pillow_heif.register_heif_opener(thumbnails=False)
    # The limit below is ours.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(path, formats=FORMATS) as image:
        most = MOST_PIXELS_OF_JPEG if image.format == "JPEG" else MOST_PIXELS
        if image.width * image.height > most:
            raise ValueError("Too many pixels.")
        image.draft("RGB", (PICTURE_SIDE, PICTURE_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright = upright if upright.mode in ("RGB", "RGBA") else upright.convert(_mode(upright))
        upright.thumbnail((PICTURE_SIDE, PICTURE_SIDE))
        return _kept(upright, folder / "1.webp")


def _mode(image: Any) -> str:
    is_clear = image.mode in ("LA", "PA") or "transparency" in image.info
    return "RGBA" if is_clear else "RGB"


def _kept(image: Any, into: Path) -> tuple[int, int]:
    """On white, as on paper, and without what the file said of camera, place and author."""
    if image.mode == "RGBA":
        paper = Image.new("RGB", image.size, "white")
        paper.paste(image, mask=image.getchannel("A"))
        image = paper
    plain = image.convert("RGB")
    plain.info = {}
    plain.save(into, "WEBP", quality=QUALITY, method=3)
    return plain.width, plain.height


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
