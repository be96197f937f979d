"""A small file server on 127.0.0.1 that misbehaves on request, as a hub or the way to it may."""

import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Served:
    """One file, and how it is served.

    Attributes:
        content: Its bytes now; a test may change them between two requests.
        tag: Its ETag; "" sends none.
        cut_after: Bytes of an answer after which the connection ends, as long as there are cuts left.
        cuts: How many answers are cut off.
        ranges: Whether a range that is asked for is heeded.
        conditions: Whether If-Range is heeded.
        pause: Seconds before each kilobyte.
        silent_after: Bytes of an answer after which nothing more comes, though the connection stays.
        failures: Status codes with which the next requests are answered.
        kind: Its media type.
    """

    content: bytes
    tag: str = '"first"'
    cut_after: int = 0
    cuts: int = 0
    ranges: bool = True
    conditions: bool = True
    pause: float = 0
    silent_after: int | None = None
    failures: list[int] = field(default_factory=list)
    kind: str = "application/octet-stream"


class FileServer(ThreadingHTTPServer):
    """Serves `files` by path, and keeps the headers of all requests in `requests`."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.files: dict[str, Served] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        self.closing = threading.Event()

    def url(self, path: str) -> str:
        """The address of a path such as "/file.pth"."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A client that hangs up is part of the game."""


class _Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self):
        self.server.requests.append((self.path, dict(self.headers)))
        file = self.server.files.get(self.path)
        if file is None:
            return self.send_error(404)
        if file.failures:
            return self.send_error(file.failures.pop(0))
        start = self._start(file)
        if start is not None and start >= len(file.content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(file.content)}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return None
        self.send_response(200 if start is None else 206)
        self.send_header("Content-Length", str(len(file.content) - (start or 0)))
        if start is not None:
            self.send_header("Content-Range", f"bytes {start}-{len(file.content) - 1}/{len(file.content)}")
        self.send_header("Content-Type", file.kind)
        if file.tag:
            self.send_header("ETag", file.tag)
        self.end_headers()
        self._send(file, file.content[start or 0 :])
        return None

    def _start(self, file):
        """The first byte that the request asks for; None for the whole file."""
        asked = self.headers.get("Range")
        condition = self.headers.get("If-Range")
        if not asked or not file.ranges or (file.conditions and condition and condition != file.tag):
            return None
        return int(asked.removeprefix("bytes=").removesuffix("-"))

    def _send(self, file, content):
        if file.cuts > 0:
            file.cuts -= 1
            content = content[: file.cut_after]
        if file.silent_after is not None:
            content = content[: file.silent_after]
        for place in range(0, len(content), 1024):
            if file.pause:
                time.sleep(file.pause)
            self.wfile.write(content[place : place + 1024])
        if file.silent_after is not None:
            self.server.closing.wait(30)

    def log_message(self, *message):
        """Say nothing."""
