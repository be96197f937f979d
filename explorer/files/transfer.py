"""Bring one file from an address by HTTP: with progress, resumed after a break, cancelled at once."""

import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import requests

from explorer.errors import FetchCancelledError
from explorer.jobs import Progress

Cancelled = Callable[[], bool]

PATIENCE = (10.0, 20.0)
PAUSES = (0.5, 2.0, 5.0)
PIECE = 1 << 13  # bytes; of a cut-off answer what is short of a piece is lost
POLL = 0.1  # seconds until a cancelled transfer ends


class SourceFailure(Exception):  # noqa: N818 - it is a reason, which the fetch puts into its own error
    """Why one source failed, as a clause of a sentence; another source may still do."""


class BrokenOff(SourceFailure):
    """A break that the next attempt may not meet."""


@dataclass(frozen=True)
class PartNote:
    """What is known of a file of which a part is here, kept beside that part.

    Attributes:
        url: Where the part came from.
        validator: The server's mark of this state of the file: a strong ETag, or its last change, or "".
        total: Bytes of the whole file; 0 where the server did not say.
    """

    url: str
    validator: str
    total: int


def download(
    url: str,
    part: Path,
    progress: Progress,
    cancelled: Cancelled,
    patience: tuple[float, float] = PATIENCE,
    pauses: Sequence[float] = PAUSES,
) -> None:
    """Bring the bytes of an address into the file `part`, going on where an earlier transfer stopped.

    What came is kept when this fails, with a note beside it in `part`.json. The caller checks the content.

    Args:
        url: Where the file is.
        part: Where its bytes go.
        progress: Told (bytes that have come, bytes in all or 0) after each piece.
        cancelled: Asked several times a second.
        patience: Seconds for a connection, and between any two pieces.
        pauses: Seconds before each further attempt, as long as nothing new comes.

    Raises:
        SourceFailure: the server does not have the file, or did not answer in several attempts.
        FetchCancelledError: `cancelled()` became true.
        OSError: the file cannot be written.
    """
    failures, most = 0, _size(part)
    while True:
        try:
            _attempt(url, part, progress, cancelled, patience)
            return
        except BrokenOff as reason:
            # A server that lets a piece more through each time gets there in the end.
            failures = 1 if _size(part) > most else failures + 1
            most = max(most, _size(part))
            if failures > len(pauses):
                raise SourceFailure(f"{reason}, {failures} times in a row") from reason
        _pause(pauses[failures - 1], cancelled)


def has_part(part: Path) -> bool:
    """Whether an earlier transfer left something to go on with."""
    return _size(part) > 0


def forget(part: Path) -> None:
    """Delete a part and its note."""
    part.unlink(missing_ok=True)
    _note_path(part).unlink(missing_ok=True)


def _attempt(
    url: str, part: Path, progress: Progress, cancelled: Cancelled, patience: tuple[float, float]
) -> None:
    """One request; returns once the whole file is there."""
    have, note = _size(part), _read_note(part)
    if have and (note is None or note.url != url):
        forget(part)
        have = 0
    headers = {"Accept-Encoding": "identity"}  # the bytes as they are, or a range of them would mean nothing
    if have:
        headers["Range"] = f"bytes={have}-"
        if note.validator:
            headers["If-Range"] = note.validator

    answer = _Answer(url, headers, patience)
    pieces = answer.pieces(cancelled)
    try:
        response = next(pieces)
        status = response.status_code
        if status == 416 and have and have == _range(response)[1]:
            return  # all of it had come, and only the last check had not
        if status == 416 or (status == 206 and not _goes_on(response, have, note)):
            forget(part)  # the file there is another one now
            raise BrokenOff("the file changed while it was fetched")
        if status not in (200, 206):
            raise _refusal(status)
        if status == 200:  # the whole file: a first request, a changed file, or a server that knows no ranges
            have = 0
            length = response.headers.get("Content-Length", "")
            note = PartNote(url, _validator(response), int(length) if length.isdigit() else 0)
            part.write_bytes(b"")  # before the note, which must not stand beside the part of another file
            _note_path(part).write_text(json.dumps(asdict(note)), encoding="utf-8")
        progress(have, note.total)
        with part.open("ab", buffering=0) as file:
            for piece in pieces:
                file.write(piece)
                have += len(piece)
                progress(have, note.total)
    finally:
        answer.stop()
    if note.total and have != note.total:
        raise BrokenOff("the connection was cut off")


class _Answer:
    """An answer that a thread of its own reads, so that whoever waits for it can turn away at any moment."""

    def __init__(self, url: str, headers: dict[str, str], patience: tuple[float, float]):
        self._request = url, headers, patience
        self._items: queue.Queue = queue.Queue(maxsize=32)
        self._stopped = threading.Event()
        threading.Thread(target=self._read, name="weights transfer", daemon=True).start()

    def pieces(self, cancelled: Cancelled) -> Iterator:
        """Yield the response as soon as its head is there, then its content piece by piece."""
        while True:
            if cancelled():
                raise FetchCancelledError("The fetch was cancelled.")
            try:
                item = self._items.get(timeout=POLL)
            except queue.Empty:
                continue
            if item is None:
                return
            if isinstance(item, requests.RequestException):
                raise _failure(item) from item
            if isinstance(item, Exception):
                raise BrokenOff("the connection broke off") from item
            yield item

    def stop(self) -> None:
        """Let the thread end; it does at the next piece, or when its patience does."""
        self._stopped.set()

    def _read(self) -> None:
        url, headers, patience = self._request
        try:
            with requests.get(url, headers=headers, stream=True, timeout=patience) as response:
                self._hand_over(response)
                if response.ok:
                    for piece in response.iter_content(PIECE):
                        if not self._hand_over(piece):
                            return
            self._hand_over(None)
        except Exception as error:
            self._hand_over(error)

    def _hand_over(self, item: object) -> bool:
        while not self._stopped.is_set():
            try:
                self._items.put(item, timeout=POLL)
                return True
            except queue.Full:
                continue
        return False


def _failure(error: requests.RequestException) -> SourceFailure:
    """What went wrong on the way, in words; what will not go away by itself is no BrokenOff."""
    if isinstance(error, requests.exceptions.SSLError):
        return SourceFailure("its certificate was not accepted")
    if isinstance(error, requests.exceptions.ProxyError):
        return SourceFailure("the proxy could not be reached or refused the connection")
    if isinstance(error, requests.Timeout) or "timed out" in str(error):  # the latter in the midst of a file
        return BrokenOff("there was no answer in time")
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return BrokenOff("the connection was cut off")
    if isinstance(error, requests.ConnectionError):
        return BrokenOff("there is no connection to it")
    return SourceFailure("its address cannot be used")


def _refusal(status: int) -> SourceFailure:
    if status in (404, 410):
        return SourceFailure(f"the file is not there any more ({status})")
    if status == 407:
        return SourceFailure("the proxy asks for a name and a password (407)")
    if status == 429 or status >= 500:
        return BrokenOff(f"the server is busy or out of order ({status})")
    return SourceFailure(f"the server refused it ({status})")


def _goes_on(response: requests.Response, have: int, note: PartNote | None) -> bool:
    """Whether a partial answer goes on where the part stops, in the same state of the file."""
    start, total = _range(response)
    same = not (note and note.validator) or _validator(response) in ("", note.validator)
    return note is not None and start == have and same and total in (None, note.total)


def _range(response: requests.Response) -> tuple[int | None, int | None]:
    """(first byte, bytes in all) of "bytes 5-9/10", "bytes 5-9/*" or "bytes */10"."""
    where, _, total = response.headers.get("Content-Range", "").removeprefix("bytes ").partition("/")
    start = where.partition("-")[0]
    return (int(start) if start.isdigit() else None), (int(total) if total.isdigit() else None)


def _validator(response: requests.Response) -> str:
    tag = response.headers.get("ETag", "")
    weak = not tag or tag.startswith("W/")  # a weak one does not promise the same bytes
    return response.headers.get("Last-Modified", "") if weak else tag


def _note_path(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _read_note(part: Path) -> PartNote | None:
    try:
        return PartNote(**json.loads(_note_path(part).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _size(part: Path) -> int:
    try:
        return part.stat().st_size
    except FileNotFoundError:
        return 0


def _pause(seconds: float, cancelled: Cancelled) -> None:
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if cancelled():
            raise FetchCancelledError("The fetch was cancelled.")
        time.sleep(min(POLL, left))
