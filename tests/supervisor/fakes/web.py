"""Answers 200 on the first address it is given."""

import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/healthz" else 404)
        self.send_header("Content-Length", "0")
        self.end_headers()


host, port = sys.argv[1].removeprefix("--bind=").rsplit(":", 1)
ThreadingHTTPServer((host, int(port)), Handler).serve_forever()
