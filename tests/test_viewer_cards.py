"""A card on its way to the browser: exact pictures of one size, and nothing of the answer before its time."""

import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from explorer.viewer.cards.cards import Card, CardVerdict, described

PICTURES = np.random.default_rng(0).integers(0, 256, (3, 8, 9, 3), dtype=np.uint8)


def card(**changes):
    return Card("k", "Which?", PICTURES[0], (PICTURES[1], PICTURES[2]), **changes)


def test_a_card_has_the_exact_pixels_of_all_three():
    sent = described(card())
    assert (sent["width"], sent["height"]) == (9, 8)
    for panel, pixels in zip(("reference", "A", "B"), PICTURES, strict=True):
        with Image.open(io.BytesIO(base64.b64decode(sent["pictures"][panel]))) as image:
            np.testing.assert_array_equal(np.asarray(image), pixels)


def test_what_is_hidden_is_not_sent():
    sent = described(card())
    assert (sent["verdicts"], sent["labels"], sent["said"]) == ([], {"A": "", "B": ""}, "")
    verdict = CardVerdict("PSNR", ("30.00 dB", "20.00 dB"), "A", "higher is closer")
    sent = described(card(labels=("JPEG", "Shift"), verdicts=(verdict,), chosen="B", said="You agree."))
    assert json.loads(json.dumps(sent))["verdicts"][0]["prefers"] == "A"
    assert sent["chosen"] == "B"


@pytest.mark.parametrize("changes", [{"versions": (PICTURES[1], PICTURES[2][:4])}, {"chosen": "C"}])
def test_what_is_no_card_is_refused(changes):
    with pytest.raises(ValueError, match=r"not of one size|neither A nor B"):
        Card(**{"key": "k", "question": "", "reference": PICTURES[0], "versions": PICTURES[1:]} | changes)


def test_what_is_said_of_a_version_and_whether_an_answer_goes_on_by_itself_are_sent():
    assert (described(card())["verb"], described(card())["goesOn"]) == ("is closer", False)
    sent = described(card(verb="is distorted", goes_on=True))
    assert (sent["verb"], sent["goesOn"]) == ("is distorted", True)
