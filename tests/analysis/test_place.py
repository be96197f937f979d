import numpy as np
import pytest

from explorer.analysis.ladder import DISTORTIONS, RUNGS, SEVERITIES, Standing, rung_picture
from explorer.analysis.place import FAMILIAR, place
from explorer.distortions import CATALOGUE, distort
from explorer.images import load

SIZE = (200, 100)
STEPS = np.linspace(0.1, 0.5, len(SEVERITIES))


def standing(score: float, **rows: np.ndarray) -> Standing:
    """On a ladder whose distortions all score 0.1 to 0.5, but for the rows that are given."""
    return Standing(np.concatenate([rows.get(name, STEPS) for name in DISTORTIONS]), score)


def test_a_score_stands_between_the_two_strengths_that_it_lies_between():
    found = place(standing(0.25), SIZE)
    assert found.sentence == (
        "Of the 45 pictures of the ladder, 18 are closer to the reference than this one and 27 are farther. "
        "It differs about as much as JPEG between quality 34 and 17, "
        "Gaussian blur between σ 0.49 and 1.1 px and Gaussian noise between σ 4.32 and 12 levels."
    )


@pytest.mark.parametrize("name", FAMILIAR)
def test_the_strengths_are_those_of_the_ladder_s_own_pictures(name):
    base = load(np.random.default_rng(0).integers(0, 256, (SIZE[1], SIZE[0], 3), dtype=np.uint8))
    kind = place(standing(0), SIZE).kinds[DISTORTIONS.index(name)]
    parameter = CATALOGUE[name].parameters[0]
    for rung, words in zip((rung for rung in RUNGS if rung.distortion == name), kind.strengths, strict=True):
        value = parameter.at(rung.severity)
        told = float(words.split()[1])
        assert told == pytest.approx(
            value * (SIZE[1] / 100 if parameter.unit == "% of side" else 1), rel=0.05
        )
        again = distort(base.pixels, name, **{parameter.name: value})
        assert np.array_equal(rung_picture(base, rung).pixels, again)


def test_a_score_below_or_above_all_of_the_ladder_is_told_with_its_ends():
    assert place(standing(0.05), SIZE).sentence == (
        "This picture is closer to the reference than all 45 pictures of the ladder. It differs less than "
        "even the mildest JPEG (quality 67), Gaussian blur (σ 0.095 px) and Gaussian noise (σ 0.48 levels)."
    )
    assert place(standing(0.6), SIZE).sentence == (
        "This picture is farther from the reference than all 45 pictures of the ladder. It differs more than "
        "even the strongest JPEG (quality 4), Gaussian blur (σ 2.6 px) and Gaussian noise (σ 38.9 levels)."
    )


def test_each_distortion_is_told_its_own_way():
    mixed = {"jpeg": STEPS + 1, "gaussian_blur": STEPS - 0.5}
    assert place(standing(0.25, **mixed), SIZE).sentence == (
        "Of the 45 pictures of the ladder, 19 are closer to the reference than this one and 26 are farther. "
        "It differs about as much as Gaussian noise between σ 4.32 and 12 levels, "
        "and less than even the mildest JPEG (quality 67), "
        "and more than even the strongest Gaussian blur (σ 2.6 px)."
    )


@pytest.mark.parametrize(
    ("score", "words"),
    [
        (0.1, "none is closer to the reference than this one, 9 are exactly as far and 36 are farther. "),
        (0.5, "36 are closer to the reference than this one and 9 are exactly as far. "),
    ],
)
def test_what_is_exactly_as_far_is_told_so(score, words):
    sentence = place(standing(score), SIZE).sentence
    assert words in sentence
    assert "It differs exactly as much as JPEG of quality" in sentence


def test_one_picture_is_and_several_are():
    one = np.array([0.01, 1, 1, 1, 1])
    others = dict.fromkeys(DISTORTIONS[1:], np.full(5, 2.0))
    sentence = place(standing(0.5, **{DISTORTIONS[0]: one}, **others), SIZE).sentence
    assert "1 is closer to the reference than this one and 44 are farther." in sentence


def test_a_distortion_whose_score_falls_again_is_left_out_of_the_sentence_and_shown():
    falling = np.array([0.1, 0.4, 0.2, 0.3, 0.5])
    found = place(standing(0.25, gaussian_blur=falling), SIZE)
    assert "blur" not in found.sentence
    assert found.kinds[DISTORTIONS.index("gaussian_blur")].scores == tuple(falling)
    nothing = place(standing(0.25, **dict.fromkeys(FAMILIAR, falling)), SIZE)
    assert nothing.sentence.endswith("than this one and 27 are farther.")
