"""Documents and pictures as students bring them, and as nobody should: made here, byte by byte."""

import io
import zlib
from collections.abc import Sequence

import pillow_heif
from django.utils import timezone
from PIL import Image

from courses.models import Activity, Enrolment
from feedback.models import PageImage, Submission, WorkFile
from feedback.services import handing_in, uploads
from feedback.services.handing_in import Work
from files import services as files
from tests.factories import feedback as make


def picture(width: int = 40, height: int = 30, format: str = "JPEG", mode: str = "RGB", **values: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, (width, height), "orange" if mode == "RGB" else 0).save(made, format, **values)
    return made.getvalue()


def from_telephone(format: str = "JPEG") -> bytes:
    """Held upright: the pixels lie, a sign says so, and where and by whom it was taken stands beside it."""
    pillow_heif.register_heif_opener()
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "CANARY"
    exif.get_ifd(0x8825)[1] = "N"
    # As bytes, a HEIC gets the sign that turns it; telephones write both.
    return picture(40, 30, format, exif=exif.tobytes())


def moving() -> bytes:
    made = io.BytesIO()
    frames = [Image.new("P", (20, 10), shade) for shade in range(5)]
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:])
    return made.getvalue()


def pdf(*pages: str, box: Sequence[float] = (0, 0, 595, 842), more: Sequence[str] = (), trailer: str = "") -> bytes:
    """With one page for each of `pages`, what is drawn on it; `more` are further objects."""
    pages = pages or ("0 0 0 rg 100 100 200 300 re f",)
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    for n, drawn in enumerate(pages):
        media = " ".join(str(one) for one in box)
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [{media}] /Contents {4 + 2 * n} 0 R >>")
        objects.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return of_objects([*objects, *more], trailer)


def of_objects(objects: Sequence[str], trailer: str = "") -> bytes:
    """A PDF whose first object is its catalogue."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += "".join(f"{place:010d} 00000 n \n" for place in places).encode()
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def turned() -> bytes:
    """As a scanner writes a page that lay across."""
    page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Rotate 90 >>"
    return of_objects(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page])


def filled_in() -> bytes:
    """A form with a black field, and a black line that somebody drew on the page with a pen."""
    drawn = "0 g 0 0 100 100 re f"
    black = f"<< /Type /XObject /Subtype /Form /BBox [0 0 100 100] /Length {len(drawn)} >>\nstream\n{drawn}\nendstream"
    place = "/F 4 /AP << /N 6 0 R >>"
    return of_objects(
        [
            "<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] >> >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 600] /Annots [4 0 R 5 0 R] >>",
            f"<< /Type /Annot /Subtype /Widget /FT /Tx /T (a) /V (b) /Rect [0 0 100 100] /P 3 0 R {place} >>",
            f"<< /Type /Annot /Subtype /Ink /Rect [500 500 600 600] /InkList [[500 500 600 600]] {place} >>",
            black,
        ]
    )


def looping() -> bytes:
    """Its page tree is its own child."""
    return of_objects(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"])


def locked() -> bytes:
    """With a password that nobody here knows."""
    name = "41" * 32
    rights = f"<< /Filter /Standard /V 1 /R 2 /O <{name}> /U <{name}> /P -44 >>"
    return pdf(more=[rights], trailer="/Encrypt 5 0 R /ID [<00> <00>]")


def of_pixels(width: int, height: int) -> bytes:
    """A page with one picture of so many pixels, which takes a few kilobytes: it is of one colour."""
    data = zlib.compress(zlib.compress(bytes(width * height))).decode("latin-1")
    image = (
        f"<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray "
        f"/BitsPerComponent 8 /Filter [/FlateDecode /FlateDecode] /Length {len(data)} >>\nstream\n{data}\nendstream"
    )
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 600] /Contents 4 0 R "
        "/Resources << /XObject << /I 5 0 R >> >> >>"
    )
    drawn = "600 0 0 600 0 0 cm /I Do"
    return of_objects(
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
            image,
        ]
    )


def bring(enrolment: Enrolment, step: Activity, name: str = "bees.txt", data: bytes = b"Nine flowers.\n") -> WorkFile:
    return uploads.bring(enrolment, step, io.BytesIO(data), name, len(data), by=enrolment.user)


def draw(found: WorkFile) -> PageImage:
    """As a worker does, without waiting for one."""
    stored = files.store(io.BytesIO(picture(format="WEBP")), "1.webp", by=None, claimed=True, content_type="image/webp")
    WorkFile.objects.filter(pk=found.pk).update(state=WorkFile.State.READY)
    return PageImage.objects.create(work_file=found, number=1, file=stored, width=40, height=30)


def hand_in(enrolment: Enrolment, step: Activity, *found: WorkFile, source: str = "") -> Submission:
    work = Work(source, [one.pk for one in found])
    return handing_in.hand_in(enrolment, step, work, make.sending(), now=timezone.now()).submission


def handed_in(enrolment: Enrolment, step: Activity) -> WorkFile:
    """A picture that was drawn."""
    found = bring(enrolment, step, "bee.png", picture(format="PNG"))
    draw(found)
    hand_in(enrolment, step, found)
    found.refresh_from_db()
    return found
