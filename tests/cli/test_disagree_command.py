"""`disagree` says what Python says, and refuses in one line."""

import json

import pytest

import explorer
from tests.cli.commands import CAT, refusal, run

SMALL = ("--size", "64", "--device", "cpu")
ASKED = ("disagree", CAT, "--names", "contrast, gaussian_blur, shift", "--severities", "0.5,1", *SMALL)


def test_disagreements_are_those_of_python_in_json_and_text():
    found = explorer.disagreements(
        CAT, "psnr", "lpips", ["contrast", "gaussian_blur", "shift"], (0.5, 1), size=64, device="cpu"
    )
    assert found.cards
    plain = json.loads(run(*ASKED, "--json").stdout)
    assert plain == json.loads(json.dumps(found.to_dict()))
    assert plain["metrics"] == ["psnr", "alexnet:lpips-0.1"]
    text = run(*ASKED, "--top", "1").stdout
    assert found.sentence in text
    assert found.cards[0].first.label in text
    assert len(text.strip().splitlines()) == 4


def test_any_two_metrics_can_be_asked_for():
    asked = (*ASKED, "--metrics", "ssim", "alexnet:uniform", "--json")
    assert json.loads(run(*asked).stdout)["metrics"] == ["ssim", "alexnet:uniform"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--metrics", "psnr", "PSNR"), "name two"),
        (("--metrics", "psnr", "vmaf"), "'--metrics': There is no metric 'vmaf'"),
        (("--metrics", "psnr", "alexnet:fog"), "'--metrics': "),
        (("--names", "fog"), "'--names': There is no distortion 'fog'"),
        (("--severities", "0"), "'--severities': "),
        (("--severities", "much"), "'--severities': The severity is 'much'"),
        (("--size", "8"), "'--size': "),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(words, sentence):
    assert sentence in refusal("disagree", CAT, *words)
