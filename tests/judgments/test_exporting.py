"""The files of a class: a table for pwcmp, and folders that give the same scores again."""

import csv
import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import URL

from explorer.analysis.rulers import PSNR, SSIM, text_of
from explorer.images import load
from explorer.judgments.class_distances import distances_of, measures, ruler_identity, versions_of
from explorer.judgments.class_results import class_results
from explorer.judgments.exporting import HOW_COLUMNS, SAME_COLUMNS, subset_of, to_folder, to_table, to_zip
from explorer.judgments.judgment import COLUMNS
from explorer.judgments.running import evaluate
from explorer.judgments.scores import ceiling, jnd_precision, two_afc
from explorer.judgments.store import Store
from explorer.metrics import Method
from tests.judgments.classes import People, session, vote

RULERS = (PSNR, SSIM, Method(device="cpu"))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("votes")
    store = Store(URL.create("sqlite", database=str(folder / "votes.sqlite3")))
    yield store
    store.release()


def classed(store, kind):
    """A class of three, with its results by three metrics."""
    keys, plan = session(store, kind, 6)
    vote(store, keys.code, plan, People(store, plan, sharpness=3), 3)
    votes = store.votes(keys.code)
    distances = []
    for ruler in RULERS:
        found = [
            each
            for reference, versions in versions_of(plan).items()
            for each in measures(ruler, reference, versions, store.picture)
        ]
        distances.append(distances_of(plan, ruler, {each.key: each for each in found}))
    return keys.code, plan, votes, class_results(plan, votes, distances)


@pytest.fixture(scope="module", params=["2afc", "jnd"])
def made(store, request):
    return classed(store, request.param)


def test_a_layout_reads_back_with_the_same_scores_by_a_loop_of_its_own(made, store, tmp_path):
    code, plan, _, found = made
    to_folder(tmp_path, plan, code, found.tally, store.picture)
    folder = tmp_path / plan.kind / "val" / subset_of(code)
    judged = folder / ("judge" if plan.kind == "2afc" else "same")
    stems = sorted(path.stem for path in judged.iterdir())
    people = np.array([np.load(judged / f"{stem}.npy", allow_pickle=False)[0] for stem in stems])

    def error(one, other):  # which orders pictures as PSNR does
        return np.array(
            [np.mean((pixels(folder / one, stem) - pixels(folder / other, stem)) ** 2) for stem in stems]
        )

    by_psnr = found.metrics[0].score.value
    if plan.kind == "2afc":
        expected = two_afc(error("ref", "p0"), error("ref", "p1"), people)
        assert found.ceiling.value == pytest.approx(ceiling(people), abs=1e-12)
    else:
        expected = jnd_precision(error("p0", "p1"), people).score
    assert by_psnr == pytest.approx(expected, abs=1e-12)


def test_a_class_reads_back_through_the_path_of_data_sets_with_identical_scores_and_intervals(
    made, store, tmp_path
):
    code, plan, _, found = made
    to_folder(tmp_path, plan, code, found.tally, store.picture)
    read = evaluate(tmp_path, metrics=tuple(map(text_of, RULERS)), size=64)
    (subset,) = read.subsets
    assert (read.kind, subset.name, subset.trials) == (plan.kind, subset_of(code), len(found.tally.trials))
    assert read.skipped == ()
    for each in found.metrics:
        assert subset.scores[each.text] == each.score
    if plan.kind == "2afc":
        assert subset.ceiling == found.ceiling


def pixels(folder, stem):
    return np.asarray(Image.open(folder / f"{stem}.png"), float)


def test_a_layout_holds_the_pictures_as_they_were_shown_and_no_sentinels(made, store):
    code, plan, _, found = made
    packed = to_zip(plan, code, found.tally, store.picture)
    assert packed == to_zip(plan, code, found.tally, store.picture)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        assert "64 pixels on the longest side" in archive.read("README.txt").decode()
        for number in found.tally.trials.tolist():
            stem = f"{plan.kind}/val/{subset_of(code)}"
            trial = plan.trials[number]
            assert load(archive.read(f"{stem}/p1/{number:06d}.png")).digest == trial.b
    sentinels = [trial.number for trial in plan.trials if trial.is_sentinel]
    assert sentinels
    assert not any(f"{number:06d}" in name for number in sentinels for name in names)


def test_the_table_has_a_row_a_vote_in_pwcmps_columns(made):
    code, plan, votes, _ = made
    rows = list(csv.reader(io.StringIO(to_table(plan, code, votes))))
    assert len(rows) == 1 + len(votes)
    own = len(rows[0]) - len(HOW_COLUMNS)
    assert tuple(rows[0][own:]) == HOW_COLUMNS
    rows = [row[:own] for row in rows]
    if plan.kind == "2afc":
        assert tuple(rows[0]) == COLUMNS
        trial = plan.trials[votes[0].trial]
        assert rows[1] == [
            "P1",
            code,
            trial.scene,
            trial.condition_a,
            trial.condition_b,
            str(int(votes[0].choice == "A")),
        ]
    else:
        assert tuple(rows[0]) == SAME_COLUMNS
        assert [row[-1] for row in rows[1:]] == [str(int(each.choice == "same")) for each in votes]


def test_the_table_says_how_each_answer_was_given_and_pwcmps_columns_stand_first(made):
    code, plan, votes, _ = made
    how = {"pixels_per_degree": 43.5, "scale": 4.0, "frames": (1000.1, 250.0, 999.9), "was_swapped": True}
    told, silent = replace(votes[0], **how), replace(votes[1], milliseconds=12)
    first, second = csv.DictReader(io.StringIO(to_table(plan, code, [told, silent])))
    assert [first[name] for name in HOW_COLUMNS] == [
        str(told.trial), "1", str(told.milliseconds), "43.5", "4", "1000.1", "250.0", "999.9"
    ]  # fmt: skip
    assert [second[name] for name in HOW_COLUMNS[2:]] == ["12", "", "", "", "", ""]


def test_no_text_of_a_table_is_taken_for_a_formula(made):
    code, plan, votes, _ = made
    evil = tuple(replace(trial, condition_b="=HYPERLINK(1)", scene="+1") for trial in plan.trials)
    rows = list(csv.reader(io.StringIO(to_table(replace(plan, trials=evil), code, votes[:1]))))
    assert "'=HYPERLINK(1)" in rows[1]
    assert "'+1" in rows[1]


def test_methods_of_one_number_are_measured_once_for_all():
    assert ruler_identity(Method(device="cpu")) == ruler_identity(Method(device="auto"))
    assert ruler_identity(PSNR) != ruler_identity(SSIM)
