"""`evaluate` holds metrics against people, goes on where it was killed, and refuses in one line."""

import csv
import gzip
import json
import signal

import pytest

import explorer
from benchmarks.triplets import made_triplets
from tests.cli.commands import COMMAND, refusal, run, strict
from tests.processes import loaded

METRICS = ("--metric", "psnr", "--metric", "alexnet:lpips-0.1")

# The same run as the command's, which ends itself by a signal that nothing can catch.
KILLED = """
import os, signal, sys
from explorer.judgments import formats
from explorer.judgments.running import measure, read_way
from explorer.judgments.running.table import fill_table, open_table
from pathlib import Path
folder, path, rows = sys.argv[1:]
trials, way = formats.read(Path(folder)), read_way(("psnr", "alexnet:lpips-0.1"))
table = open_table(Path(path), trials, way)
for count, _ in enumerate(fill_table(table, measure(trials.trials, way, table.left)), start=1):
    if count == int(rows):
        os.kill(os.getpid(), signal.SIGKILL)
"""
# The command, which gets a Ctrl-C as soon as its table is begun.
INTERRUPTED = """
import os, signal, sys, threading, time
def interrupt(path=sys.argv[-1]):
    while not (os.path.exists(path) and os.path.getsize(path)):
        time.sleep(0.001)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
from explorer.__main__ import main
main('python -m explorer')
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return made_triplets(tmp_path_factory.mktemp("made"), 60)


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    """The table of a run that nothing has ended, and what it printed."""
    path = tmp_path_factory.mktemp("whole") / "out.csv"
    return path, strict(run("evaluate", folder, *METRICS, "--csv", path, "--json").stdout)


def test_scores_of_a_folder_are_those_of_python_and_of_its_own_table(folder, whole):
    path, printed = whole
    evaluation = explorer.evaluate(folder, ("psnr", "alexnet:lpips-0.1"))
    assert printed["subsets"] == evaluation.to_dict()["subsets"]
    assert {name: own["trials"] for name, own in printed["subsets"].items()} == {"cnn": 30, "color": 30}
    assert printed["notes"][-1] == "Measured at 64 pixels (lanczos)."
    assert strict(run("evaluate", path, "--json").stdout)["subsets"] == printed["subsets"]
    one = strict(run("evaluate", path, "--json", "--metric", "psnr").stdout)["subsets"]["cnn"]
    assert one["scores"] == {"psnr": printed["subsets"]["cnn"]["scores"]["psnr"]}


def test_a_table_of_votes_needs_no_pictures(tmp_path):
    path = tmp_path / "votes.csv.gz"
    rows = "subset,name,judge,d0_a,d1_a\nx,1,0.8,2,1\nx,2,0.2,1,2\nx,3,0.5,1,1\nx,4,1,1,2\n"
    path.write_bytes(gzip.compress(rows.encode()))
    subset = strict(run("evaluate", path, "--json").stdout)["subsets"]["x"]
    assert subset["trials"] == 4
    assert subset["scores"]["a"] == pytest.approx(100 * (0.8 + 0.8 + 0.5 + 0) / 4)
    assert subset["ceiling"] == pytest.approx(100 * (0.68 + 0.68 + 0.5 + 1) / 4)
    printed = run("evaluate", path).stdout
    assert "52.50" in printed
    assert "people among themselves" in printed


def test_a_killed_run_goes_on_to_the_same_file(folder, whole, tmp_path):
    path, rows = tmp_path / "out.csv", 31
    with loaded(KILLED, folder, path, rows) as child:
        child.communicate()
    assert child.returncode == -signal.SIGKILL
    assert path.read_bytes().count(b"\n") == rows + 1
    result = run("evaluate", folder, *METRICS, "--csv", path, "--json")
    assert f"{60 - rows} measured, {rows} already there, 0 failed" in result.stderr
    assert path.read_bytes() == whole[0].read_bytes()
    assert strict(result.stdout) == whole[1]


def test_ctrl_c_ends_quietly_and_says_how_to_go_on(folder, tmp_path):
    path = tmp_path / "out.csv"
    with loaded(INTERRUPTED, "evaluate", folder, *METRICS, "--csv", path) as child:
        stdout, stderr = child.communicate()
    assert child.returncode == 130
    assert "the same command goes on from here" in stderr
    assert "Traceback" not in stderr
    assert stdout == ""


def test_what_fails_is_named_and_is_exit_code_1(folder, tmp_path):
    own = made_triplets(tmp_path, 4)
    (own / "cnn" / "p0" / "000001.png").write_bytes(b"no picture")
    asked = "--metric", "psnr", "--csv", tmp_path / "out.csv", "--json"
    with loaded(COMMAND, "evaluate", own, *asked) as child:
        stdout, stderr = child.communicate()
    assert child.returncode == 1
    assert "cnn/000001" in stderr
    assert json.loads(stdout)["subsets"]["cnn"]["trials"] == 1
    rows = csv.DictReader((tmp_path / "out.csv").read_text().splitlines())
    (row,) = [row for row in rows if row["error"]]
    assert row["d0_psnr"] == ""


def test_bad_input_is_one_line_that_names_the_mend(folder, whole, tmp_path):
    path, _ = whole
    before = path.read_bytes()
    assert "this run asks for ssim" in refusal("evaluate", folder, "--metric", "ssim", "--csv", path)
    assert "longest side 64" in refusal("evaluate", folder, *METRICS, "--size", 48, "--csv", path)
    assert path.read_bytes() == before
    assert "must end in .csv" in refusal("evaluate", folder, "--csv", tmp_path / "out.txt")
    assert "--size" in refusal("evaluate", folder, "--size", "big")
    no_heads = refusal("evaluate", folder, "--metric", "alexnet:lpips-9")
    assert "no heads 'lpips-9'" in no_heads
    assert "--metric" in no_heads
    assert "--heads" not in no_heads
    assert "named twice" in refusal("evaluate", folder, "--metric", "psnr", "--metric", "psnr")
    unused = {
        "--csv": tmp_path / "out.csv",
        "--ray": "auto",
        "--size": "64",
        "--device": "no",
        "--resampling": "lanczos",
    }
    for flag, value in unused.items():
        assert f"'{flag}': a table of votes is measured already" in refusal("evaluate", path, flag, value)
    assert "choose one of psnr" in refusal("evaluate", path, "--metric", "vgg16:uniform")
    assert "check the path" in refusal("evaluate", tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    refusal("evaluate", tmp_path / "empty")
    assert "cannot be written" in refusal("evaluate", folder, *METRICS, "--csv", tmp_path / "no" / "out.csv")
