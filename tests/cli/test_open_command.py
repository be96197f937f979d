"""No command, a pair, or `open`: how Streamlit is started, as told by a stand-in for it."""

import json
import os
import socket
import subprocess
import sys

import pytest

from explorer import places
from explorer.places import OPENED_ON, PROJECT, app
from explorer.projects import save_project
from explorer.sharing import SHARED, network_address
from tests.cli.commands import CAT, ROOT
from tests.grid import few

TELL = """
import json, os, sys
ours = "EXPLORER_", "STREAMLIT_", "OMP_"
told = {name: text for name, text in os.environ.items() if name.startswith(ours)}
print(json.dumps({"arguments": sys.argv[1:], "variables": told}))
"""


@pytest.fixture
def start(tmp_path):
    """Run the command in an empty folder with a stand-in for Streamlit, whose main script this is."""

    def run(*arguments, script=TELL, **variables):
        stand_in = tmp_path / "packages" / "streamlit"
        stand_in.mkdir(parents=True)
        (stand_in / "__init__.py").touch()
        (stand_in / "__main__.py").write_text(script, encoding="utf-8")
        folder = tmp_path / "empty"
        folder.mkdir()
        plain = {
            name: text
            for name, text in os.environ.items()
            if not name.startswith(("STREAMLIT_", "OMP_"))
            and name not in (*OPENED_ON.values(), PROJECT, places.ROOT, SHARED)
        }
        paths = os.pathsep.join([str(stand_in.parent), str(ROOT)])
        return subprocess.run(
            [sys.executable, "-m", "explorer", *map(str, arguments)],
            cwd=folder,
            env=plain | {"PYTHONPATH": paths} | variables,
            capture_output=True,
            text=True,
            timeout=180,
        )

    return run


@pytest.fixture
def port():
    """One that is free, as text."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


def told(result):
    assert (result.returncode, result.stderr) == (0, "")
    answer = json.loads(result.stdout)
    return answer["arguments"], answer["variables"]


@pytest.mark.parametrize("command", [(), ("open",)], ids=" ".join)
def test_without_a_command_the_app_is_run_on_no_pair(start, command):
    arguments, variables = told(start(*command))
    assert arguments == ["run", str(app())]
    assert not {*OPENED_ON.values(), PROJECT, ROOT, "STREAMLIT_SERVER_ADDRESS", "EXPLORER_SHARED"} & set(
        variables
    )


@pytest.mark.parametrize("command", [(), ("open",)], ids=" ".join)
def test_a_pair_reaches_the_server_by_whole_paths_and_is_not_shared_by_itself(start, tmp_path, command):
    copy = tmp_path / "empty" / ".." / "two words.png"
    (tmp_path / "two words.png").write_bytes(CAT.read_bytes())
    arguments, variables = told(start(*command, CAT, "../two words.png"))
    assert arguments == ["run", str(app())]
    assert variables["EXPLORER_REFERENCE"] == str(CAT)
    assert variables["EXPLORER_DISTORTED"] == str(copy.resolve())
    assert not {"STREAMLIT_SERVER_ADDRESS", "EXPLORER_SHARED"} & set(variables)


def test_port_and_no_browser_are_told_to_streamlit(start, port):
    arguments, _ = told(start("--no-browser", "--port", port))
    assert arguments[2:] == ["--server.headless=true", f"--server.port={port}"]


def test_a_port_that_is_taken_is_refused_with_its_mend_before_the_server_starts(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = start("--no-browser", "--port", str(port))
    assert (result.returncode, result.stdout) == (2, "")
    assert f"'--port': {port} is taken by another program; choose another" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_port_is_left_to_streamlit_where_its_own_flags_say_where_to_serve(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        arguments, _ = told(start("--port", port, "--server.address", "::1"))
    assert arguments[2:] == [f"--server.port={port}", "--server.address=::1"]


def test_flags_of_streamlit_come_last_in_any_place_and_so_win(start):
    arguments, _ = told(
        start(
            "--server.port", "9000", CAT, CAT, "--theme.base=dark", "--port", "8600", "--server.address", "::"
        )
    )
    assert arguments[2:] == [
        "--server.port=8600",
        "--server.port=9000",
        "--theme.base=dark",
        "--server.address=::",
    ]


def test_share_tells_the_server_that_it_has_guests_and_where_they_find_it(start):
    arguments, variables = told(start("--share"))
    assert arguments == ["run", str(app())]
    assert variables["EXPLORER_SHARED"] == "1"
    assert variables["STREAMLIT_SERVER_ADDRESS"] == "0.0.0.0"
    assert variables.get("STREAMLIT_BROWSER_SERVER_ADDRESS") == network_address()


def test_share_behind_a_proxy_leaves_the_address_to_the_user(start):
    arguments, variables = told(
        start("--share", "--server.address=127.0.0.1", STREAMLIT_BROWSER_SERVER_ADDRESS="lab.example.org")
    )
    assert arguments[2:] == ["--server.address=127.0.0.1"]
    assert variables["EXPLORER_SHARED"] == "1"
    assert variables["STREAMLIT_BROWSER_SERVER_ADDRESS"] == "lab.example.org"


def test_variables_of_the_user_stay_as_they_are(start):
    _, variables = told(start(CAT, CAT, STREAMLIT_SERVER_ADDRESS="0.0.0.0", STREAMLIT_THEME_BASE="dark"))
    assert variables["STREAMLIT_SERVER_ADDRESS"] == "0.0.0.0"
    assert variables["STREAMLIT_THEME_BASE"] == "dark"


def test_the_servers_threads_sleep_while_they_wait_unless_the_user_says_otherwise(start):
    _, variables = told(start())
    assert variables["OMP_WAIT_POLICY"] == "passive"


def test_a_wait_policy_of_the_users_stays(start):
    _, variables = told(start(OMP_WAIT_POLICY="active"))
    assert variables["OMP_WAIT_POLICY"] == "active"


def test_a_broken_picture_is_refused_before_the_server_starts(start, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(CAT.read_bytes()[:5000])
    result = start(CAT, broken)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: broken.png is cut short")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("command", few([(), ("open",)]), ids=" ".join)
def test_a_project_reaches_the_server_by_its_whole_path_in_the_place_of_a_pair(
    start, tmp_path, port, command
):
    save_project(tmp_path / "two words.zip", CAT, CAT, size=64)
    arguments, variables = told(start(*command, "../two words.zip", "--port", port))
    assert arguments == ["run", str(app()), f"--server.port={port}"]
    assert variables["EXPLORER_PROJECT"] == str(tmp_path / "two words.zip")
    assert not {*OPENED_ON.values()} & set(variables)


def test_a_broken_project_is_refused_before_the_server_starts(start, tmp_path):
    save_project(tmp_path / "pair.zip", CAT, CAT, size=64)
    broken = tmp_path / "broken.zip"
    broken.write_bytes((tmp_path / "pair.zip").read_bytes()[:5000])
    result = start(broken)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: broken.zip is cut short")
    assert result.stderr.count("\n") == 1


def test_ctrl_c_while_streamlit_starts_is_quiet(start):
    result = start(script="raise KeyboardInterrupt")
    assert result.returncode == 130
    assert (result.stdout, result.stderr.strip()) == ("", "")


def test_a_root_reaches_the_server_by_its_whole_path(start, tmp_path):
    (tmp_path / "two words").mkdir()
    arguments, variables = told(start("--root", "../two words"))
    assert arguments == ["run", str(app())]
    assert variables["EXPLORER_ROOT"] == str(tmp_path / "two words")


@pytest.mark.parametrize("name", ["nowhere", str(CAT)])
def test_a_root_that_is_no_folder_is_refused_before_the_server_starts(start, name):
    result = start("--root", name)
    assert (result.returncode, result.stdout) == (2, "")
    assert "'--root'" in result.stderr
    assert "is no folder; name one that holds data sets" in result.stderr
    assert result.stderr.count("\n") == 1
