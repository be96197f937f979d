"""Text tables say how was measured, and have a column for each part that a metric has."""

import math
from pathlib import Path

from explorer.analysis.folders import Outcome
from explorer.analysis.pairing import FilePair
from explorer.analysis.tables import ledger, pair_table, ranking
from explorer.analysis.wording import COMPARABLE
from explorer.metrics import LayerMeasurement, Measurement
from explorer.metrics.results import Identity
from explorer.notes import Note


def measurement(**changes):
    layers = changes.pop("layers", (LayerMeasurement("conv1", 64, (3, 4), 0.25, 1.0, None),))
    values = {
        "score": 0.25,
        "layers": layers,
        "psnr": 30.0,
        "ssim": 0.5,
        "backbone": "vgg16",
        "heads": "uniform",
        "weights": "trained",
        "device": "cpu",
        "precision": "float32",
        "size": (32, 24),
        "notes": (),
        "reference": Identity("a.png", "0"),
        "distorted": Identity("b.png", "1"),
        "given": (32, 24),
        "longest_side": None,
    }
    return Measurement(**values | changes)


def outcome(name, numbers):
    error = "" if numbers else f"{name} is cut short."
    return Outcome(FilePair(Path("ref", name), Path("out", name)), "alexnet", numbers, error, ("", ""))


def test_trained_weights_in_float32_are_not_worth_a_word():
    how = "VGG16 · conv1 alone, with uniform heads, on cpu"
    assert ledger(measurement()).startswith(f"{how}, at 32 × 24 pixels\n")


def test_random_weights_and_less_precision_are_said_in_every_table():
    other = measurement(weights="random", precision="tf32", device="cuda")
    how = "VGG16 · conv1 alone, with uniform heads on random weights · tf32, on cuda"
    assert ledger(other).startswith(f"{how}, at 32 × 24 pixels\n")
    assert ranking([("a.png", other)]).startswith(f"{how}, conv1; closest first\n")
    assert pair_table([outcome("a.png", other)]).startswith(f"{how}, conv1\n")


def test_parts_of_a_distance_have_columns_of_their_own():
    parts = {"structure": 0.1875, "texture": 0.0625}
    layers = (
        LayerMeasurement("conv1", 64, (3, 4), 0.25, 0.5, None, parts),
        LayerMeasurement("conv2", 128, (1, 2), 0.25, 0.5, None, {"structure": 0.25, "texture": 0.0}),
    )
    lines = [line.split() for line in ledger(measurement(layers=layers)).splitlines()]
    assert ["layer", "channels", "grid", "distance", "share", "structure", "texture"] in lines
    assert ["conv1", "64", "4", "×", "3", "0.250000", "50.0%", "0.187500", "0.062500"] in lines
    assert ["conv2", "128", "2", "×", "1", "0.250000", "50.0%", "0.250000", "0.000000"] in lines


def test_pairs_keep_their_order_and_those_that_failed_their_place():
    far, near = measurement(score=0.5), measurement(score=0.125, psnr=math.inf)
    text = pair_table([outcome("a.png", far), outcome("b.png", None), outcome("c.png", near)])
    rows = [line.split() for line in text.splitlines() if line.endswith(".png")]
    assert [(row[0], row[-2:]) for row in rows] == [
        ("0.5000", ["ref/a.png", "out/a.png"]),
        ("failed", ["ref/b.png", "out/b.png"]),
        ("0.1250", ["ref/c.png", "out/c.png"]),
    ]
    assert "infinite" in rows[2]


def test_conversion_of_many_pairs_is_said_once_with_their_number():
    shrunk = measurement(notes=(Note("resized", "resized from 64 × 48 to 32 × 24 (Lanczos)", "reference"),))
    text = pair_table([outcome(f"{n}.png", shrunk if n < 3 else measurement()) for n in range(4)])
    (said,) = [line for line in text.splitlines() if line.startswith("converted")]
    assert said == "converted  reference: resized from 64 × 48 to 32 × 24 (Lanczos) (3 of 4 pairs)"


def test_what_a_distance_is_comparable_with_is_said_where_there_is_no_ranking_by_one_reference():
    assert ledger(measurement()).endswith(COMPARABLE)
    assert pair_table([outcome("a.png", measurement())]).endswith(COMPARABLE)


def test_pairs_that_all_failed_are_still_listed():
    assert pair_table([outcome("a.png", None)]).splitlines()[1].split() == [
        "failed",
        "ref/a.png",
        "out/a.png",
    ]
