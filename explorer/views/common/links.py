"""Addresses of a session, as phones reach them, and a QR code of one."""

import base64
import io
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import segno

from explorer.sharing import is_shared, network_address

HERE = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Place:
    """Where this server's pages are.

    Attributes:
        base: Their common beginning, without a "/" at the end.
        is_reachable: Whether others than this machine reach it there.
    """

    base: str
    is_reachable: bool

    def vote(self, code: str) -> str:
        """The participants' link."""
        return f"{self.base}/vote?code={quote(code)}"

    def results(self, teacher: str) -> str:
        """The teacher's own link."""
        return f"{self.base}/results?teacher={quote(teacher)}"


def place_of(url: str | None, listens_on: str | None) -> Place:
    """Where phones find the pages.

    Args:
        url: Of the page that is open, as the browser sees it.
        listens_on: The server's address, as `is_shared` takes it.
    """
    parts = urlsplit(url or "http://localhost/")
    path = parts.path.rpartition("/")[0]
    host = parts.hostname or "localhost"
    is_here = host in HERE or host.startswith("127.")
    found = network_address() if is_here and is_shared(listens_on) else None
    netloc = parts.netloc
    if found is not None:
        netloc = f"{found}:{parts.port}" if parts.port else found
    return Place(urlunsplit((parts.scheme, netloc, path, "", "")), not is_here or found is not None)


def without_scheme(link: str) -> str:
    """A link as people read and type it."""
    return link.partition("://")[2]


def qr(link: str) -> str:
    """A QR code as the address of an SVG: black on white with its quiet zone, in whatever theme."""
    stream = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        stream, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(stream.getvalue()).decode()}"
