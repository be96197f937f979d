"""The explorer's server, and a browser tab as that server sees it: for load and for numbers, not for looks.

A tab speaks Streamlit's own protocol over a websocket. It keeps what a browser keeps between two requests:
the address, the page, the widgets' values, and the large messages that need not be sent again.
"""

import asyncio
import html
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.runtime.state.session_state import STREAMLIT_INTERNAL_KEY_PREFIX

ROOT = Path(__file__).parents[1]
START_SECONDS = 60
WIDGETS = ("slider", "button", "button_group", "file_uploader")  # those that a tab can use
DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)
TILE = re.compile(r'<div class="tile"[^>]*><span>(.*?)</span><strong>(.*?)</strong>')


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, and its process's number."""

    url: str
    pid: int


@contextmanager
def serving(*options: str, port: int = 0, **variables: str) -> Iterator[Server]:
    """Serve the explorer as `make run` does, on a port of this machine, with a home of its own.

    Args:
        options: Of `streamlit run`, such as "--runner.postScriptGC=true".
        port: 0 is one that is free.
        variables: Of the environment, such as EXPLORER_SHARED.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1", *options]
    with tempfile.TemporaryDirectory() as home:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"HOME": home, "EXPLORER_CACHE": home} | variables,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()
            process.wait()


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


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


@dataclass(frozen=True)
class Component:
    """A component as it was drawn last: its id, the fragment that draws it alone, and its data."""

    id: str
    fragment: str
    data: Any


class Tab:
    """One browser tab on the explorer; an asynchronous context, whose end closes the tab."""

    def __init__(self, url: str, query: str, page: str = ""):
        """Args: the server's address, the link's part behind the question mark, and that before it."""
        self._url = url
        self._query = query
        self._name = page
        self._page = ""
        self._session = ""
        self._faults: tuple[str, ...] = ()  # of the last run
        self._found: dict[str, dict[str, str]] = {}  # kind of widget -> label -> id
        self._widgets: dict[str, WidgetState] = {}  # by id
        self._kept: dict[str, ForwardMsg] = {}  # large messages of the last run, by hash
        self._components: dict[str, Component] = {}  # by name

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
        state = WidgetState(id=self._known("slider", label))
        state.double_array_value.data.append(value)
        self._widgets[state.id] = state
        return await self.run()

    async def choose(self, label: str, *options: str) -> Answer:
        """Choose of a row of options by their words, and wait for the page."""
        state = WidgetState(id=self._known("button_group", label))
        state.string_array_value.data.extend(options)
        self._widgets[state.id] = state
        return await self.run()

    async def press(self, label: str) -> Answer:
        """Press the button whose label begins so, and wait for the page."""
        state = WidgetState(id=self._known("button", label), trigger_value=True)
        return await self.run(state)

    async def upload(self, label: str, files: Mapping[str, bytes]) -> Answer:
        """Give files, by name, to the uploader whose label begins so, and wait for the page."""
        state = WidgetState(id=self._known("file_uploader", label))
        request = BackMsg()
        request.file_urls_request.request_id = uuid.uuid4().hex
        request.file_urls_request.file_names.extend(files)
        request.file_urls_request.session_id = self._session
        await self._connection.send(request.SerializeToString())
        async for data in self._connection:
            message = ForwardMsg.FromString(data)
            if message.WhichOneof("type") == "file_urls_response":
                break
        for (name, content), urls in zip(files.items(), message.file_urls_response.file_urls, strict=True):
            await asyncio.to_thread(_put, self._url, urls, name, content)
            info = state.file_uploader_state_value.uploaded_file_info.add(
                file_id=urls.file_id, name=name, size=len(content)
            )
            info.file_urls.CopyFrom(urls)
        self._widgets[state.id] = state
        return await self.run()

    def data_of(self, component: str) -> Any:
        """What a component of the page was sent last.

        Raises:
            LookupError: no such component was drawn.
        """
        return self._drawn(component).data

    async def tell(self, component: str, event: str, value: Any) -> Answer:
        """Let a component say something, and wait for the fragment or the page that draws it."""
        drawn = self._drawn(component)
        state = WidgetState(id=f"{STREAMLIT_INTERNAL_KEY_PREFIX}_{drawn.id}__events")
        state.json_trigger_value = json.dumps([{"event": event, "value": value}])
        return await self.run(state, drawn.fragment)

    def _drawn(self, component: str) -> Component:
        if component not in self._components:
            raise LookupError(f"There is no component {component!r} on the page. Its alerts: {self._faults}")
        return self._components[component]

    def _known(self, kind: str, label: str) -> str:
        for text, key in self._found.get(kind, {}).items():
            if text.startswith(label):
                return key
        raise LookupError(f"There is no {kind} {label!r} on the page. Its alerts: {self._faults}")

    async def run(self, trigger: WidgetState | None = None, fragment: str = "") -> Answer:
        """Ask for a run of the page or a fragment of it, the first or another, and wait for its end."""
        start = time.perf_counter()
        await self._connection.send(self._request(trigger, fragment).SerializeToString())
        numbers, faults, arrived = {}, [], start
        kept, self._kept, self._found = self._kept, {}, {}
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
            elif kind == "new_session":
                self._session = message.new_session.initialize.session_id or self._session
            elif kind == "delta":
                element = message.delta.new_element
                kind = element.WhichOneof("type")
                if kind in WIDGETS:
                    widget = getattr(element, kind)
                    self._found.setdefault(kind, {})[widget.label] = widget.id
                elif kind == "html" and (tiles := TILE.findall(element.html.body)):
                    numbers = {html.unescape(label): html.unescape(number) for label, number in tiles}
                    arrived = time.perf_counter()
                elif kind == "bidi_component":
                    drawn = element.bidi_component
                    data = json.loads(drawn.mixed.json or drawn.json or "null")
                    self._components[drawn.component_name] = Component(
                        drawn.id, message.delta.fragment_id, data
                    )
                elif kind in ("exception", "alert"):
                    faults.append(str(element))
            elif kind == "script_finished" and message.script_finished in DONE:
                break
        self._faults = tuple(faults)
        return Answer(numbers, time.perf_counter() - start, arrived - start, tuple(faults))

    def _request(self, trigger: WidgetState | None, fragment: str) -> BackMsg:
        request = BackMsg()
        state = request.rerun_script
        # An address other than the one that the page has written would mean that the user went back.
        state.query_string = self._query
        state.page_script_hash = self._page
        state.fragment_id = fragment
        state.page_name = "" if self._page else self._name
        state.context_info.url = f"{self._url}/{self._name}"
        state.widget_states.widgets.extend(self._widgets.values())
        state.widget_states.widgets.extend([trigger] if trigger else [])
        state.cached_message_hashes.extend(self._kept)
        return request


def _put(server: str, urls: FileURLs, name: str, content: bytes) -> None:
    """Upload a file as a browser does, with the token that the server hands out.

    Raises:
        OSError: the server refuses it.
    """
    connection = http.client.HTTPConnection(urlsplit(server).netloc)
    connection.request("GET", "/_stcore/health")
    answer = connection.getresponse()
    answer.read()
    cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
    boundary = uuid.uuid4().hex
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2],
    }
    body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
    connection.request("PUT", urls.upload_url, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status >= 300:
        raise OSError(f"{urls.upload_url} was answered with {answer.status}")
