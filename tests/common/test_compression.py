"""Pages leave compressed, whole, and never twice in the same length."""

import gzip

from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from common.compression import CompressionMiddleware

PAGE = "".join(f"<li>{number}</li>" for number in range(500)).encode()


def answered(response: HttpResponse | StreamingHttpResponse, accepted: str = "gzip, br") -> HttpResponse:
    request = RequestFactory().get("/", headers={"Accept-Encoding": accepted})
    return CompressionMiddleware(lambda _: response)(request)


def test_page_is_whole_and_says_how_it_is_encoded() -> None:
    found = answered(HttpResponse(PAGE))
    assert gzip.decompress(found.content) == PAGE
    assert len(found.content) < len(PAGE) / 3
    assert found["Content-Encoding"] == "gzip"
    assert found["Vary"] == "Accept-Encoding"
    assert found["Content-Length"] == str(len(found.content))


def test_length_of_a_page_does_not_tell_how_well_it_compressed() -> None:
    assert len({len(answered(HttpResponse(PAGE)).content) for _ in range(50)}) > 10


def test_browser_that_takes_none_gets_it_as_it_is() -> None:
    found = answered(HttpResponse(PAGE), accepted="br")
    assert found.content == PAGE
    assert "Content-Encoding" not in found
    assert found["Vary"] == "Accept-Encoding"


def test_short_answer_and_one_encoded_already_are_left() -> None:
    assert answered(HttpResponse(b"short")).content == b"short"
    assert answered(HttpResponse(PAGE, headers={"Content-Encoding": "identity"})).content == PAGE


def test_stream_is_compressed_as_it_goes() -> None:
    found = answered(StreamingHttpResponse([PAGE, PAGE]))
    assert gzip.decompress(b"".join(found.streaming_content)) == PAGE * 2
