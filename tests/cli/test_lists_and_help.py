"""The lists, the help, the version, and the package's public face."""

import re
import tomllib

import click
import pytest
from PIL import Image

import explorer
import explorer.metrics
from explorer.cli import shell
from explorer.distortions import CATALOGUE, table_2
from explorer.samples import SAMPLES
from tests.cli.commands import ROOT, run


def test_samples_are_listed_in_columns_that_a_pipeline_can_cut():
    rows = [line.split("\t") for line in run("samples").stdout.splitlines()]
    assert [row[0] for row in rows] == list(SAMPLES)
    for name, size, licence, path in rows:
        with Image.open(path) as image:
            assert size == "{}x{}".format(*image.size)
        assert licence == SAMPLES[name].licence


def test_every_distortion_is_listed_with_family_and_parameters():
    lines = run("distortions").stdout.splitlines()[1:]
    for line, entry in zip(lines, CATALOGUE.values(), strict=True):
        needed = f" Needs {' and '.join(entry.needs)}." if entry.needs else ""
        shown = [entry.name, entry.family, entry.ranges, entry.describe(1), entry.summary + needed]
        assert re.split("  +", line) == shown


def test_the_papers_table_is_listed_by_its_names_with_what_it_leaves_open():
    lines = run("distortions", "--table2").stdout.splitlines()[1:]
    for line, entry in zip(lines, table_2(), strict=True):
        shown = [entry.paper, entry.name, entry.family, entry.ranges, entry.describe(1), entry.left_open]
        assert re.split("  +", line) == shown


def commands(group=shell, path=()):
    """The words of every command, also of those inside another."""
    for name, command in group.commands.items():
        yield (*path, name)
        yield from commands(command, (*path, name)) if isinstance(command, click.Group) else ()


@pytest.mark.parametrize("path", list(commands()), ids=" ".join)
def test_every_command_explains_itself_with_an_example_that_parses(path):
    text = run(*path, "--help").stdout
    examples = re.findall(r"^ +python -m explorer (.+?)(?: \|.*)?$", text, re.MULTILINE)
    assert examples
    for example in examples:
        command, words = shell, example.split()
        while isinstance(command, click.Group):
            command = command.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


def test_help_lists_every_command_in_full_words():
    text = run("--help").stdout
    assert all(re.search(rf"^  {command} +\S.*[.]$", text, re.MULTILINE) for command in shell.commands)
    assert "..." not in text.split("Commands:")[1]


def test_help_says_that_without_a_command_the_app_opens():
    text = " ".join(run("--help").stdout.split())
    assert "Without a command the app opens in the browser; with two images" in text
    assert "[COMMAND ... | REFERENCE DISTORTED | PROJECT]" in text


def test_version_stands_in_one_place():
    assert run("--version").stdout == f"LPIPS Explorer {explorer.__version__}\n"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert "version" in project["project"]["dynamic"]
    assert (ROOT / project["tool"]["hatch"]["version"]["path"]).samefile(explorer.version.__file__)


def test_package_gives_measure_on_first_use():
    assert explorer.measure is explorer.metrics.measure
    assert set(explorer.__all__) <= set(dir(explorer))
    with pytest.raises(AttributeError, match="'explorer' has no attribute 'mesure'"):
        explorer.mesure  # noqa: B018
