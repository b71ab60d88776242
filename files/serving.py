"""Answering a request for a file that the caller has already found readable by this person."""

import logging
from urllib.parse import quote

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, http_date, parse_etags

from files import media, ranges
from files.models import File

logger = logging.getLogger(__name__)
# Shown in the page's own origin: formats that run nothing. Everything else is bytes to be kept (docs/adr/0007).
SHOWN = {
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "application/pdf", "text/plain",
    "audio/x-wav", "video/ogg",
    *(kind for kind, _ in media.TYPES.values()), *(kind for kind, _ in media.SOUND_TYPES.values()),
}  # fmt: skip
# The encodings that texts from before UTF-8 are in; of others, such as UTF-7, a browser would make what is not there.
CHARSETS = {
    "utf-8", "utf-16le", "utf-16be", "koi8-r", "koi8-u", "ibm866", "macintosh", "shift_jis", "euc-jp", "gb18030",
    "big5", "euc-kr",
    *(f"windows-{number}" for number in (874, *range(1250, 1259))), *(f"iso-8859-{number}" for number in (2, 5, 6, 7)),
}  # fmt: skip
SVG = "image/svg+xml"
BYTES = "application/octet-stream"
# What a browser asks for to run it, or to let it change a page (fetch.spec.whatwg.org, "destination").
RUN = {
    "audioworklet", "json", "manifest", "paintworklet", "script", "serviceworker", "sharedworker", "speculationrules",
    "style", "worker", "xslt",
}  # fmt: skip
# A sandbox without permissions: a mistyped file may not run a script even when opened by itself.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
# Chromium refuses its PDF reader inside a sandbox; a PDF runs nothing in our origin.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def refuse_to_run(request: HttpRequest) -> None:
    """Raises PermissionDenied where a page asks for what somebody uploaded as a script, a style or a worker."""
    if request.headers.get("Sec-Fetch-Dest", "").strip().lower() in RUN or "Service-Worker" in request.headers:
        raise PermissionDenied


def guarded(response: HttpResponse, policy: str = SANDBOX) -> HttpResponse:
    """With the headers of everything that people uploaded, whatever its type."""
    response["Content-Security-Policy"] = policy
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["X-Content-Type-Options"] = "nosniff"
    # The bytes behind an address never change; the browser asks again so that a lost enrolment counts at once.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie", "Sec-Fetch-Dest"])
    return response


def respond(request: HttpRequest, file: File) -> HttpResponse:
    """The file, or the part that `Range` asks for. Streams from disk; behind a proxy or a bucket, hands over to it.

    Raises Http404 where the bytes are no longer on the disk, and PermissionDenied where they would be run.
    """
    refuse_to_run(request)
    kind = _kind(request, file)
    disposition = content_disposition_header(kind == BYTES, file.name) or "attachment"
    response = _handed_over(file, kind, disposition) or _streamed(request, file)
    if isinstance(response, HttpResponseRedirect):
        return response
    response["Content-Type"] = kind
    response["Content-Disposition"] = disposition
    return guarded(response, PDF_POLICY if kind == "application/pdf" else SANDBOX)


def _kind(request: HttpRequest, file: File) -> str:
    """The type that a browser is told. An SVG is a picture inside a page, and a document nowhere."""
    if file.content_type == SVG:
        return SVG if _is_for_a_picture(request) else BYTES
    plain, named, charset = file.content_type.partition("; charset=")
    if plain not in SHOWN or (named and (plain != "text/plain" or charset not in CHARSETS)):
        return BYTES
    return f"{plain}; charset={charset or 'utf-8'}" if plain == "text/plain" else plain


def _is_for_a_picture(request: HttpRequest) -> bool:
    """Browsers name no destination over plain HTTP, but ask for pictures with a list that begins with their types."""
    named = request.headers.get("Sec-Fetch-Dest")
    return named == "image" if named is not None else request.headers.get("Accept", "").startswith("image/")


def _handed_over(file: File, kind: str, disposition: str) -> HttpResponse | None:
    if settings.S3_BUCKET:
        wanted = {"ResponseContentDisposition": disposition, "ResponseContentType": kind}
        return HttpResponseRedirect(file.blob.storage.url(file.blob.name, parameters=wanted))
    if settings.ACCEL_PREFIX:
        return HttpResponse(headers={"X-Accel-Redirect": settings.ACCEL_PREFIX + quote(file.blob.name)})
    return None


def _streamed(request: HttpRequest, file: File) -> HttpResponse:
    etag = f'"{file.sha256[:32]}"'
    always = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(file.created_at.timestamp()),
        # Tells CompressionMiddleware and proxies to leave it: a compressed part is no part of the file.
        "Content-Encoding": "identity",
    }
    if _browser_has(request, etag):
        return HttpResponse(status=304, headers=always)
    try:
        wanted = ranges.parse(request.headers["Range"], file.size) if _range_counts(request, etag) else None
    except ranges.Unsatisfiable:
        return HttpResponse(status=416, headers={**always, "Content-Range": f"bytes */{file.size}"})
    first, last = wanted or (0, file.size - 1)
    length = last - first + 1
    headers = {**always, "Content-Length": str(length)}
    if wanted:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    status = 206 if wanted else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    if not file.blob.storage.exists(file.blob.name):
        # Once the answer has begun, all that is left is to break it off.
        logger.error("The bytes of the file %s are gone.", file.pk)
        raise Http404
    pieces = ranges.read(lambda: file.blob.open("rb"), first, length)
    return StreamingHttpResponse(pieces, status=status, headers=headers)


def _browser_has(request: HttpRequest, etag: str) -> bool:
    """Compared weakly, as RFC 9110 §13.1.2 says: a proxy may have made `"a"` into `W/"a"`."""
    known = {tag.removeprefix("W/") for tag in parse_etags(request.headers.get("If-None-Match", ""))}
    return bool(known & {etag, "*"})


def _range_counts(request: HttpRequest, etag: str) -> bool:
    """A range is for the file the browser has a part of: with another one in `If-Range`, the whole is sent."""
    return "Range" in request.headers and request.headers.get("If-Range", etag) == etag
