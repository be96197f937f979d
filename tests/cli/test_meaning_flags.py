"""--as-far-as and --how-sure: what a score means, as Python has it, printed, in JSON and in a report."""

import pytest

import explorer
from explorer.analysis.readings import LADDERS, reading
from explorer.analysis.stability import CHANGES
from tests.cli.commands import BRICK, CAT, refusal, run, strict

SMALL = ("--size", "96", "--device", "cpu")
BOTH = ("--as-far-as", "--how-sure")


def test_both_answers_are_pythons_and_stand_behind_the_measurement(blurred):
    printed = strict(run("measure", CAT, blurred, "--json", *BOTH, *SMALL).stdout)
    plain = strict(run("measure", CAT, blurred, "--json", *SMALL).stdout)
    assert list(printed) == [*plain, "as_far_as", "how_sure"]
    how = {"size": 96, "device": "cpu"}
    assert printed["as_far_as"] == explorer.readings(CAT, blurred, **how).to_dict()
    assert printed["how_sure"] == explorer.stability(CAT, blurred, **how).to_dict()
    assert printed["as_far_as"]["score"] == pytest.approx(printed["score"], rel=1e-6)


def test_both_are_told_in_words_with_a_row_for_each_ladder_and_change(blurred):
    text = run("measure", CAT, blurred, *BOTH, *SMALL).stdout
    assert explorer.readings(CAT, blurred, size=96, device="cpu").sentence in text
    assert explorer.stability(CAT, blurred, size=96, device="cpu").sentence in text
    for change in CHANGES:
        assert f"  {change.label}\n" in text
    assert "quality " in text


def test_the_ladders_of_a_reference_are_measured_once_for_all_of_its_images(blurred, noisy, monkeypatch):
    make, made = reading._made, []

    def counted(base, step):
        made.append(step)
        return make(base, step)

    monkeypatch.setattr(reading, "_made", counted)
    run("measure", CAT, blurred, noisy, "--as-far-as", *SMALL)
    assert len(made) == len(set(made)) > 0


def test_of_several_images_it_is_told_whether_the_order_of_the_two_closest_survives(blurred, noisy):
    found = explorer.verdict(CAT, blurred, noisy, size=96, device="cpu")
    options = ("--how-sure", "--json", "--fit", "resize", *SMALL)
    closest, *others = strict(run("measure", CAT, blurred, noisy, BRICK, *options).stdout)
    assert closest["verdict"]["survived"] == found.survived
    assert closest["verdict"]["closer"] == closest["distorted"]["name"]
    assert closest["verdict"]["turned"] == [each.name for each in found.turned]
    assert len(others) == 2
    assert all("verdict" not in each and "how_sure" in each for each in others)
    text = run("measure", CAT, blurred, noisy, "--how-sure", *SMALL).stdout
    assert "closer than" in text
    assert "changes that nobody sees" in text


def test_a_report_has_what_is_asked_for_and_nothing_else(blurred, tmp_path):
    report = tmp_path / "report.html"
    run("report", CAT, blurred, "-o", report, "--as-far-as", *SMALL)
    page = report.read_text(encoding="utf-8")
    assert "<h2>As far as what?</h2>" in page
    assert explorer.readings(CAT, blurred, size=96, device="cpu").sentence in page
    assert all(f'<th scope="row">{name}' in page for name in ("Gaussian blur", "JPEG", "Contrast"))
    assert "How sure is it?" not in page
    assert len(LADDERS) == 5


@pytest.mark.parametrize("flag", BOTH)
def test_folders_and_tables_are_refused(flag, blurred, tmp_path):
    line = refusal("measure", CAT, blurred, "--csv", tmp_path / "scores.csv", flag)
    assert flag in line
    assert "named one by one" in line
    assert flag in refusal("measure", CAT, tmp_path, flag)
