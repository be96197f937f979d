"""Two folders measured in the background: the shell's rows, each once, and none from outside of the root."""

import os
import threading

import pytest
from PIL import Image

from explorer.analysis.dataset import job as job_module
from explorer.analysis.dataset import read_rows
from explorer.analysis.dataset.job import Folders, folders_task, remarks_of, table_of
from explorer.analysis.folders import file_digest
from explorer.cache import ByteBudgetCache, SharedBudget
from explorer.distortions import distort
from explorer.errors import ImageError
from explorer.files import walking as walking_module
from explorer.jobs import LANES, Pool
from explorer.metrics import Method
from explorer.samples import load_sample
from tests.cli.commands import run

SECONDS = 120
METHODS = (Method(size=64),)


@pytest.fixture
def root(tmp_path):
    """Three pairs below a root, of which one cannot be read."""
    pixels = load_sample("cat").pixels[:64, :80]
    for number, stem in enumerate("abc", start=1):
        for side, shown in (("ref", pixels), ("out", distort(pixels, "gaussian_blur", number / 4))):
            (tmp_path / side).mkdir(exist_ok=True)
            Image.fromarray(shown).save(tmp_path / side / f"{stem}.png")
    (tmp_path / "out/b.png").write_bytes(b"no image")
    return tmp_path


@pytest.fixture
def pool():
    found = Pool(LANES, 10**10)
    yield found
    found.end()


def folders_of(root, **how):
    return Folders(root, root / "ref", root / "out", METHODS, **how)


def new_cache():
    return ByteBudgetCache(10**6, SharedBudget(10**6))


def test_rows_are_those_that_the_shell_writes_of_the_same_folders(root, pool, monkeypatch):
    folders = folders_of(root)
    job = pool.start(folders_task(folders, folders.pair().pairs, new_cache()))
    assert job.wait(SECONDS)
    assert (job.state, len(job.results)) == ("done", 3)
    assert [bool(row.get("error")) for row in job.results] == [False, True, False]
    assert job.results[1]["error"].startswith("out/b.png is text")
    monkeypatch.chdir(root)
    monkeypatch.setattr("explorer.cli.folders.SOME_FAILED", 0)
    run("measure", "ref", "out", "--size", "64", "--csv", "t.csv")
    assert table_of(folders, job.results) == (root / "t.csv").read_bytes()
    assert len(read_rows(job.results, "ref and out").pairs) == 2


def test_several_backbones_fill_the_table_that_the_shell_writes_with_them_and_measure_nothing_twice(
    root, pool, monkeypatch
):
    methods = tuple(Method(name, weights="random", size=64) for name in ("alexnet", "squeezenet1_1"))
    known, alone, both = (
        new_cache(),
        *(Folders(root, root / "ref", root / "out", methods[n:]) for n in (1, 0)),
    )
    pairs = both.pair().pairs
    assert pool.start(folders_task(alone, pairs, known)).wait(SECONDS)  # rows with the columns of one alone
    asked, real = [], job_module.compare

    def compare(*pair, **how):
        asked.append(pair[2].backbone)
        return real(*pair, **how)

    monkeypatch.setattr(job_module, "compare", compare)
    job = pool.start(folders_task(both, pairs, known))
    assert job.wait(SECONDS)
    assert (job.state, job.done, job.amounts) == ("done", 6, "6 of 6 measurements")
    assert asked == ["alexnet", "alexnet"]  # one pair cannot be read
    monkeypatch.chdir(root)
    monkeypatch.setattr("explorer.cli.folders.SOME_FAILED", 0)
    how = ("--backbone", "alexnet,squeezenet1_1", "--weights", "random", "--size", "64")
    run("measure", "ref", "out", *how, "--csv", "t.csv")
    assert table_of(both, job.results) == (root / "t.csv").read_bytes()
    found = read_rows(job.results, "ref and out")
    assert [how.backbone for how in found.hows] == ["alexnet", "squeezenet1_1"]


def test_as_given_each_pair_has_its_own_size_and_one_that_is_too_large_says_so(root, pool, monkeypatch):
    folders = Folders(root, root / "ref", root / "out", (Method(),))
    monkeypatch.setattr(job_module, "LARGEST_AS_GIVEN", 80)
    Image.new("RGB", (81, 64)).save(root / "ref/c.png")
    Image.new("RGB", (81, 64)).save(root / "out/c.png")
    job = pool.start(folders_task(folders, folders.pair().pairs, new_cache()))
    assert job.wait(SECONDS)
    first, _, large = job.results
    assert (first.get("longest_side", ""), first["size.width"], first["size.height"]) == ("", "80", "64")
    assert large["error"].startswith("out/c.png has 81 × 64 pixels, and as given pictures of up to 80 a side")


def test_rows_hold_the_hashes_of_the_measured_files_wherever_the_server_was_started(
    root, pool, tmp_path_factory, monkeypatch
):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for side in ("ref", "out"):
        (elsewhere / side).mkdir()
        (elsewhere / side / "a.png").write_bytes(b"another file of the same name")
    monkeypatch.chdir(elsewhere)
    folders, known = folders_of(root), new_cache()
    expected = [file_digest(root / "ref/a.png"), file_digest(root / "out/a.png")]
    for _ in ("measured", "known"):
        job = pool.start(folders_task(folders, folders.pair().pairs[:1], known))
        assert job.wait(SECONDS)
        (row,) = job.results
        assert [row["reference.file_digest"], row["distorted.file_digest"]] == expected
        assert (row["reference.name"], row["distorted.name"]) == ("ref/a.png", "out/a.png")


def test_a_run_that_was_cancelled_keeps_its_rows_and_measures_none_of_them_again(root, pool, monkeypatch):
    folders, known = folders_of(root), new_cache()
    asked, first_is_done = [], threading.Event()
    real = job_module.compare

    def compare(reference, *rest, **how):
        asked.append(rest[0].name)
        return real(reference, *rest, **how)

    monkeypatch.setattr(job_module, "compare", compare)
    pairs = folders.pair().pairs
    started = pool.start(folders_task(folders, pairs, known), lambda: not asked or first_is_done.set())
    assert started.wait(SECONDS)
    assert (started.state, len(started.results)) == ("cancelled", 1)
    again = pool.start(folders_task(folders, pairs, known))
    assert again.wait(SECONDS)
    assert again.results[0] == started.results[0]
    assert asked == ["out/a.png", "out/c.png"]
    Image.new("RGB", (80, 64)).save(root / "out/a.png")  # another picture of the same name
    changed = pool.start(folders_task(folders, pairs, known))
    assert changed.wait(SECONDS)
    assert asked[2:] == ["out/a.png"]


def test_a_link_to_a_file_outside_is_no_pair(root, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.png"
    outside.write_bytes((root / "ref/a.png").read_bytes())
    (root / "out/c.png").unlink()
    (root / "out/c.png").symlink_to(outside)
    assert [pair.distorted.name for pair in folders_of(root).pair().pairs] == ["a.png", "b.png"]
    for name in "ab":
        (root / f"out/{name}.png").unlink()
    with pytest.raises(ImageError, match="links that lead out"):
        folders_of(root).pair()


def test_a_pipe_is_no_pair_for_reading_it_would_never_end(root):
    (root / "out/c.png").unlink()
    os.mkfifo(root / "out/c.png")
    assert [pair.distorted.name for pair in folders_of(root).pair().pairs] == ["a.png", "b.png"]


def test_more_pairs_than_are_measured_are_refused_with_the_limit(root, monkeypatch):
    monkeypatch.setattr(job_module, "MOST_PAIRS", 2)
    with pytest.raises(ImageError, match="hold 3 pairs, and up to 2 are measured here"):
        folders_of(root).pair()


def test_a_folder_that_holds_too_much_is_refused_before_all_of_it_is_read(root, monkeypatch):
    entries = 3 + 1
    (root / "ref/notes").mkdir()
    monkeypatch.setattr(job_module, "MOST_ENTRIES", entries)
    assert len(folders_of(root).pair().pairs) == 3
    (root / "ref/notes/x.txt").write_bytes(b"x")
    with pytest.raises(ImageError, match="ref holds more than 4 files and folders") as refused:
        folders_of(root).pair()
    assert str(root) not in str(refused.value)


def test_sentences_name_paths_from_the_root_alone(root):
    (root / "ref/alone.png").write_bytes(b"x")
    (root / "ref/a.jpg").write_bytes(b"x")
    folders = folders_of(root)
    said = remarks_of(folders.pair(), folders)
    assert said == (
        "1 without a partner in the other folder: ref/alone.png.",
        "1 not measured, for the files differ only in their endings: ref/a.jpg, ref/a.png.",
    )
    (root / "empty").mkdir()
    (root / "ref/a.jpg").unlink()
    with pytest.raises(ImageError, match="No image in ref has a partner in empty") as refused:
        Folders(root, root / "ref", root / "empty", METHODS).pair()
    assert str(root) not in str(refused.value)
    with pytest.raises(ImageError, match=r"No image in “\.” has a partner in empty") as refused:
        Folders(root, root, root / "empty", METHODS).pair()
    assert str(root) not in str(refused.value)


def test_a_folder_that_cannot_be_read_is_named_from_the_root(root, monkeypatch):
    def scandir(folder):
        raise PermissionError(13, "Permission denied", str(folder))

    monkeypatch.setattr(walking_module.os, "scandir", scandir)
    with pytest.raises(ImageError, match=r"^The folder ref cannot be read"):
        folders_of(root).pair()
    with pytest.raises(ImageError, match=r"^The folder “\.” cannot be read"):
        Folders(root, root, root / "out", METHODS).pair()
