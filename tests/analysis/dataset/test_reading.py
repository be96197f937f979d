"""Tables of measured pairs: the shell's are read to the last digit, all others refused in one sentence."""

import csv
import io
import math
from codecs import BOM_UTF8

import numpy as np
import pytest

from explorer.analysis import dataset as package
from explorer.analysis.dataset import MOST_ROWS, read_rows, read_table, reading
from explorer.analysis.folders import OF_A_RUN
from explorer.analysis.rows import columns, columns_of_all
from explorer.errors import SettingError

ALEX, VGG = ("conv1", "conv2"), ("conv1_2", "conv2_2")
ONE = (*columns(ALEX), *OF_A_RUN)
TWO = (*columns_of_all([(ALEX, ()), (VGG, ())]), *OF_A_RUN)


def row(name, score=0.5, header=ONE, layers=ALEX, **fields):
    """A row of a table as the shell writes it; fields by their columns, with "__" for the dot."""
    values = dict.fromkeys(header, "") | {"reference.name": f"ref/{name}", "distorted.name": f"out/{name}"}
    values |= {"score": str(score), "psnr": "30.5", "ssim": "0.9", "backbone": "alexnet"}
    values |= {"heads": "lpips-0.1", "weights": "trained", "precision": "float32", "background": "white"}
    values |= {"metric": "AlexNet · LPIPS v0.1"}
    if isinstance(score, float):
        values |= {f"{layer}.distance": str(score / len(layers)) for layer in layers}
    return values | {key.replace("__", "."): text for key, text in fields.items()}


def vgg(name, score, **fields):
    metric = "VGG16 · LPIPS v0.1"
    return row(name, score, TWO, VGG, backbone="vgg16", metric=metric, **fields)


def table(rows, header=ONE):
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8", "surrogateescape")


def refusal(data):
    with pytest.raises(SettingError) as refused:
        read_table(data, "t.csv")
    sentence = str(refused.value)
    assert sentence.startswith("t.csv ")
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_a_table_is_read_to_the_last_digit_with_its_settings():
    found = read_table(table([row("a.png", 1 / 3), row("b.png", 0.5, longest_side="")]), "t.csv")
    assert found.pairs == (("ref/a.png", "out/a.png"), ("ref/b.png", "out/b.png"))
    assert found.values["alexnet:lpips-0.1"].tolist() == [1 / 3, 0.5]
    assert found.values["alexnet:lpips-0.1/conv2"].tolist() == [1 / 6, 0.25]
    keys = ["alexnet:lpips-0.1", "psnr", "ssim", "alexnet:lpips-0.1/conv1", "alexnet:lpips-0.1/conv2"]
    assert [metric.key for metric in found.metrics] == keys
    (how,) = found.hows
    assert (how.method.backbone, how.method.heads, how.method.layers) == ("alexnet", "lpips-0.1", ALEX)
    assert (how.method.size, how.colour, how.fit, found.remarks) == (None, "#ffffff", "", ())


def test_rows_of_several_backbones_are_one_pair_with_a_score_of_each():
    rows = [row("a.png", 0.5, TWO), vgg("a.png", 0.25), row("b.png", 0.7, TWO)]
    found = read_table(table(rows, TWO), "t.csv")
    assert len(found.pairs) == 2
    np.testing.assert_array_equal(found.values["alexnet:lpips-0.1"], [0.5, 0.7])
    np.testing.assert_array_equal(found.values["vgg16:lpips-0.1"], [0.25, np.nan])
    np.testing.assert_array_equal(found.values["psnr"], [30.5, 30.5])
    assert [how.method.layers for how in found.hows] == [ALEX, VGG]
    labels = [metric.label for metric in found.scores]
    assert labels == ["AlexNet · LPIPS v0.1", "VGG16 · LPIPS v0.1", "PSNR", "SSIM"]
    second = found.metric("vgg16:lpips-0.1")
    assert found.how_of(0, second).backbone == "vgg16"
    assert found.how_of(1, second).backbone == "alexnet"  # it has no row of the other


def test_sizes_in_one_table_are_metrics_of_their_own():
    rows = [row("a.png", 0.5), row("a.png", 0.25, longest_side="64", psnr="20")]
    found = read_table(table(rows), "t.csv")
    assert [metric.label for metric in found.scores[:2]] == [
        "AlexNet · LPIPS v0.1 · as given",
        "AlexNet · LPIPS v0.1 · at 64",
    ]
    psnr = {each.label: found.values[each.key].tolist() for each in found.scores if each.kind == "psnr"}
    assert psnr == {"PSNR · as given": [30.5], "PSNR · at 64": [20.0]}
    assert len({metric.key for metric in found.metrics}) == len(found.metrics)


def test_identical_pairs_keep_their_infinite_psnr_and_small_ones_lack_an_ssim():
    found = read_table(table([row("a.png", 0.0, psnr="inf"), row("b.png", 0.5, ssim="")]), "t.csv")
    assert found.values["psnr"].tolist() == [math.inf, 30.5]
    assert np.isnan(found.values["ssim"]).tolist() == [False, True]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (BOM_UTF8, "is empty"),
        (BOM_UTF8 + b"\n \r\n\n", "is empty"),
        (b"ab," * 500_000, "a row of more than 1,048,576 letters"),
        (b'"ab\n",' * 500_000, "a row of more than 1,048,576 letters"),  # of many short lines
        (b"name,value\nx,1\n", "is no table of measured pairs"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\n", "is no table of measured pairs"),
        (b'"' + b"x" * 200_000 + b"\n", "is no table of measured pairs"),
        (table([], [column for column in ONE if column != "score"]), "no column score"),
        (table([], [column for column in ONE if not column.endswith(".distance")]), "a layer's distance"),
        (table([]), "holds no pair that was measured: it has no rows"),
        (table([row("a.png", "", error="a.png is text.")]), "1 pair was not measured: a.png is text"),
        (table([row("a.png", "much")]), "“much” for score"),
    ],
)
def test_what_is_no_such_table_is_refused_in_one_sentence(data, words):
    assert words in refusal(data)


@pytest.mark.parametrize("text", ["much", "nan", "1_0", "1e300", "-inf", "inf", "1,5", ""])
def test_a_row_with_text_where_a_number_should_be_is_left_out_and_said(text):
    found = read_table(
        table([row("a.png", 0.5), row("b.png", 0.5) | {"score": text}, row("c.png", 0.7)]), "t.csv"
    )
    assert [pair[1] for pair in found.pairs] == ["out/a.png", "out/c.png"]
    (remark,) = found.remarks
    assert remark == f"1 row is left out, for what should be a number is text: row 2 has “{text}” for score."


def test_failed_half_and_repeated_rows_are_counted_and_the_rest_is_shown():
    rows = [row("a.png", 0.5), row("b.png", "", error="b.png is text."), row("a.png", 0.6), row("c.png", 0.7)]
    found = read_table(table(rows)[:-40], "t.csv")
    assert found.values["alexnet:lpips-0.1"].tolist() == [0.6]
    assert [remark.partition(" ")[0] for remark in found.remarks] == ["1", "1", "1"]
    assert "b.png is text." in found.remarks[0]
    assert "the number of fields is wrong: row 4" in found.remarks[1]
    assert "stands in the table twice" in found.remarks[2]


def test_more_rows_or_bytes_than_open_here_are_refused_with_the_limit(monkeypatch):
    line = table([row("a.png", 0.5)]).splitlines(keepends=True)
    assert f"more than {MOST_ROWS:,} rows" in refusal(line[0] + b",\n" * (MOST_ROWS + 1))
    assert package.MOST_BYTES == 64 << 20
    monkeypatch.setattr(reading, "MOST_BYTES", 1 << 20)
    assert "has 2 MB, and tables up to 1 MB open here" in refusal(b"x" * (2 << 20))


def test_more_layers_or_numbers_than_open_here_are_refused_before_there_is_an_array_of_them(monkeypatch):
    many = tuple(f"node{number}" for number in range(reading.MOST_LAYERS + 1))
    header = (*columns(many), *OF_A_RUN)
    words = f"columns for {len(many)} layers, and up to {reading.MOST_LAYERS} open here"
    assert words in refusal(table([row("a.png", 0.5, header, many)], header))
    # Each way of measuring has its own row of few numbers, and would get arrays of all pairs.
    rows = [row(f"{number}.png", 0.5, longest_side=str(number)) for number in range(64, 74)]
    monkeypatch.setattr(reading, "MOST_NUMBERS", 10 * 10 * 5)
    assert len(read_table(table(rows), "t.csv").hows) == 10
    monkeypatch.setattr(reading, "MOST_NUMBERS", 10 * 10 * 5 - 1)
    monkeypatch.setattr(reading, "_dataset", None)
    assert "holds more than 499 numbers" in refusal(table(rows))


def test_rows_of_usual_length_are_read_however_many_letters_they_have_together(monkeypatch):
    monkeypatch.setattr(reading, "LONGEST_ROW", 1000)
    assert len(read_table(table([row(f"{number}.png", 0.5) for number in range(20)]), "t.csv").pairs) == 20


@pytest.mark.parametrize("text", ["PSNR", "SSIM", "conv1", "a\u202eb\nc", "x|y", "/" * 500, "PSNR (2)"])
def test_labels_are_harmless_and_short_and_no_two_are_equal_whatever_a_table_says(text):
    layers = (text, "conv1")
    header = (*columns(layers), *OF_A_RUN)
    rows = [
        row("a.png", 0.5, header, layers, metric="PSNR"),
        row("a.png", 0.5, header, layers, metric=text, backbone=text, heads=text),
        row("a.png", 0.5, header, layers, metric="PSNR", longest_side=text),
    ]
    found = read_table(table(rows, header), "t.csv")
    labels = [metric.label for metric in found.metrics]
    assert len(set(labels)) == len(labels) == len({metric.key for metric in found.metrics})
    assert set(found.values) == {metric.key for metric in found.metrics}
    for metric in found.metrics:
        assert metric.label.isprintable()
        assert metric.layer.isprintable()
        assert len(metric.label) < 200


def test_a_table_that_a_spreadsheet_has_saved_with_its_mark_is_read():
    assert read_table(b"\xef\xbb\xbf" + table([row("a.png", 0.5)]), "t.csv").pairs


def test_names_that_are_no_text_keep_their_bytes():
    found = read_table(table([row("caf\udce9.png", 0.5)]), "t.csv")
    assert found.pairs[0][1] == "out/caf\udce9.png"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"backbone": "mynet"}, "no backbone 'mynet'"),
        ({"longest_side": "wide"}, "'wide' is no size"),
        ({"background": "mud"}, "'mud' is no colour"),
        ({"heads": "mine"}, "no heads 'mine'"),
    ],
)
def test_settings_that_nobody_has_are_shown_and_refused_where_a_pair_is_opened(fields, words):
    (how,) = read_table(table([row("a.png", 0.5, **fields)]), "t.csv").hows
    with pytest.raises(SettingError, match=words):
        _ = how.method, how.colour


def test_rows_as_they_were_measured_are_a_data_set_too():
    found = read_rows([row("a.png", 0.5), row("b.png", "", error="broken")], "ref and out")
    assert (found.name, len(found.pairs)) == ("ref and out", 1)
    with pytest.raises(SettingError, match="no rows"):
        read_rows([], "ref and out")


def test_a_pair_that_none_of_several_backbones_could_measure_is_one_pair():
    failed = [row("b.png", "", error="broken"), row("b.png", "", error="broken")]
    found = read_rows([row("a.png", 0.5), *failed], "ref and out")
    assert found.remarks == ("1 pair was not measured: broken",)
