"""The wheel, installed into an environment of its own in another folder: it is whole, and works there."""

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from packaging.requirements import Requirement

import explorer
from explorer.distortions import distort
from explorer.images import load, to_one_size
from explorer.samples import FOLDER, load_sample
from tests.browser.support import new_page, open_by_menu

ROOT = Path(__file__).parents[2]
START_SECONDS = 120  # of patience with a busy machine; an idle one takes five
# Bytes: AlexNet's weights are ten million, the paper's votes and the example of the duel three each.
LARGEST_WHEEL = 19_000_000


@dataclass(frozen=True)
class Installation:
    """An environment that holds the wheel, and finds all other packages where these tests do."""

    folder: Path
    empty: Path  # where its programs are started, and the home of who starts them

    @property
    def packages(self) -> Path:
        """Its folder of packages."""
        return Path(sysconfig.get_path("purelib", "venv", {"base": str(self.folder)}))

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        scripts = sysconfig.get_path("scripts", "venv", {"base": str(self.folder)})
        return str(Path(scripts) / name)

    @property
    def environment(self) -> dict[str, str]:
        """Nothing in it leads to the checkout, to other weights, or to settings of Streamlit."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "STREAMLIT_", "EXPLORER_"))
        }
        return kept | {"HOME": str(self.empty)}

    def run(self, program: str, *arguments: object) -> str:
        """What a program prints, which must end well and complain of nothing."""
        result = subprocess.run(
            [self.program(program), *map(str, arguments)],
            cwd=self.empty,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=START_SECONDS,
        )
        assert (result.returncode, result.stderr) == (0, "")
        return result.stdout

    @contextmanager
    def serve(self, *arguments: object) -> Iterator[str]:
        """The address of the app while `lpips-explorer` serves it; Ctrl-C then ends it, quietly."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        command = [self.program("lpips-explorer"), *map(str, arguments), "--no-browser", "--port", str(port)]
        log = self.folder / f"{port}.log"
        with log.open("wb") as stream:
            server = subprocess.Popen(
                command, cwd=self.empty, env=self.environment, stdout=stream, stderr=stream
            )
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", log)
            yield f"http://127.0.0.1:{port}"
            server.send_signal(signal.SIGINT)
            assert server.wait(timeout=START_SECONDS) == 0
            assert "Traceback" not in log.read_text(encoding="utf-8")
        finally:
            server.kill()
            server.wait()


def wait_for(address: str, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(address, timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the server did not start:\n{log.read_text(encoding='utf-8')}")


def pip(*arguments: object) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *map(str, arguments)]
    subprocess.run(command, cwd="/", check=True, timeout=180)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """A wheel of the checkout, built with what is installed here, without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip("wheel", ROOT, "--wheel-dir", folder, "--no-deps", "--no-index", "--no-build-isolation")
    (path,) = folder.iterdir()
    return path


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Installation:
    """The wheel in a fresh environment, which borrows torch and the rest from the one that runs the tests."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False, symlinks=True)
    there = Installation(folder, tmp_path_factory.mktemp("empty"))
    (there.packages / "borrowed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    python = there.program("python")
    pip("--python", python, "install", wheel, "--no-deps", "--no-index", "--no-compile")
    return there


def test_the_wheel_holds_the_whole_app_and_no_more(wheel):
    with zipfile.ZipFile(wheel) as archive:
        files = set(archive.namelist())
    assert {name.split("/")[0] for name in files} == {
        "explorer",
        f"lpips_explorer-{explorer.__version__}.dist-info",
    }
    package = {path.relative_to(ROOT) for path in (ROOT / "explorer").rglob("*") if path.is_file()}
    beside = {Path("app.py"), Path(".streamlit/config.toml")} | {
        path.relative_to(ROOT)
        for room in ("brand", "duel", "judgments", "lessons", "samples", "weights")
        for path in (ROOT / "assets" / room).iterdir()
        if path.is_file()
    }
    held = {Path(name) for name in files if name.startswith("explorer/")}
    assert held == {path for path in package if path.suffix != ".pyc"} | {
        "explorer/_app" / path for path in beside
    }
    assert wheel.stat().st_size < LARGEST_WHEEL


def test_the_wheel_needs_what_requirements_txt_names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = message_from_bytes(archive.read(name))
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needed = map(Requirement, metadata.get_all("Requires-Dist"))
    assert {each for each in needed if each.marker is None} == set(map(Requirement, lines))
    assert metadata.get_all("Provides-Extra") == ["ray"]  # what only a cluster needs
    assert metadata["Version"] == explorer.__version__


def test_the_package_and_its_files_are_those_of_the_environment(installed):
    code = (
        "import explorer, importlib.util as modules\n"
        "from explorer import places, samples\n"
        "print(explorer.__file__, places.app(), places.page('region'), sep='\\n')\n"
        "print(samples.FOLDER, places.assets('weights'), sep='\\n')\n"
        "assert not modules.find_spec('app') and not modules.find_spec('assets')\n"
    )
    paths = installed.run("python", "-c", code).splitlines()
    assert len(paths) == 5
    for path in paths:
        assert Path(path).exists()
        assert Path(path).is_relative_to(installed.packages.resolve())


def test_the_command_tells_its_version_and_measures(installed):
    assert installed.run("lpips-explorer", "--version") == f"LPIPS Explorer {explorer.__version__}\n"
    listed = [line.split("\t") for line in installed.run("lpips-explorer", "samples").splitlines()]
    files = {name: path for name, _size, _licence, path in listed}
    printed = installed.run(
        "lpips-explorer", "measure", files["cat"], files["brick"], "--fit", "resize", "--json"
    )
    here = to_one_size(load(FOLDER / "cat.png"), load(FOLDER / "brick.png"), "resize")
    score = explorer.measure(*(picture.pixels for picture in here)).score
    assert json.loads(printed)["score"] == pytest.approx(score, rel=1e-6)


@contextmanager
def first_screen(browser, address: str) -> Iterator:
    """A page of the app, which must be painted and log no error."""
    page = new_page(browser)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: message.type == "error" and faults.append(message.text))
    page.goto(address)
    page.locator("[data-painted]").first.wait_for()
    yield page
    assert "Traceback" not in page.locator("body").inner_text()
    page.context.close()
    assert faults == []


def score_on(page) -> str:
    return page.locator(".tile", has_text="LPIPS").locator("strong").inner_text()


def theme_of(page) -> str:
    """The primary colour that the page gives its components."""
    return page.locator("[data-painted]").first.evaluate(
        "element => getComputedStyle(element).getPropertyValue('--st-primary-color')"
    )


def test_the_command_serves_the_first_screen_from_an_empty_folder(installed, browser):
    cat = load_sample("cat").pixels
    expected = f"{explorer.measure(cat, distort(cat, 'jpeg_local_blur', 0.72)).score:.4f}"
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    with installed.serve() as address, first_screen(browser, address) as page:
        assert score_on(page) == expected
        assert theme_of(page) == theme["light"]["primaryColor"]
        open_by_menu(page, "Candidates")
        page.locator(".ranking .name").first.click()
        page.wait_for_url(lambda url: urlsplit(url).path == "/")
        page.locator("[data-painted]").first.wait_for()
    assert list(installed.empty.iterdir()) == []
