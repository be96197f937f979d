"""The explorer's server, and a browser tab as that server sees it: for load and for numbers, not for looks.

A tab speaks Streamlit's own protocol over a websocket. It keeps what a browser keeps between two requests:
the address, the page, the widgets' values, and the large messages that need not be sent again.
"""

import html
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
TILE = re.compile(r'<div class="tile"><span>(.*?)</span><strong>(.*?)</strong>')


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, and its process's number."""

    url: str
    pid: int


@contextmanager
def serving(*options: str) -> Iterator[Server]:
    """Serve the explorer as `make run` does, on a free port of this machine, with a home of its own.

    Args:
        options: Of `streamlit run`, such as "--runner.postScriptGC=true".
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", *options]
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"HOME": home, "EXPLORER_CACHE": home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait()


def _wait_for(address: str) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@dataclass(frozen=True)
class Answer:
    """What one run of the page brought.

    Attributes:
        numbers: The tiles: what it is -> the number as it is shown.
        seconds: From the request to the end of the script.
        seconds_to_numbers: From the request to the tiles.
        faults: Tracebacks and alerts on the page.
    """

    numbers: dict[str, str]
    seconds: float
    seconds_to_numbers: float
    faults: tuple[str, ...]


class Tab:
    """One browser tab on the explorer; an asynchronous context, whose end closes the tab."""

    def __init__(self, url: str, query: str):
        """Args: the server's address, and the link's part behind the question mark."""
        self._url = url
        self._query = query
        self._page = ""
        self._sliders: dict[str, str] = {}  # label -> id
        self._widgets: dict[str, WidgetState] = {}  # by id
        self._kept: dict[str, ForwardMsg] = {}  # large messages of the last run, by hash

    async def __aenter__(self) -> Self:
        # Without a limit on sizes, as in a browser; and never by way of a proxy.
        self._connection = await websockets.connect(
            f"{self._url.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            proxy=None,
        )
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._connection.close()

    async def slide(self, label: str, value: float) -> Answer:
        """Move the slider whose label begins so, and wait for the page.

        Raises:
            LookupError: no such slider is on the page.
        """
        known = [key for text, key in self._sliders.items() if text.startswith(label)]
        if not known:
            raise LookupError(f"There is no slider {label!r} on the page.")
        state = WidgetState(id=known[0])
        state.double_array_value.data.append(value)
        self._widgets[state.id] = state
        return await self.run()

    async def run(self) -> Answer:
        """Ask for a run of the page, the first or another, and wait for its end."""
        start = time.perf_counter()
        await self._connection.send(self._request().SerializeToString())
        numbers, faults, arrived = {}, [], start
        kept, self._kept, self._sliders = self._kept, {}, {}
        async for data in self._connection:
            message = ForwardMsg.FromString(data)
            if message.HasField("ref_hash"):
                message = kept[message.ref_hash]
                self._kept[message.hash] = message
            elif message.metadata.cacheable:
                self._kept[message.hash] = message
            kind = message.WhichOneof("type")
            if kind == "page_info_changed":
                self._query = message.page_info_changed.query_string
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "delta":
                element = message.delta.new_element
                if element.HasField("slider"):
                    self._sliders[element.slider.label] = element.slider.id
                elif element.HasField("html") and (tiles := TILE.findall(element.html.body)):
                    numbers = {html.unescape(label): html.unescape(number) for label, number in tiles}
                    arrived = time.perf_counter()
                elif element.HasField("exception") or element.HasField("alert"):
                    faults.append(str(element))
            elif kind == "script_finished" and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                break
        return Answer(numbers, time.perf_counter() - start, arrived - start, tuple(faults))

    def _request(self) -> BackMsg:
        request = BackMsg()
        state = request.rerun_script
        # An address other than the one that the page has written would mean that the user went back.
        state.query_string = self._query
        state.page_script_hash = self._page
        state.context_info.url = f"{self._url}/"
        state.widget_states.widgets.extend(self._widgets.values())
        state.cached_message_hashes.extend(self._kept)
        return request
