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
        "Farther from the reference than 18 of the 45 pictures of the ladder, "
        "between JPEG of quality 34 and 17, "
        "between Gaussian blur of σ 0.49 and 1.1 px and between Gaussian noise of σ 4.32 and 12 levels."
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


def test_a_score_below_or_above_a_distortion_s_whole_range_is_told_so():
    words = place(standing(0.05), SIZE).sentence
    assert "than none of the 45" in words
    assert "closer than JPEG of quality 67" in words
    assert "at least as far as JPEG of quality 4," in place(standing(0.5), SIZE).sentence


def test_a_distortion_whose_score_falls_again_is_left_out_of_the_sentence_and_shown():
    falling = np.array([0.1, 0.4, 0.2, 0.3, 0.5])
    found = place(standing(0.25, gaussian_blur=falling), SIZE)
    assert "blur" not in found.sentence
    assert found.kinds[DISTORTIONS.index("gaussian_blur")].scores == tuple(falling)
    nothing = place(standing(0.25, **dict.fromkeys(FAMILIAR, falling)), SIZE)
    assert nothing.sentence.endswith("pictures of the ladder.")
