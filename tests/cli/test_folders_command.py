"""`measure` of two folders: a row a pair; what is missing or fails is named; a killed run goes on."""

import csv
import os
import pty
import re
import shutil
import signal
import time

import numpy as np
import pytest
from click.testing import CliRunner

import explorer
from explorer.backbones import find_device
from explorer.cli import shell
from explorer.distortions import distort
from explorer.samples import load_sample
from tests.cli.commands import CAT, COMMAND, assert_same_numbers, refusal, run, save, strict
from tests.processes import loaded

STEMS = ("a", "b", "c", "d")


@pytest.fixture
def folders(tmp_path):
    """Four pairs of one photograph, the stronger the later; they are JPEGs and PNGs of one stem."""
    pixels = load_sample("cat").pixels[:96, :128]
    ref, out = tmp_path / "ref", tmp_path / "out"
    ref.mkdir()
    out.mkdir()
    for number, stem in enumerate(STEMS, start=1):
        save(pixels, ref / f"{stem}.bmp")
        save(distort(pixels, "gaussian_blur", number / 5), out / f"{stem}.png")
    return ref, out


@pytest.fixture
def many(tmp_path):
    """Twenty-four pairs, which take some seconds."""
    ref, out = tmp_path / "ref", tmp_path / "out"
    ref.mkdir()
    out.mkdir()
    for number in range(24):
        shutil.copy(CAT, ref / f"{number:02}.png")
        shutil.copy(CAT, out / f"{number:02}.png")
    return ref, out


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def some_failed(*arguments):
    """Run a command that does its work, but not for all pairs."""
    result = CliRunner().invoke(shell, list(map(str, arguments)))
    assert result.exit_code == 1, result.stderr
    return result


def start(*arguments, **options):
    return loaded(COMMAND, "measure", *arguments, **options)


def wait_for_lines(path, number):
    deadline = time.monotonic() + 60
    while not path.exists() or path.read_bytes().count(b"\n") < number:
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_table_has_the_numbers_from_python(folders, tmp_path):
    ref, out = folders
    table = tmp_path / "t.csv"
    options = ("--heads", "uniform", "--layers", "conv2,features.0", "--size", "100")
    settings = {"heads": "uniform", "layers": ["features.0", "conv2"], "size": 100}
    result = run("measure", ref, out, "--csv", table, *options)
    assert result.stdout.startswith(f"{table}: 4 measured, 0 already there, 0 failed\n\n4 pairs ")
    found = rows(table)
    assert [row["distorted.name"] for row in found] == [str(out / f"{stem}.png") for stem in STEMS]
    for row, stem in zip(found, STEMS, strict=True):
        expected = explorer.measure(ref / f"{stem}.bmp", out / f"{stem}.png", **settings)
        layers = ("features.0.distance", "conv2.distance")
        numbers = {name: float(row[name]) for name in ("score", "psnr", "ssim", *layers)}
        assert numbers == pytest.approx(
            {
                "score": expected.score,
                "psnr": expected.psnr,
                "ssim": expected.ssim,
                **{f"{layer.name}.distance": layer.distance for layer in expected.layers},
            },
            rel=1e-6,
        )
        assert (row["size.width"], row["size.height"], row["longest_side"]) == ("100", "75", "100")
        assert row["notes"] == "; ".join(map(str, expected.notes))
        assert (row["backbone"], row["heads"], row["weights"]) == ("alexnet", "uniform", "trained")
        assert (row["precision"], row["background"], row["fit"], row["error"]) == ("float32", "white", "", "")


def test_the_end_tells_mean_median_layers_and_the_worst_five_whichever_run_measured_them(folders, tmp_path):
    ref, out = folders
    (out / "b.png").rename(tmp_path / "b.png")
    run("measure", ref, out, "--csv", tmp_path / "t.csv")
    (tmp_path / "b.png").rename(out / "b.png")
    together = run("measure", ref, out, "--csv", tmp_path / "t.csv").stdout.partition("\n\n")[2]
    assert run("measure", ref, out).stdout.endswith(f"\n\n{together}")

    found = {stem: explorer.measure(ref / f"{stem}.bmp", out / f"{stem}.png") for stem in STEMS}
    scores = [measurement.score for measurement in found.values()]
    lines = [line.split() for line in together.splitlines()]
    assert lines[0] == ["4", "pairs", "mean", "median"]
    assert ["score", f"{np.mean(scores):.4f}", f"{np.median(scores):.4f}"] in lines
    conv2 = np.mean([measurement.layers[1].distance for measurement in found.values()])
    assert ["conv2", f"{conv2:.6f}", f"{conv2 / np.mean(scores):.1%}"] in lines
    worst = sorted(found, key=lambda stem: -found[stem].score)
    assert lines[-4:] == [[f"{found[stem].score:.4f}", str(out / f"{stem}.png")] for stem in worst]


def test_second_run_says_that_all_is_there(folders, tmp_path):
    run("measure", *folders, "--csv", tmp_path / "t.csv")
    before = (tmp_path / "t.csv").read_bytes()
    result = run("measure", *folders, "--csv", tmp_path / "t.csv")
    assert "t.csv: 0 measured, 4 already there, 0 failed\n" in result.stdout
    assert result.stderr == ""
    assert (tmp_path / "t.csv").read_bytes() == before


def test_table_of_other_settings_is_refused_with_the_mend(folders, tmp_path):
    run("measure", *folders, "--csv", tmp_path / "t.csv")
    line = refusal("measure", *folders, "--csv", tmp_path / "t.csv", "--weights", "random")
    assert "was measured with heads lpips-0.1, and this run asks for uniform" in line  # their default
    assert "another file for --csv" in line


def test_without_a_table_file_all_pairs_are_printed(folders):
    ref, out = folders
    text = run("measure", ref, out).stdout
    device = find_device("auto")
    assert text.startswith(f"AlexNet · LPIPS v0.1, on {device}, conv1, conv2, conv3, conv4, conv5\n")
    for stem in STEMS:
        score = explorer.measure(ref / f"{stem}.bmp", out / f"{stem}.png").score
        pattern = rf"^{score:.4f} .* 128 × 96  {ref / stem}.bmp  {out / stem}.png$"
        assert re.search(pattern, text, re.MULTILINE)
    assert "converted  nothing" in text


def test_json_of_folders_is_a_list_with_both_files_and_what_failed(folders):
    ref, out = folders
    (out / "b.png").write_bytes(b"no image")
    printed = strict(some_failed("measure", ref, out, "--json").stdout)
    assert [entry["distorted"]["name"] for entry in printed] == [str(out / f"{stem}.png") for stem in STEMS]
    assert set(printed[1]) == {"reference", "distorted", "error"}
    assert printed[1]["reference"] == {"name": str(ref / "b.bmp"), "digest": None}
    assert_same_numbers(printed[0], explorer.measure(ref / "a.bmp", out / "a.png"))


@pytest.mark.parametrize("side", ["ref", "out"])
@pytest.mark.parametrize("to", ["table", "screen"])
def test_unreadable_file_in_the_middle_is_named_and_the_rest_goes_on(folders, tmp_path, side, to):
    damaged = next((tmp_path / side).glob("b.*"))
    damaged.write_bytes(damaged.read_bytes()[:1000])
    result = some_failed("measure", *folders, *(("--csv", tmp_path / "t.csv") if to == "table" else ()))
    (line,) = [line for line in result.stderr.splitlines() if line.startswith("Failed: ")]
    assert line.startswith(f"Failed: {damaged} ")
    if to == "table":
        assert "t.csv: 3 measured, 0 already there, 1 failed\n\n3 pairs " in result.stdout
        assert [bool(row["error"]) for row in rows(tmp_path / "t.csv")] == [False, True, False, False]
    else:
        assert result.stdout.count(" × 96 ") == 3
        assert result.stdout.count("failed") == 1


def test_pair_that_is_too_small_at_the_asked_size_fails_and_the_rest_goes_on(folders):
    for path in (folders[0] / "b.bmp", folders[1] / "b.png"):
        save(np.zeros((40, 400, 3), np.uint8), path)  # at 256 it is 26 high
    result = some_failed("measure", *folders, "--size", "256")
    assert f"Failed: {folders[0] / 'b.bmp'} measures 256 × 26 pixels" in result.stderr
    assert "measure at a larger size" in result.stderr
    assert result.stdout.count(" 128 × 96 ") == 3


def test_all_pairs_may_fail(folders):
    for path in folders[1].iterdir():
        path.write_bytes(b"no image")
    assert some_failed("measure", *folders).stdout.count("failed ") == 4


def test_pair_of_two_sizes_fails_with_the_flag_that_mends_it(folders):
    save(load_sample("cat").pixels[:64, :64], folders[1] / "c.png")
    result = some_failed("measure", *folders)
    assert f"Failed: {folders[1] / 'c.png'}: The reference is 128 × 96" in result.stderr
    assert "(--fit resize or --fit crop)" in result.stderr
    assert run("measure", *folders, "--fit", "crop").stdout.count("64 × 64") >= 1


def test_images_without_a_partner_are_named_and_do_no_harm(folders):
    ref, out = folders
    (ref / "b.bmp").unlink()
    (out / "c.png").unlink()
    result = run("measure", ref, out)
    assert f"Note: {out / 'b.png'} has no partner\nNote: {ref / 'c.bmp'} has no partner\n" in result.stderr
    assert result.stdout.count("128 × 96") == 2


def test_files_that_differ_only_in_their_endings_are_said_and_not_measured(folders):
    ref, out = folders
    shutil.copy(out / "b.png", out / "b.webp")
    result = some_failed("measure", ref, out)
    assert f"Note: b.png, b.webp in {out} differ only in their endings" in result.stderr
    assert result.stdout.count("128 × 96") == 3


def test_progress_goes_to_standard_error_and_never_into_the_numbers(folders):
    result = run("measure", *folders, "--json")
    assert len(strict(result.stdout)) == 4
    assert re.fullmatch(r"1 of 4 pairs\n(. of 4 pairs.*\n)*4 of 4 pairs\n", result.stderr)


def test_killed_run_goes_on_where_it_ended(many, tmp_path):
    table = tmp_path / "t.csv"
    with start(*many, "--csv", table) as child:
        wait_for_lines(table, 4)
        child.kill()
    kept = table.read_bytes()
    whole = kept[: kept.rfind(b"\n") + 1]
    done = whole.count(b"\n") - 1
    assert 3 <= done < 24
    table.write_bytes(whole + b"half a li")  # what a kill leaves when it comes at a bad moment
    with start(*many, "--csv", table) as child:
        stdout, _ = child.communicate()
    assert child.returncode == 0
    assert stdout.startswith(f"{table}: {24 - done} measured, {done} already there, 0 failed\n\n24 pairs ")
    assert table.read_bytes().startswith(whole)
    assert [row["distorted.name"] for row in rows(table)] == [str(path) for path in sorted(many[1].iterdir())]
    assert {path.name for path in tmp_path.iterdir()} == {"ref", "out", "t.csv"}


def test_full_disk_is_told_and_the_run_goes_on_later(folders, tmp_path):
    table = tmp_path / "t.csv"
    no_file_beyond = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (900, 900))"
    with loaded(f"{no_file_beyond}\n{COMMAND}", "measure", *folders, "--csv", table) as child:
        stdout, stderr = child.communicate()
    assert (child.returncode, stdout) == (2, "")
    assert stderr.splitlines()[-1].startswith(f"Error: Invalid value for '--csv': {table} cannot be")
    assert "Traceback" not in stderr
    assert 0 < table.stat().st_size <= 900
    kept = table.read_bytes().count(b"\n") - 1
    assert f"{4 - kept} measured, {kept} already there" in run("measure", *folders, "--csv", table).stdout
    assert len(rows(table)) == 4


def test_interrupted_run_says_that_it_can_go_on(many, tmp_path):
    table = tmp_path / "t.csv"
    with start(*many, "--csv", table) as child:
        wait_for_lines(table, 2)
        child.send_signal(signal.SIGINT)
        stdout, stderr = child.communicate()
    assert (child.returncode, stdout) == (130, "")
    assert stderr.strip().endswith("Stopped; the same command goes on from here.")
    assert "Traceback" not in stderr
    assert 1 <= len(rows(table)) < 24


def test_terminal_shows_a_bar_with_the_failures_above_it(folders, tmp_path):
    (folders[1] / "b.png").write_bytes(b"no image")
    ours, theirs = pty.openpty()
    with start(*folders, "--csv", tmp_path / "t.csv", terminal=theirs) as child:
        os.close(theirs)
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:  # how Linux tells that the other side is closed
                break
            if not piece:
                break
            shown += piece
    os.close(ours)
    assert child.returncode == 1
    text = shown.decode()
    assert "4 of 4 pairs  [####################################]  100%" in text
    assert re.search(rf"\r\033\[KFailed: {re.escape(str(folders[1]))}/b.png is text.*\r\n", text)
    assert text.rstrip().endswith("\033[?25h")  # the cursor is shown again


BOTH = ("--backbone", "alexnet,squeezenet1_1", "--weights", "random")


def test_several_backbones_give_a_row_and_a_summary_each_and_a_second_run_finds_all(folders, tmp_path):
    (folders[1] / "d.png").write_bytes(b"no image")
    table = tmp_path / "t.csv"
    result = some_failed("measure", *folders, "--csv", table, *BOTH)
    assert result.stdout.startswith(f"{table}: 6 measured, 0 already there, 2 failed\n\nAlexNet · uniform")
    assert result.stdout.count("\n3 pairs ") == 2
    assert result.stderr.count("Failed: ") == 1  # the file is named once
    found = rows(table)
    assert [row["backbone"] for row in found] == ["alexnet", "squeezenet1_1"] * 4
    expected = explorer.measure(
        folders[0] / "b.bmp", folders[1] / "b.png", backbone="squeezenet1_1", weights="random"
    )
    assert float(found[3]["score"]) == pytest.approx(expected.score, rel=1e-6)
    again = some_failed("measure", *folders, "--csv", table, *BOTH)
    assert "t.csv: 0 measured, 6 already there, 2 failed\n" in again.stdout
    assert again.stdout.partition("\n")[2] == result.stdout.partition("\n")[2]


def test_json_with_several_backbones_names_that_of_a_pair_that_failed(folders):
    (folders[1] / "b.png").write_bytes(b"no image")
    printed = strict(some_failed("measure", *folders, "--json", *BOTH).stdout)
    assert [entry["backbone"] for entry in printed] == ["alexnet", "squeezenet1_1"] * 4
    assert [("error" in entry) for entry in printed] == [False, False, True, True] + [False] * 4


def test_a_folder_of_candidates_is_ranked_and_summed_up_and_the_reference_among_them_left_out(folders):
    ref, out = folders
    save(load_sample("cat").pixels[:96, :128], out / "original.png")
    (out / "broken.png").write_bytes(b"no image")
    result = some_failed("measure", out / "original.png", out)
    assert f"Note: {out / 'original.png'} is the reference itself" in result.stderr
    assert f"Failed: {out / 'broken.png'} is text" in result.stderr
    assert "closest first" in result.stdout
    shown = re.findall(r"^ *(\d\.\d{4}) .* 128 × 96  (\S+)$", result.stdout, re.MULTILINE)
    assert [name for _, name in shown] == [str(out / f"{stem}.png") for stem in STEMS]
    assert "\n4 pairs " in result.stdout
    assert not list(ref.glob("original*"))


def test_candidates_by_name_go_into_a_table_with_the_summary_of_a_folder(folders, tmp_path):
    ref, out = folders
    table = tmp_path / "t.csv"
    named = run("measure", ref / "a.bmp", *(out / f"{stem}.png" for stem in STEMS), "--csv", table)
    assert named.stdout.startswith(f"{table}: 4 measured, 0 already there, 0 failed\n\n4 pairs ")
    assert {row["reference.name"] for row in rows(table)} == {str(ref / "a.bmp")}
    whole = run("measure", ref / "a.bmp", out, "--csv", table)
    assert "t.csv: 0 measured, 4 already there, 0 failed\n" in whole.stdout
    assert whole.stdout.partition("\n")[2] == named.stdout.partition("\n")[2]
    ranked = run("measure", ref / "a.bmp", *(out / f"{stem}.png" for stem in STEMS)).stdout
    assert ranked.endswith(named.stdout.partition("\n\n")[2])
