"""The command as a process of its own: exit codes, streams, pipes, signals and start-up."""

import os
import re
import signal
import subprocess
import sys
import time

import pytest

import explorer
from tests.cli.commands import BRICK, CAT, COMMAND, ROOT, assert_same_numbers, process, strict
from tests.processes import loaded, started


def test_real_command_measures_and_writes(tmp_path):
    distorted, maps = tmp_path / "out.png", tmp_path / "maps.npz"
    with loaded(COMMAND, "distort", CAT, distorted, "--name", "gaussian_blur", "--severity", "0.4") as child:
        assert (child.communicate()[1], child.returncode) == ("", 0)
    measured = process("measure", CAT, distorted, "--json", "--maps", maps)
    assert (measured.returncode, measured.stderr) == (0, "")
    assert_same_numbers(strict(measured.stdout), explorer.measure(CAT, distorted))
    assert maps.stat().st_mode & 0o777 == distorted.stat().st_mode & 0o777 == 0o666 & ~umask()


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_real_command_refuses_in_one_line():
    with loaded(COMMAND, "measure", CAT, BRICK, "--layers", "conv0") as child:
        stdout, stderr = child.communicate()
    assert (child.returncode, stdout) == (2, "")
    assert stderr == (
        "Error: Invalid value for '--layers': AlexNet has no layer 'conv0'; "
        "choose from: conv1, conv2, conv3, conv4, conv5.\n"
    )


def test_lists_and_help_do_not_wait_for_torch():
    program = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from explorer.cli import shell\n"
        "for line in sys.argv[1:]:\n"
        "    assert CliRunner().invoke(shell, line.split()).exit_code == 0\n"
        "    print('imported:', *{name.partition('.')[0] for name in sys.modules})"
    )
    lines = ["--help", "samples", "distortions", "measure --help", "weights fetch --help"]
    command = [sys.executable, "-c", program, *lines]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=True)
    seen = re.findall(r"^imported: (.*)$", result.stdout, re.MULTILINE)
    assert len(seen) == len(lines)
    for imported in map(str.split, seen):
        assert {"explorer", "click", "PIL"} <= set(imported)
        assert not {"torch", "torchvision", "streamlit", "plotly"} & set(imported)


def test_closed_pipe_is_no_traceback():
    reader, writer = os.pipe()
    os.close(reader)
    try:
        command = [sys.executable, "-m", "explorer", "samples"]
        result = subprocess.run(
            command, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=180
        )
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (1, "")


def test_terminal_without_the_characters_still_gets_the_numbers():
    windows = "cp1252"  # has no σ
    result = process("distortions", env={**os.environ, "PYTHONIOENCODING": windows}, encoding=windows)
    assert (result.returncode, result.stderr) == (0, "")
    row = r"^gaussian_noise +noise +sigma \(0 to 255 levels\) +\? 48 levels"
    assert re.search(row, result.stdout, re.MULTILINE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_interrupt_ends_quietly_and_leaves_no_file(tmp_path):
    waiting = tmp_path / "waiting.png"  # a pipe that nobody writes to: reading it lasts for ever
    os.mkfifo(waiting)
    arguments = ["distort", waiting, tmp_path / "out.png", "--name", "jpeg", "--severity", "1"]
    command = [sys.executable, "-m", "explorer", *map(str, arguments)]
    with started(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        deadline = time.monotonic() + 120
        while not list(tmp_path.glob(".*.part")):
            assert time.monotonic() < deadline
            time.sleep(0.01)
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate(timeout=180)
    assert child.returncode == 130
    assert (stdout, stderr.strip()) == ("", "")
    assert list(tmp_path.iterdir()) == [waiting]
