"""Whether a server has guests, and the address by which they reach it."""

import ipaddress
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from explorer.sharing import SHARED, is_shared, network_address

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("::1", False),
        ("localhost", False),
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.4", True),
        ("lab.example.org", True),
        ("unix://explorer.sock", True),
        ("", True),
        (None, True),
    ],
)
def test_a_server_has_guests_unless_it_listens_on_this_machine_alone(monkeypatch, address, expected):
    monkeypatch.delenv(SHARED, raising=False)
    assert is_shared(address) is expected


@pytest.mark.parametrize(("said", "expected"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_what_the_variable_says_goes_before_the_address(monkeypatch, said, expected):
    monkeypatch.setenv(SHARED, said)
    assert is_shared("127.0.0.1") is expected
    assert is_shared(None) is expected


def test_the_address_to_give_out_is_none_of_this_machine_alone():
    found = network_address()
    assert found is None or not ipaddress.ip_address(found).is_unspecified


def test_the_projects_settings_keep_the_server_on_this_machine():
    question = "from streamlit import config; print(config.get_option('server.address'))"
    answer = subprocess.run([sys.executable, "-c", question], cwd=ROOT, check=True, capture_output=True)
    assert answer.stdout.split() == [b"127.0.0.1"]


@pytest.mark.parametrize(("asked", "flag"), [((), ""), (("SHARE=0",), ""), (("SHARE=1",), " --share")])
def test_make_run_opens_the_app_by_the_command(asked, flag):
    outer = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES")  # of the make that runs the tests
    told = subprocess.run(
        ["make", "--dry-run", "--old-file=.venv/.runtime", "run", *asked],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in outer},
        check=True,
        capture_output=True,
        text=True,
    )
    assert re.fullmatch(rf"\S+ -m explorer open{flag} *", told.stdout.splitlines()[-1])
