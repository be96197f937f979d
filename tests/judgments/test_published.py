"""The bundled votes of the paper's data set give the numbers that are known of them; its table agrees."""

import numpy as np
import pandas as pd
import pytest

from explorer.judgments import published
from explorer.judgments.evaluation import evaluate
from explorer.places import assets

# Of alex_vanilla, and of people among themselves, as they were computed when the votes were taken over.
ALEX = dict(zip(published.SUBSETS, (77.48, 82.87, 71.19, 61.04, 65.23, 62.43), strict=True))
PEOPLE = dict(zip(published.SUBSETS, (80.84, 84.35, 73.60, 66.09, 68.83, 68.61), strict=True))


@pytest.fixture(scope="module")
def found():
    return evaluate(published.votes(), count=200).to_dict()


def test_the_votes_give_the_scores_and_ceilings_that_are_known(found):
    assert list(found["subsets"]) == list(published.SUBSETS)
    for name, subset in found["subsets"].items():
        assert subset["scores"]["alex_vanilla"] == pytest.approx(ALEX[name], abs=0.005001), name
        assert subset["ceiling"] == pytest.approx(PEOPLE[name], abs=0.005001), name
    assert sum(subset["trials"] for subset in found["subsets"].values()) == 36_344


def test_all_four_metrics_have_the_scores_that_the_table_gives_by_itself(found):
    frame = pd.read_csv(assets("judgments") / published.VOTES, dtype={"name": str})
    for metric in (each.name for each in published.METRICS):
        d0, d1, judge = frame[f"d0_{metric}"], frame[f"d1_{metric}"], frame["judge"]
        frame[metric] = (d0 < d1) * (1 - judge) + (d1 < d0) * judge + (d0 == d1) * 0.5
        means = frame.groupby("subset")[metric].mean() * 100
        for name, subset in found["subsets"].items():
            assert subset["scores"][metric] == pytest.approx(means[name], abs=1e-9)
            low, high = subset["intervals"][metric]
            assert low < subset["scores"][metric] < high < low + 4
        assert found["all"]["scores"][metric] == pytest.approx(means.mean(), abs=1e-9)


def test_the_votes_cannot_be_changed_by_who_uses_them():
    with pytest.raises(ValueError, match="read-only"):
        published.votes().people[0] = 1


def test_table_5_agrees_with_the_votes_on_how_far_people_agree():
    human, *others = published.table_5()
    assert human.name == "human"
    for subset, percent in PEOPLE.items():
        assert human.scores[subset] == pytest.approx(percent / 100, abs=0.0105)  # deblur differs by a point
    assert human.mean == pytest.approx(0.7385, abs=1e-4)
    assert len(others) == 10
    assert all(0.5 < row.scores[subset] < human.scores[subset] for row in others for subset in PEOPLE)
    assert {row.training for row in others} == {"none", "random", "self-supervised", "supervised", "tuned"}
    assert not np.isnan([row.mean for row in others]).any()
