"""How much a request may carry, decided before any of it is read (docs/adr/0016).

Every page takes `ORDINARY_BODY_BYTES` in all and no file; a view that takes files says so with `takes_files`.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.core.files.uploadhandler import (
    FileUploadHandler,
    MemoryFileUploadHandler,
    SkipFile,
    TemporaryFileUploadHandler,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.urls import resolve
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

View = TypeVar("View", bound=Callable[..., HttpResponse])


@dataclass(frozen=True)
class Taken:
    """What a view takes: files of `limit` bytes from whom `may` lets, which gets the user and the view's arguments.

    It raises Http404 or PermissionDenied for everybody else, as the view itself would, and returns False where the
    arguments name a page without a file.
    """

    limit: int
    may: Callable[..., object]

    @property
    def body(self) -> int:
        """Bytes in all: beside the file there is a form."""
        return self.limit + settings.ORDINARY_BODY_BYTES


def takes_files(limit: int, may: Callable[..., object]) -> Callable[[View], View]:
    """Mark a view, outermost; `limit` is in bytes. Its address needs a place in deploy/nginx.conf too."""

    def mark(view: View) -> View:
        view.takes_files = Taken(limit, may)
        return view

    return mark


class BodyLimitMiddleware:
    """After whatever decides who asks, and before the first that reads a body: CSRF looks for its token in the form."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _length(request) > settings.ORDINARY_BODY_BYTES:
            # Django looks for the token on its pages of 403 and 404 as well, also where no view was found.
            request.held_body, request._stream = request._stream, BytesIO()
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        taken: Taken | None = getattr(view, "takes_files", None)
        if "Transfer-Encoding" in request.headers:
            words = gettext("Your browser did not say how large this is, so it was not accepted. Try another browser.")
            return _refused(request, 411, words)
        length = _length(request)
        if length > settings.ORDINARY_BODY_BYTES:
            large = taken is not None and taken.may(request.user, *args, **kwargs) is not False
            most = taken.body if large else settings.ORDINARY_BODY_BYTES
            if length > most:
                words = gettext("What you sent is larger than %(limit)s, the limit for this page. Nothing was saved.")
                return _refused(request, 413, words % {"limit": filesizeformat(most)})
            if not _has_room(length):
                words = gettext(
                    "The server does not have enough space for this at the moment. Nothing was saved. Tell an admin."
                )
                return _refused(request, 507, words)
            request._stream = request.held_body
        if taken:
            request.upload_handlers = [
                Quota(taken.body, request),
                MemoryFileUploadHandler(request),
                TemporaryFileUploadHandler(request),
            ]
        return None


def _length(request: HttpRequest, header: str = "Content-Length") -> int:
    """0 where there is none, and more than any page takes for what is no plain number."""
    length = request.headers.get(header) or "0"
    return int((length.lstrip("0") or "0")[:18]) if length.isascii() and length.isdecimal() else sys.maxsize


def _has_room(length: int) -> bool:
    """Whether a body fits where it is read to and where it is kept, with a reserve left for everything else."""
    folders = [settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir()]
    if not settings.S3_BUCKET and os.path.isdir(settings.MEDIA_ROOT):
        folders.append(settings.MEDIA_ROOT)
    return all(shutil.disk_usage(folder).free - length >= settings.DISK_RESERVE_BYTES for folder in folders)


def _refused(request: HttpRequest, status: int, words: str) -> HttpResponse:
    """The body stays unread: the server then closes the connection, whatever is still on its way."""
    if request.htmx or request.headers.get("Sec-Fetch-Dest") == "empty":
        return JsonResponse({"error": words}, status=status)
    return render(request, "413.html", {"words": words, "back": request.get_full_path()}, status=status)


class NoFiles(FileUploadHandler):
    """What every view has that is not marked: a file among the fields is passed over, and written nowhere."""

    def new_file(self, *args: object, **kwargs: object) -> None:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


class Quota(FileUploadHandler):
    """Holds a body to what its length promised to stay below, should a server ever hand over more."""

    def __init__(self, most: int, request: HttpRequest) -> None:
        super().__init__(request)
        self.left = most

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.left -= len(raw_data)
        if self.left < 0:
            raise RequestDataTooBig
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


@login_not_required
@require_safe
def may_upload(request: HttpRequest) -> HttpResponse:
    """Asked by the proxy before it takes in the body of another request: 204 when it should, else 403.

    `X-Body-For` is the address of that request, `X-Body-Length` its length, empty where none was given.
    """
    if 0 < _length(request, "X-Body-Length") <= settings.ORDINARY_BODY_BYTES:
        return HttpResponse(status=204)
    try:
        match = resolve(request.headers.get("X-Body-For", "").partition("?")[0])
        allowed = request.user.is_authenticated and match.func.takes_files.may(request.user, **match.kwargs)
    except (Http404, PermissionDenied, AttributeError):
        allowed = False
    return HttpResponse(status=403 if allowed is False else 204)
