"""`weights` lists where weights are, and fetches them whole or not at all, from a server on 127.0.0.1."""

import hashlib
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner
from torchvision import models

from explorer.backbones import BACKBONES, Backbone, Layer
from explorer.cli import shell
from explorer.files.source import WeightsFile
from tests.cli.commands import ROOT, run
from tests.processes import loaded

CONTENT = bytes(range(256)) * 2000  # what a fetch brings; it is checked by its sha256 and not yet read
CHECKSUM = hashlib.sha256(CONTENT).hexdigest()

# A real process whose catalogue has one more row: "tiny", fetched from the address given, or by pip.
WITH_TINY = f"""
import sys
from torchvision import models
from explorer.backbones import BACKBONES, Backbone, Layer
from explorer.files.source import Archive, WeightsFile
from explorer.cli import shell
source, *arguments = sys.argv[1:]
if source == "registry":
    source = Archive("tiny==1.0", "{CHECKSUM}", {len(CONTENT)}, "vgg16")
file = WeightsFile("tiny.pth", "{CHECKSUM}", {len(CONTENT)}, source)
BACKBONES["tiny"] = Backbone("tiny", "Tiny", models.alexnet, (Layer("conv1", "features.1"),), 31, (file,))
shell(arguments, prog_name="python -m explorer")
"""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"  # one request a connection

    def do_GET(self):
        if self.path == "/missing.pth":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        self.wfile.write(CONTENT[: len(CONTENT) // 2])
        if self.path != "/tiny.pth":
            self.wfile.flush()
            self.server.half_sent.set()
            self.server.released.wait(30)
        self.wfile.write(CONTENT[len(CONTENT) // 2 :])

    def log_message(self, *arguments):
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that hangs up in between is what these tests are about."""


@pytest.fixture
def server():
    server = Server(("127.0.0.1", 0), Handler)
    server.half_sent, server.released = threading.Event(), threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder, and no weights but the bundled ones."""
    monkeypatch.delenv("EXPLORER_WEIGHTS", raising=False)
    monkeypatch.setenv("EXPLORER_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "hub"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache" / "weights"


@pytest.fixture
def tiny(server, cache, monkeypatch):
    """Adds a row "tiny" to the catalogue, whose weights lie at a path of the server."""

    def add(path, checksum=CHECKSUM):
        file = WeightsFile("tiny.pth", checksum, len(CONTENT), address(server, path))
        layers = (Layer("conv1", "features.1"),)
        monkeypatch.setitem(BACKBONES, "tiny", Backbone("tiny", "Tiny", models.alexnet, layers, 31, (file,)))

    return add


def address(server, path):
    return f"http://127.0.0.1:{server.server_port}{path}"


def failure(*arguments):
    result = CliRunner().invoke(shell, list(arguments))
    assert result.exit_code == 1, result.stderr
    return result


def test_list_says_of_every_backbone_where_its_weights_are(cache):
    lines = run("weights", "list").stdout.splitlines()[1:]
    assert [line.split()[0] for line in lines] == list(BACKBONES)
    listed = {line.split()[0]: line for line in lines}
    assert listed["alexnet"].endswith(
        f"  10 MB  bundled{' ' * 42}{ROOT / 'assets/weights/alexnet.safetensors'}"
    )
    assert "to be fetched from the package registry (64 MB)" in listed["vgg16"]
    assert "to be fetched from the model hub" in listed["resnet50"]
    assert not cache.exists()


def test_list_names_the_file_in_the_folder_of_the_user(cache, tmp_path, tiny, monkeypatch):
    tiny("/tiny.pth")
    (tmp_path / "tiny.pth").write_bytes(CONTENT)
    monkeypatch.setenv("EXPLORER_WEIGHTS", str(tmp_path))
    line = run("weights", "list").stdout.splitlines()[-1]
    assert line.split("  ")[0] == "tiny"
    assert "in EXPLORER_WEIGHTS" in line
    assert line.endswith(str(tmp_path / "tiny.pth"))


def test_fetched_file_is_whole_in_the_cache_and_is_told(cache, tiny):
    tiny("/tiny.pth")
    result = run("weights", "fetch", "tiny")
    assert result.stdout == f"tiny: 0.51 MB in the cache: {cache / 'tiny.pth'}\n"
    assert result.stderr.splitlines()[-1] == "tiny: 0.51 MB of 0.51 MB"
    assert (cache / "tiny.pth").read_bytes() == CONTENT
    assert not list(cache.glob("*.part*"))
    again = run("weights", "fetch", "tiny", "alexnet")
    assert again.stdout.startswith(
        f"tiny: in the cache, nothing to fetch: {cache / 'tiny.pth'}\nalexnet: bundled"
    )
    assert again.stderr == ""


@pytest.mark.parametrize(
    ("path", "checksum", "words"),
    [("/missing.pth", CHECKSUM, "404"), ("/tiny.pth", "0" * 64, "wrong checksum")],
)
def test_file_that_cannot_be_had_is_one_line_with_the_way_by_hand(cache, tiny, path, checksum, words):
    tiny(path, checksum)
    result = failure("weights", "fetch", "tiny")
    assert result.stdout == ""
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert words in line
    assert f"put tiny.pth into {cache}" in line
    assert not (cache / "tiny.pth").exists()


def test_one_that_fails_does_not_keep_the_others_from_coming(cache, tiny):
    tiny("/missing.pth")
    result = failure("weights", "fetch", "tiny", "alexnet")
    assert result.stdout.startswith("alexnet: bundled")


def test_unknown_name_is_refused_before_anything_is_fetched(cache, tiny):
    tiny("/tiny.pth")
    result = CliRunner().invoke(shell, ["weights", "fetch", "tiny", "nonsense"])
    assert result.exit_code == 2
    assert "'nonsense'" in result.stderr
    assert not cache.exists()


def start(source):
    return loaded(WITH_TINY, source, "weights", "fetch", "tiny")


def test_interrupt_cancels_and_leaves_no_half_file_in_use(server, cache):
    with start(address(server, "/slow.pth")) as child:
        assert server.half_sent.wait(60)
        time.sleep(0.3)  # until it is known to be in the middle of the transfer
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate()
    assert (child.returncode, stdout) == (130, "")
    assert "Traceback" not in stderr
    assert not (cache / "tiny.pth").exists()
    server.released.set()
    with start(address(server, "/slow.pth")) as child:
        stdout, _ = child.communicate()
    assert child.returncode == 0
    assert (cache / "tiny.pth").read_bytes() == CONTENT


def test_interrupt_waits_until_pip_has_ended_and_cleaned_up(server, cache, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", address(server, "/simple/"))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with start("registry") as child:
        assert server.half_sent.wait(60)  # pip asks for its page of the index, which never comes whole
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate()
    assert (child.returncode, stdout) == (130, "")
    assert "Traceback" not in stderr
    assert [path.suffix for path in cache.iterdir()] == [".lock"]
