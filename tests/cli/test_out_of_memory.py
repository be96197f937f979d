"""Where memory runs out, one sentence says so, and a run over folders goes on: with a real limit."""

import csv
import sys

import numpy as np
import pytest
from PIL import Image

from tests.processes import loaded

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limit on a process's data is Linux's")

# The limit is set once all is loaded that any measurement takes, and leaves room for a small one.
LIMITED = """
import re, resource, sys
import explorer
from explorer.cli import shell
small, room, *arguments = sys.argv[1:]
explorer.measure(small, small)
held = int(re.search(r"VmData:\\s+(\\d+)", open("/proc/self/status").read())[1]) * 1024
resource.setrlimit(resource.RLIMIT_DATA, (held + int(room), resource.RLIM_INFINITY))
shell(arguments, prog_name="lpips-explorer")
"""
# Plenty to read twelve megapixels, and for many threads' stacks; far too little to measure them.
ROOM = 500_000_000  # bytes


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Two folders of a large pair and a small one."""
    top = tmp_path_factory.mktemp("pairs")
    for place, folder in enumerate(("originals", "outputs")):
        (top / folder).mkdir()
        for name, size in (("a", (4000, 3000)), ("b", (64, 64))):
            pixels = np.random.default_rng(place).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
            Image.fromarray(pixels).save(top / folder / f"{name}.bmp")
    return top / "originals", top / "outputs"


def limited(folders, *arguments):
    """Run a command of the shell with little memory left."""
    small = folders[0] / "b.bmp"
    with loaded(LIMITED, small, ROOM, *arguments) as child:
        stdout, stderr = child.communicate()
    return child.returncode, stdout, stderr


def test_a_pair_that_does_not_fit_is_one_sentence_with_the_mend(folders):
    code, stdout, stderr = limited(folders, "measure", folders[0] / "a.bmp", folders[1] / "a.bmp")
    assert code == 2, stderr
    assert "too large for this machine's memory at 4000 × 3000; measure at a smaller size" in stderr
    assert len(stderr.splitlines()) == 1
    assert stdout == ""


def test_a_run_over_folders_goes_on_with_the_next_pair(folders, tmp_path):
    table = tmp_path / "scores.csv"
    code, stdout, stderr = limited(folders, "measure", *folders, "--csv", table)
    assert code == 1, stderr
    assert "1 measured, 0 already there, 1 failed" in stdout
    with table.open(newline="") as file:
        large, small = csv.DictReader(file)
    assert "memory" in large["error"]
    assert small["error"] == ""
    assert float(small["score"]) > 0
