"""Running the shell's commands, in this process and as real ones."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from explorer.cli import shell
from explorer.samples import FOLDER

ROOT = Path(__file__).resolve().parents[2]
# What `python -m explorer` runs, as a program for `tests.processes.loaded`.
COMMAND = "from explorer.__main__ import main; main('python -m explorer')"
CAT, BRICK = FOLDER / "cat.png", FOLDER / "brick.png"


def run(*arguments, input=None):
    """Run a command in this process and expect it to end well."""
    result = CliRunner().invoke(shell, list(map(str, arguments)), input=input)
    assert result.exit_code == 0, result.stderr
    return result


def refusal(*arguments):
    """Run a command that must fail, and return the one line that it says."""
    result = CliRunner().invoke(shell, list(map(str, arguments)))
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert re.fullmatch(r"Error: [^\n]+[.]\n", result.stderr), result.stderr
    return result.stderr


def process(*arguments, **options):
    """Run the real command."""
    command = [sys.executable, "-m", "explorer", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, **options)


def strict(text):
    """Parse JSON as the standard has it, without Python's NaN and Infinity."""

    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


def save(pixels, path):
    Image.fromarray(pixels).save(path)
    return path


def leaves(value, path=""):
    """Every plain value of a JSON text, with its place."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, f"{path}.{key}")
    else:
        yield path, value


def assert_same_numbers(printed, measurement):
    """The shell's JSON is Python's, in the same order, but for the pictures' names, which are paths there."""
    names = {role: printed[role]["name"] for role in ("reference", "distorted")}
    expected = list(leaves(measurement.called(**names).to_dict()))
    assert list(leaves(printed)) == [
        (path, pytest.approx(value, rel=1e-6) if isinstance(value, float) else value)
        for path, value in expected
    ]
