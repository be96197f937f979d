"""Judgments as files that other programs read, and what they agree with."""

import csv
import io

import pytest

from explorer.analysis.disagreement import disagreements
from explorer.analysis.rulers import PSNR, label_of
from explorer.analysis.version_grid import GridRow, GridVersion
from explorer.distortions import Recipe, Step
from explorer.images import derive
from explorer.judgments.answers import answered, tally
from explorer.judgments.judgment import Judgment, scene_of, to_csv
from explorer.metrics import Method

METHOD = Method(device="cpu")
BOTH = PSNR, METHOD
LABELS = [label_of(ruler) for ruler in BOTH]


@pytest.fixture
def reference(photo):
    return photo("cat", (32, 24))


@pytest.fixture
def card(reference):
    jpeg = GridVersion(Step.at("jpeg", 0.5), "a", (30.0, 0.9))
    shift = GridVersion(Step.at("shift", 0.5), "b", (20.0, 0.1))
    return disagreements(reference, BOTH, [GridRow("jpeg", (jpeg,)), GridRow("shift", (shift,))]).cards[0]


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_table_has_the_columns_of_pwcmp_and_recipes_that_make_the_pictures_again(reference, card):
    for seed in range(4):
        left, right = card.sides(seed)
        for side in "AB":
            answer = answered(card, BOTH, reference, side, seed, "Ann", "s1")
            (row,) = rows(to_csv([answer.judgment]))
            assert list(row) == [
                *("observer", "session", "scene", "condition_A", "condition_B", "is_A_selected")
            ]
            assert (row["observer"], row["session"]) == ("Ann", "s1")
            assert row["scene"] == f"Cat 32x24 {reference.digest[:12]}"
            assert Recipe.from_link(row["condition_A"]) == Recipe((left.step,))
            assert Recipe.from_link(row["condition_B"]) == Recipe((right.step,))
            assert row["is_A_selected"] == str(int(side == "A"))


def test_an_answer_agrees_with_the_metric_that_prefers_the_same_version(reference, card):
    for seed in range(4):
        verdicts = card.verdicts(BOTH, seed)
        for verdict in verdicts:
            answer = answered(card, BOTH, reference, verdict.prefers, seed)
            assert answer.agrees_with == verdict.metric


def test_the_tally_names_first_with_whom_one_agreed_more_often(reference, card):
    by = {verdict.metric: verdict.prefers for verdict in card.verdicts(BOTH)}
    one, other = (answered(card, BOTH, reference, by[label]) for label in LABELS)
    assert tally(LABELS, []) == ""
    assert tally(LABELS, [one]) == f"You agreed with {LABELS[0]} once, with {LABELS[1]} never."
    assert tally(LABELS, [one, other, other, other, other, one]) == (
        f"You agreed with {LABELS[1]} 4 times, with {LABELS[0]} twice."
    )


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_a_formula_to_a_spreadsheet(reference, name):
    scene = scene_of(derive(reference, reference.pixels, name=name))
    (row,) = rows(to_csv([Judgment(name, "s", scene, "jpeg~quality~9", "jpeg~off", True)]))
    for column in ("observer", "scene"):
        assert row[column][0] not in "=+-@\t\r"
    assert row["observer"].endswith(name.strip())


def test_names_with_commas_and_quotes_stay_in_their_cells_and_a_row_is_a_line():
    judgment = Judgment('a,"b"\nc', "s", "x", "jpeg~off", "shift~off", False)
    text = to_csv([judgment])
    assert len(text.splitlines()) == 2
    (row,) = rows(text)
    assert row["observer"].startswith('a,"b"')
    assert row["is_A_selected"] == "0"
