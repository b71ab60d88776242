import gzip
import secrets

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware, re_accepts_gzip
from django.utils.cache import patch_vary_headers

# Django's 6 takes twice the time for a long page, and saves two bytes more in a hundred.
LEVEL = 4
SHORTEST = 200


class CompressionMiddleware(GZipMiddleware):
    """Django's, at a level of our own; what is no page (streamed, short, encoded already) is left to Django."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        wanted = re_accepts_gzip.search(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if not wanted or response.streaming or len(response.content) < SHORTEST or "Content-Encoding" in response:
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        response.content = _compressed(response.content, secrets.randbelow(self.max_random_bytes))
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "gzip"
        return response


def _compressed(content: bytes, padding: int) -> bytes:
    """With a file name of so many letters, which hides how well a guess at the page compresses, as Django does it."""
    made = gzip.compress(content, LEVEL, mtime=0)
    flagged = made[:3] + bytes([gzip.FNAME]) + made[4:10]
    return flagged + b"a" * padding + b"\0" + made[10:]
