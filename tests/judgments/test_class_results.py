"""A class: its scores, what can be reached, who is left out, and where it contradicts metrics."""

import json
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import binomtest
from sklearn.metrics import average_precision_score

from explorer.figures.people import agreement_chart, has_scores
from explorer.judgments.asking.trial import Plan, Trial, Vote
from explorer.judgments.class_disputes import dispute_sentence, disputes, values_of, wilson_low
from explorer.judgments.class_distances import Measure, TrialDistances, distances_of
from explorer.judgments.class_results import class_results, participant_lines, tally_of
from explorer.judgments.scores import ceiling, two_afc


def plan_of(count=6, kind="2afc", sentinels=2, references=3):
    """Trials on a few references, the last ones sentinels."""
    right, choices = ("A", "2afc") if kind == "2afc" else ("same", "jnd")
    trials = [
        Trial(
            number,
            choices,
            "noise" if number % 2 else "blur",
            "cat",
            "jpeg~quality~9",
            f"jpeg~quality~{10 + number}",
            f"r{number % references}",
            f"a{number}",
            f"b{number}",
            right if number >= count else None,
        )
        for number in range(count + sentinels)
    ]
    return Plan("Class", kind, tuple(trials), len(trials))


def votes_of(table, plan):
    """Votes from text: a line a participant, a letter a trial; "." for none."""
    first, second = plan.trials[0].choices
    choices = {"A": first, "B": second}
    return [
        Vote(person, trial, choices[letter], False, 1000 * person, 0.0, None, 0)
        for person, line in enumerate(table.split(), start=1)
        for trial, letter in enumerate(line)
        if letter in choices
    ]


def metric(values, text="psnr", is_similarity=True, problem=""):
    return TrialDistances(text, text.upper(), is_similarity, np.asarray(values, float), problem)


TABLE = "ABBABAAA BBBABBAA ABAABAAA AB....BB"


def test_a_metrics_score_is_the_papers_over_all_trials_with_a_vote():
    plan = plan_of()
    values = np.random.default_rng(0).normal(size=(8, 2))
    values[3] = 1.0  # it does not choose
    found = class_results(plan, votes_of(TABLE, plan), [metric(values), metric(values, "x", False)])
    share = np.array([1 / 4, 1, 2 / 3, 0, 1, 1 / 3])
    assert found.tally.share == pytest.approx(share)
    assert found.metrics[0].score.value == pytest.approx(two_afc(-values[:6, 0], -values[:6, 1], share))
    assert found.metrics[1].score.value == pytest.approx(two_afc(values[:6, 0], values[:6, 1], share))
    assert found.ceiling.value == pytest.approx(ceiling(share))
    assert found.majority == pytest.approx(np.mean(np.maximum(share, 1 - share)))
    assert found.metrics[0].score.low <= found.metrics[0].score.value <= found.metrics[0].score.high
    assert found.votes == 20  # without eight of sentinels
    of_blur = [0, 2, 4]
    expected = two_afc(-values[of_blur, 0], -values[of_blur, 1], share[of_blur])
    assert found.metrics[0].by_family["blur"] == pytest.approx(expected)
    assert [(line.name, line.trials, line.votes) for line in found.families] == [
        ("blur", 3, 10),
        ("noise", 3, 10),
    ]


def test_metrics_that_tie_are_named_together():
    plan = plan_of()
    values = np.random.default_rng(0).normal(size=(8, 2))
    found = class_results(plan, votes_of(TABLE, plan), [metric(values), metric(-values, "x", False)])
    assert [each.text for each in found.best] == ["psnr", "x"]
    assert "PSNR and X agree with them equally, on 46% each" in found.sentence


def test_scores_that_show_alike_are_a_tie():
    votes = votes_of("\n".join("AB" * 125 for _ in range(2)), plan := plan_of(count=250, sentinels=0))
    right = np.tile([(1.0, 0.0), (0.0, 1.0)], (125, 1))
    wrong = [right.copy() for _ in range(3)]
    for values, count in zip(wrong, (100, 101, 150), strict=True):  # 60.0%, 59.6% and 40%
        values[:count] = values[:count, ::-1]
    metrics = [metric(values, name) for values, name in zip(wrong, "xyz", strict=True)]
    found = class_results(plan, votes, metrics)
    assert "X and Y agree with them most, on 60% each" in found.sentence
    alone = class_results(plan, votes, metrics[1:])
    assert "Y agrees with them most, on 60%;" in alone.sentence


def test_answers_are_told_apart_where_some_are_in_no_score():
    plan = plan_of()
    votes = votes_of(TABLE, plan)
    assert class_results(plan, votes, []).answers_told == "20 votes, 8 sentinels"
    found = class_results(plan, votes, [], at_most=1)
    assert found.left_out == (4,)
    assert found.answers_told == "18 votes, 6 sentinels, 4 left out"
    plan = plan_of(count=8, sentinels=0)
    assert class_results(plan, votes_of(TABLE, plan), []).answers_told == ""


def test_people_among_themselves_are_every_two_who_saw_the_same_trial():
    plan = plan_of()
    votes = votes_of(TABLE, plan)
    of_trial = [[vote.choice for vote in votes if vote.trial == trial] for trial in range(6)]
    alike = [np.mean([one == other for one, other in combinations(each, 2)]) for each in of_trial]
    assert class_results(plan, votes, []).peers.value == pytest.approx(np.mean(alike))


def test_who_fails_more_sentinels_than_allowed_is_in_no_score():
    plan = plan_of()
    votes = votes_of(TABLE, plan)
    assert [(line.failed, line.sentinels) for line in participant_lines(plan, votes)] == [
        (0, 2),
        (0, 2),
        (0, 2),
        (2, 2),
    ]
    found = class_results(plan, votes, [], at_most=1)
    assert found.left_out == (4,)
    assert found.notes[0] == "Participant 4 is left out, having failed too many sentinels."
    alone = class_results(plan, [vote for vote in votes if vote.participant != 4], [])
    assert found.tally.share == pytest.approx(alone.tally.share)
    assert found.seconds == alone.seconds == 2.0
    assert class_results(plan, votes, [], at_most=2).left_out == ()


@pytest.mark.parametrize(
    ("table", "note"),
    [
        ("AAAAAAAA", "With 1.0 votes a trial the ceiling is too high: everybody agrees with themselves."),
        ("AA......", "2 of 6 trials have a vote so far; the scores are of these alone."),
        ("A....... A.......", "All votes are on one reference, so there are no intervals"),
        ("AAB..... ABB.....", "two different participants say the same in 67%."),
    ],
)
def test_too_few_votes_are_said(table, note):
    plan = plan_of()
    found = class_results(plan, votes_of(table, plan), [metric(np.zeros((8, 2)))])
    assert any(note in each for each in found.notes)


@pytest.mark.parametrize("kind", ["2afc", "jnd"])
def test_a_class_without_votes_has_no_scores_and_says_so(kind):
    plan = plan_of(kind=kind)
    found = class_results(plan, [], [metric(np.zeros((8, 2)))])
    assert found.sentence == "Nobody has voted yet."
    assert np.isnan(found.metrics[0].score.value)
    assert found.best == ()
    assert disputes(plan, found, metric(np.zeros((8, 2)))) == ()
    assert found.to_dict()["metrics"]["psnr"]["score"] is None


@pytest.mark.parametrize("kind", ["2afc", "jnd"])
def test_a_picture_too_small_for_a_metric_takes_its_trial_and_no_other(kind):
    plan = plan_of(kind=kind)
    values = np.random.default_rng(2).normal(size=(8, 2))
    whole, partly = metric(values, "x", False), values.copy()
    partly[2] = np.nan
    bad = TrialDistances("y", "Y", False, partly, partly="SSIM needs at least 11 × 11 pixels.")
    table = "AAABAB.. BAABBB.. AABABA.."
    found = class_results(plan, votes_of(table, plan), [whole, bad])
    kept = class_results(
        plan,
        votes_of(
            table.replace("AAABAB", "AA.BAB").replace("BAABBB", "BA.BBB").replace("AABABA", "AA.ABA"), plan
        ),
        [whole],
    )
    assert found.metrics[1].score.value == pytest.approx(kept.metrics[0].score.value)
    assert [each.trials for each in found.metrics] == [6, 5]
    assert (
        "The score of Y is of 5 of the 6 trials with a vote: SSIM needs at least 11 × 11 pixels."
        in found.notes
    )
    assert all(each.trial != 2 for each in disputes(plan, found, bad))
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize("kind", ["2afc", "jnd"])
def test_where_everybody_is_left_out_nothing_is_undefined_in_the_files_and_it_is_said(kind):
    plan = plan_of(kind=kind)
    found = class_results(plan, votes_of("ABABABBB", plan), [metric(np.zeros((8, 2)))], at_most=0)
    assert (found.left_out, found.votes) == ((1,), 0)
    assert found.sentence == "Everybody who has voted is left out, so there is nothing to score."
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["median_seconds"] is None
    assert not has_scores(found)
    assert len(agreement_chart(found).data[0].y) == 0


def test_values_that_are_not_there_are_told_from_a_metric_that_measures_nothing():
    plan = plan_of(2, sentinels=0, references=2)
    nan, why = float("nan"), "SSIM needs at least 11 × 11 pixels."
    both = [Measure(f"r{number}", f"{side}{number}", nan, why) for number in (0, 1) for side in "ab"]
    one = [*both[:2], Measure("r1", "a1", 0.5), Measure("r1", "b1", 0.7)]
    nothing, some = (distances_of(plan, "ssim", {each.key: each for each in known}) for known in (both, one))
    assert (nothing.problem, nothing.partly, some.problem, some.partly) == (why, "", "", why)
    assert some.is_known.tolist() == [False, True]


def test_answers_to_sentinels_alone_are_no_scores_and_no_silence():
    plan = plan_of()
    found = class_results(plan, votes_of("......A.", plan), [metric(np.zeros((8, 2)))])
    assert found.sentence.startswith("Only sentinels have been answered so far")
    assert found.to_dict()["median_seconds"] == 1.0


@pytest.mark.parametrize(("kind", "table"), [("2afc", "ABABAB.."), ("jnd", "BBBBBB..")])
def test_a_chart_without_a_score_has_no_row(kind, table):
    plan = plan_of(kind=kind)
    metrics = [] if kind == "2afc" else [metric(np.zeros((8, 2)))]
    found = class_results(plan, votes_of(table, plan), metrics)
    assert not has_scores(found)
    assert len(agreement_chart(found).data[0].y) == 0


def test_a_metric_that_measures_nothing_is_left_out_with_its_reason():
    plan = plan_of()
    bad = metric(np.full((8, 2), np.nan), "ssim", problem="SSIM needs at least 11 × 11 pixels.")
    found = class_results(plan, votes_of(TABLE, plan), [metric(np.eye(8, 2)), bad])
    assert [each.text for each in found.best] == ["psnr"]
    assert "SSIM is left out: SSIM needs at least 11 × 11 pixels." in found.notes
    assert disputes(plan, found, bad) == ()


def test_just_noticeable_differences_are_scored_by_average_precision():
    plan = plan_of(12, "jnd")
    rng = np.random.default_rng(3)
    same = rng.permutation([1] * 6 + [0] * 6)
    letters = "".join("A" if each else "B" for each in same)  # all say the same: hard labels
    values = np.stack([np.zeros(14), rng.permutation(np.arange(14.0))], axis=1)
    found = class_results(plan, votes_of(f"{letters} {letters}", plan), [metric(values, "x", False)])
    assert found.tally.share.tolist() == same.tolist()
    score = found.metrics[0].score.value
    # The paper's curve takes the best precision from a recall on, and so never less than scikit-learn's.
    plain = average_precision_score(same, -values[:12, 1])
    assert plain <= score <= plain + 0.15
    assert (found.ceiling, found.chance) == (None, 0.5)
    perfect = np.stack([np.zeros(14), np.append(1.0 - same, [0, 0])], axis=1)
    assert class_results(plan, votes_of(letters, plan), [metric(perfect, "x", False)]).metrics[
        0
    ].score.value == pytest.approx(1)


def test_without_a_pair_that_looks_the_same_there_is_no_precision_and_that_is_said():
    plan = plan_of(4, "jnd", sentinels=0)
    found = class_results(plan, votes_of("BBBB BBBB", plan), [metric(np.ones((4, 2)), "x", False)])
    assert found.best == ()
    assert any("Nobody has taken two pictures for the same" in note for note in found.notes)
    scores = found.to_dict()["metrics"]["x"]
    assert (scores["score"], scores["by_family"]) == (None, {"blur": None, "noise": None})


def test_the_surest_disputes_come_first():
    plan = plan_of(4, references=4)
    # All say B; ten saw the first trial, one of them not B; one alone saw the second; the third has two.
    table = " ".join(["BB", "B", *["B"] * 7, "A..B"]) + " ..B. ..B."
    found = class_results(plan, votes_of(table, plan), [])
    finds_a = metric(np.tile([0.1, 0.2], (6, 1)), "x", False)
    ordered = disputes(plan, found, finds_a)
    assert [(each.trial, each.against, each.votes) for each in ordered] == [
        (0, 9, 10),
        (2, 2, 2),
        (1, 1, 1),
        (3, 1, 1),
    ]
    assert disputes(plan, found, metric(np.tile([0.2, 0.1], (6, 1)), "x", False)) == ()
    assert disputes(plan, found, metric(np.ones((6, 2)), "x", False)) == ()  # it does not choose
    sentence = dispute_sentence(plan, ordered[0], finds_a)
    assert sentence == "9 of 10 chose B, JPEG; X finds A closer (0.1000 against 0.2000)."


def test_the_sureness_is_the_lower_end_of_wilsons_interval():
    for hits, count in ((1, 1), (9, 10), (5, 8)):
        expected = binomtest(hits, count).proportion_ci(0.95, "wilson").low
        assert wilson_low(np.array(hits / count), np.array(count)) == pytest.approx(expected, abs=1e-4)


def test_pairs_that_look_the_same_and_are_far_apart_are_disputes_of_jnd():
    plan = plan_of(5, "jnd", sentinels=0, references=5)
    votes = votes_of("AABBB AABBB", plan)  # the first two look the same
    far = metric(np.stack([np.zeros(5), [9.0, 0.1, 5.0, 6.0, 7.0]], axis=1), "x", False)
    found = class_results(plan, votes, [far])
    first = disputes(plan, found, far)[0]
    assert (first.trial, first.against) == (0, 2)
    assert dispute_sentence(plan, first, far) == (
        "2 of 2 took the two for the same; X finds them farther apart than it finds other pairs (9.0000)."
    )
    assert values_of(plan, [first], far) == {"": ["9.0000"]}


def test_of_an_even_split_the_sentence_says_what_the_order_of_the_pairs_says():
    plan = plan_of(3, "jnd", sentinels=0, references=3)
    for first, told in (
        (9.0, "the same; X finds them farther apart"),
        (0.1, "different; X finds them closer"),
    ):
        values = metric(np.stack([np.zeros(3), [first, 0.2, 0.3]], axis=1), "x", False)
        # One of two took the first pair for the same; nobody the others, or everybody.
        votes = votes_of("ABB BBB" if first > 1 else "AAA BAA", plan)
        found = disputes(plan, class_results(plan, votes, [values]), values)
        shown = next(each for each in found if each.trial == 0)
        assert shown.share == 0.5
        assert f"1 of 2 took the two for {told} than" in dispute_sentence(plan, shown, values)


def test_the_tally_counts_what_was_chosen_and_not_where_it_lay():
    plan = plan_of(2, sentinels=0)
    votes = [Vote(1, 0, "B", True, 1, 0.0), Vote(2, 0, "B", False, 1, 0.0), Vote(1, 1, "A", True, 1, 0.0)]
    assert tally_of(plan, votes).share.tolist() == [1.0, 0.0]
