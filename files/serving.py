"""Answering a request for a file that the caller has already found readable by this person."""

import logging
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import content_disposition_header, http_date, parse_etags

from files import ranges
from files.models import File

logger = logging.getLogger(__name__)
# Shown in the page's own origin: formats that run nothing. Everything else is downloaded (docs/adr/0007).
SHOWN_INLINE = {
    "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/svg+xml",
    "application/pdf", "text/plain", "text/vtt", "text/csv",
    "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "audio/x-wav", "audio/webm",
    "video/mp4", "video/webm", "video/ogg",
}  # fmt: skip
# A sandbox without permissions: an SVG or a mistyped file may not run a script even when opened by itself.
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"
# Chromium refuses its PDF reader inside a sandbox; a PDF runs nothing in our origin.
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"


def respond(request: HttpRequest, file: File) -> HttpResponse:
    """The file, or the part that `Range` asks for. Streams from disk; behind a proxy or a bucket, hands over to it.

    Raises Http404 where the bytes are no longer on the disk.
    """
    response = _handed_over(file) or _streamed(request, file)
    if isinstance(response, HttpResponseRedirect):
        return response
    inline = file.content_type in SHOWN_INLINE
    response["Content-Type"] = f"{file.content_type}; charset=utf-8" if _is_text(file) else file.content_type
    response["Content-Disposition"] = content_disposition_header(not inline, file.name) or "attachment"
    response["Content-Security-Policy"] = PDF_POLICY if file.content_type == "application/pdf" else SANDBOX
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # The bytes behind an address never change; the browser asks again so that a lost enrolment counts at once.
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response


def _is_text(file: File) -> bool:
    return file.content_type.startswith("text/")


def _handed_over(file: File) -> HttpResponse | None:
    if settings.S3_BUCKET:
        inline = file.content_type in SHOWN_INLINE and file.content_type != "image/svg+xml"
        disposition = content_disposition_header(not inline, file.name)
        wanted = {"ResponseContentDisposition": disposition, "ResponseContentType": file.content_type}
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
        # Tells GZipMiddleware and proxies to leave it: a compressed part is no part of the file.
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
