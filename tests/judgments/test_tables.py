"""Tables of votes, of opinion scores and of choices are read with distrust, and two sets' own files too."""

import gzip
import io
import re

import numpy as np
import pandas as pd
import pytest

from explorer.errors import SettingError
from explorer.judgments import formats
from explorer.judgments.evaluation import evaluate
from explorer.judgments.formats import tables
from explorer.judgments.formats.opinions import KADID_DISTORTIONS, TID_DISTORTIONS
from explorer.judgments.judgment import Judgment, to_csv
from tests.judgments.made import picture

VOTES = "subset,name,judge,d0_a,d1_a,d0_b,d1_b\n"
GOOD = "x,000001,0.2,0.1,0.2,0.4,0.3\nx,000002,0.8,0.1,0.2,0.4,0.3\n"


def votes(text, name="votes.csv"):
    return formats.read_bytes(text.encode(), name)


def left_out(found):
    return {each.what: each.why for each in found.skipped}


def test_votes_are_read_with_all_metrics_and_names_as_text():
    found = votes(VOTES + GOOD)
    assert found.kind == "2afc"
    assert found.metrics == ("a", "b")
    assert found.names.tolist() == ["000001", "000002"]
    assert found.people.tolist() == [0.2, 0.8]
    assert found.first.tolist() == [[0.1, 0.1], [0.4, 0.4]]
    assert found.second.tolist() == [[0.2, 0.2], [0.3, 0.3]]
    assert found.groups.tolist() == ["x/000001", "x/000002"]


def test_a_column_of_references_says_which_trials_belong_together():
    found = votes("reference," + VOTES + "".join(f"r,{line}\n" for line in GOOD.splitlines()))
    assert found.groups.tolist() == ["x/r", "x/r"]


def test_similarities_that_stand_there_as_they_are_are_said_and_never_turned_round():
    """The tables of `evaluate --csv` hold their negatives, of which the smaller one is closer as well."""
    head = "subset,name,judge,d0_psnr,d1_psnr,d0_SSIM,d1_SSIM\n"
    given = votes(f"{head}x,1,1,20,35,0.5,0.9\nx,2,1,18,36,0.4,0.8\n")
    assert evaluate(given).to_dict()["all"]["scores"] == {"psnr": 0.0, "SSIM": 0.0}
    assert ["put a minus before" in note for note in given.notes] == [True, True]
    assert "d0_SSIM" in given.notes[1]
    turned = votes(f"{head}x,1,1,-20,-35,-0.5,-0.9\nx,2,1,-18,-36,-0.4,-0.8\n")
    assert evaluate(turned).to_dict()["all"]["scores"] == {"psnr": 100.0, "SSIM": 100.0}
    assert turned.notes == ()
    assert votes(VOTES + GOOD).notes == ()


def test_votes_are_read_gzipped_from_a_file_and_to_the_last_digit(tmp_path):
    rng = np.random.default_rng(0)
    columns = {"subset": "x", "name": [f"{n:06d}" for n in range(500)], "judge": rng.random(500)}
    frame = pd.DataFrame(columns | {name: rng.random(500) * 1e-3 for name in ("d0_a", "d1_a")})
    frame.to_csv(tmp_path / "votes.csv.gz", index=False)
    found = formats.read(tmp_path / "votes.csv.gz")
    assert (found.people == frame["judge"]).all()
    assert (found.first[0] == frame["d0_a"]).all()


def test_rows_that_cannot_be_used_are_left_out_with_the_reason():
    odd = (
        "x,a,1.4,1,2,3,4\nx,b,,1,2,3,4\nx,c,nan,1,2,3,4\nx,d,0.5,,2,3,4\nx,e,0.5,1,2,3,oops\n,f,0.5,1,2,3,4\n"
        "x,g,-0.5,1,2,3,4\nx,h,0.5,-inf,inf,3,4\n"
    )
    found = votes(VOTES + GOOD + odd)
    assert found.names.tolist() == ["000001", "000002", "h"]
    assert left_out(found) == {
        "x/a (row 4)": "its judge is 1.4, outside 0..1",
        "x/b (row 5)": "its judge is no number",
        "x/c (row 6)": "its judge is no number",
        "x/d (row 7)": "its distances by a are no numbers",
        "x/e (row 8)": "its distances by b are no numbers",
        "/f (row 9)": "it has no subset or no name",
        "x/g (row 10)": "its judge is -0.5, outside 0..1",
    }


def test_of_many_rows_that_are_left_out_the_rest_is_counted():
    found = votes(VOTES + GOOD + "x,n,2,1,2,3,4\n" * 1050)
    assert len(found.skipped) == 1001
    assert sum(each.count for each in found.skipped) == 1050
    assert found.skipped[-1].what == "50 more"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "votes.csv is empty; name a table with rows."),
        ("\n\n  \n", "votes.csv is empty; name a table with rows."),
        (VOTES, "votes.csv holds no vote that can be used; see what its columns hold."),
        (
            VOTES + "x,a,7,1,2,3,4\n",
            "votes.csv holds no vote that can be used: its judge is 7, outside 0..1; see",
        ),
        (
            "name,judge,d0_a,d1_a\na,1,2,3\n",
            "votes.csv has no column subset; a table of votes has subset, name",
        ),
        (
            "subset,name,judge,d0_a\nx,a,1,2\n",
            "votes.csv has a column d0_a, and none d1_a; add it, or take both",
        ),
        (
            "subset,name,judge,d1_a\nx,a,1,2\n",
            "votes.csv has a column d1_a, and none d0_a; add it, or take both",
        ),
        ("subset,name,judge\nx,a,1\n", "votes.csv has no distances to hold against its votes; add d0_METRIC"),
        ("judge,judge\n1,2\n", "votes.csv has two columns judge; rename one of them."),
        ("a,b\n1,2\n", "votes.csv is no table of judgments; name a folder in the layout"),
        (VOTES + 'x,"a,1,1,2,3,4\n' + GOOD, "votes.csv cannot be read as a table ("),
        (
            VOTES + GOOD + "x,a,1,1,2,3,4,5,6,7\n",
            "votes.csv names 7 columns, and line 4 has 10 fields; write numbers with a point, and",
        ),
        (
            "subset,name,judge,d0_a,d1_a\nx,1,0.8,0,5,0,3\n",
            "votes.csv names 5 columns, and its first row has 7 fields; write numbers with a point, and put",
        ),
        (
            "reference,distorted,mos\na,b,1\n",
            "votes.csv names pictures; open it from the folder in which they",
        ),
        (
            ",".join(f"c{n}" for n in range(1200)),
            "votes.csv has 1,200 columns, and up to 1,000 are read; split",
        ),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_in_a_sentence(text, sentence):
    with pytest.raises(SettingError) as error:
        votes(text)
    assert str(error.value).startswith(sentence)
    assert str(error.value).endswith(".")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00,\x00\n", b"\x89PNG\r\n\x1a\n\x00\x00", b"\x00" * 50])
def test_what_is_no_text_is_refused(data):
    with pytest.raises(SettingError, match=r"^votes\.csv .*\.$"):
        formats.read_bytes(data, "votes.csv")


@pytest.mark.parametrize("cut", [3, 40, -9])
def test_a_damaged_archive_is_refused(cut):
    data = gzip.compress((VOTES + GOOD * 50).encode())[:cut]
    with pytest.raises(
        SettingError, match=r"votes\.csv\.gz is cut off or damaged; fetch it or pack it again\."
    ):
        formats.read_bytes(data, "votes.csv.gz")


def test_a_small_archive_that_holds_too_much_is_refused(monkeypatch):
    monkeypatch.setattr(tables, "MOST_UPLOADED", 1 << 20)
    data = gzip.compress(VOTES.encode() + b"x" * (3 << 20))
    assert len(data) < 10_000
    with pytest.raises(SettingError, match=r"votes\.csv\.gz is larger than 1 MB unpacked; split it\."):
        formats.read_bytes(data, "votes.csv.gz")


def test_a_table_with_too_many_rows_or_cells_is_refused_before_it_takes_their_memory(monkeypatch):
    monkeypatch.setattr(tables, "MOST_ROWS", 10)
    assert len(votes(VOTES + "".join(f"x,{n},0.5,1,2,3,4\n" for n in range(10))).names) == 10
    for end in ("\n", "\r"):
        with pytest.raises(SettingError, match=r"has more than 10 rows, the most that are read; split it\."):
            votes(VOTES + "".join(f"x,{n},0.5,1,2,3,4{end}" for n in range(12)))
    monkeypatch.setattr(tables, "MOST_CELLS", 20)
    with pytest.raises(SettingError, match=r"has more than 20 cells, the most that are read; split it, or"):
        votes(VOTES + GOOD * 2)


def test_a_trial_counts_once_however_often_a_table_of_votes_holds_it():
    found = votes(VOTES + GOOD + "x,000001,0.9,0.1,0.2,0.4,0.3\ny,000001,0.9,0.1,0.2,0.4,0.3\n")
    assert found.people.tolist() == [0.2, 0.8, 0.9]
    assert left_out(found) == {"x/000001 (row 4)": "an earlier row has this subset and name"}


def test_a_byte_order_mark_and_windows_lines_change_nothing():
    text = "\ufeff" + (VOTES + GOOD).replace("\n", "\r\n")
    assert votes(text).names.tolist() == ["000001", "000002"]


def test_names_are_data_and_never_markup_or_steering():
    found = votes(VOTES + GOOD + "x,<b>\u202eevil\x07,0.5,1,2,3,4\n")
    assert found.names[2] == "<b>\ufffdevil\ufffd"


@pytest.mark.grid
def test_a_million_rows_are_read_and_scored():
    rng, count = np.random.default_rng(0), 1_000_000
    frame = pd.DataFrame(
        {"subset": "x", "name": np.arange(count).astype(str), "judge": rng.integers(0, 6, count) / 5}
    )
    for metric in "abcd":
        frame[f"d0_{metric}"], frame[f"d1_{metric}"] = rng.random((2, count))
    data = io.BytesIO()
    frame.to_csv(data, index=False)
    found = formats.read_bytes(data.getvalue(), "votes.csv")
    assert len(found.people) == count
    assert abs(evaluate(found, 100).overall.scores["a"].value - 0.5) < 0.005


# Opinion scores


@pytest.fixture
def tid(tmp_path):
    """TID2013 as it is published, whose files' names are of both cases."""
    root = tmp_path / "tid2013"
    for number in (1, 2):
        picture(root / "reference_images" / f"I0{number}.BMP", number)
    lines = []
    for number, distortion, level in [(1, 1, 1), (1, 10, 3), (2, 1, 1)]:
        name = f"i0{number}_{distortion:02d}_{level}.bmp"
        picture(root / "distorted_images" / name, distortion)
        lines.append(f"{5.5 - level / 10:.5f} {name.upper() if number == 2 else name}\n")
    (root / "mos_with_names.txt").write_text("".join(lines))
    return root


@pytest.mark.parametrize("level", ["", "mos_with_names.txt"])
def test_tid2013_is_read_as_it_is_published(tid, level):
    found = formats.read(tid / level)
    assert found.kind == "mos"
    assert found.subsets == ("JPEG compression", "additive Gaussian noise")
    noise = [trial for trial in found.trials if trial.subset != "JPEG compression"]
    assert [trial.mos for trial in noise] == [5.4, 5.4]
    assert {trial.reference.name for trial in noise} == {"I01.BMP", "I02.BMP"}
    assert all(trial.higher_is_closer and trial.distorted.exists() for trial in found.trials)
    assert [len(TID_DISTORTIONS), len(KADID_DISTORTIONS)] == [24, 25]


def test_of_tid2013_whatever_is_missing_is_named(tid):
    (tid / "reference_images" / "I02.BMP").unlink()
    with (tid / "mos_with_names.txt").open("a") as file:
        file.write("4.2 i01_02_1.bmp\nnan i01_01_1.bmp\nhello\n\n")
    found = formats.read(tid)
    assert len(found.trials) == 2
    assert left_out(found) == {
        "I02_01_1.BMP": "there is no I02 in the set's folder",
        "i01_02_1.bmp": "there is no i01_02_1.bmp in the set's folder",
        "i01_01_1.bmp": "its score is no number",
        "mos_with_names.txt, line 6": "it is no score with a name such as i01_01_1.bmp",
    }


def test_tid2013_without_its_references_says_so(tid):
    (tid / "reference_images").rename(tid / "other")
    with pytest.raises(SettingError, match="tid2013 has no folder reference_images; unpack the whole set"):
        formats.read(tid)


@pytest.mark.parametrize("level", ["", "dmos.csv"])
def test_kadid_10k_is_read_as_it_is_published(tmp_path, level):
    picture(tmp_path / "images" / "I01.png", 1)
    picture(tmp_path / "images" / "I01_10_05.png", 2)
    (tmp_path / "dmos.csv").write_text(
        "dist_img,ref_img,dmos,var\nI01_10_05.png,I01.png,1.23,0.5\nI01_11_01.png,I01.png,4,0.5\n"
    )
    found = formats.read(tmp_path / level)
    (trial,) = found.trials
    assert (trial.subset, trial.name, trial.mos) == ("JPEG", "I01_10_05.png", 1.23)
    assert trial.higher_is_closer  # although it is called DMOS
    assert left_out(found) == {"I01_11_01.png": "there is no I01_11_01.png in the set's folder"}


@pytest.fixture
def folder(tmp_path):
    for name in ("a.png", "b.png", "sub/c.png"):
        picture(tmp_path / "set" / name, len(name))
    picture(tmp_path / "outside.png", 1)
    return tmp_path / "set"


def opinions(folder, text):
    (folder / "scores.csv").write_text(text)
    return formats.read(folder / "scores.csv")


def test_a_table_of_opinions_names_pictures_from_its_own_folder(folder):
    found = opinions(folder, "reference,distorted,mos\na.png,b.png,3.5\na.png,sub/c.png,-1\n")
    assert [(trial.subset, trial.name, trial.mos) for trial in found.trials] == [
        ("all", "b.png", 3.5),
        ("all", "sub/c.png", -1),
    ]
    assert found.trials[1].distorted == folder / "sub" / "c.png"
    assert found.trials[0].group == found.trials[1].group


def test_opinions_belong_together_by_their_reference_and_not_by_its_name(folder):
    for name, seed in (("one/ref.png", 7), ("two/ref.png", 8), ("copy.png", 7)):
        picture(folder / name, seed)
    rows = "one/ref.png,a.png,1\ntwo/ref.png,b.png,2\ncopy.png,sub/c.png,3\n"
    first, second, third = (
        trial.group for trial in opinions(folder, f"reference,distorted,mos\n{rows}").trials
    )
    assert first == third
    assert first != second


def test_dmos_of_a_table_is_larger_for_what_is_farther_and_subsets_are_kept(folder):
    (trial,) = opinions(folder, "subset,reference,distorted,dmos\nblur,a.png,b.png,3.5\n").trials
    assert (trial.subset, trial.higher_is_closer) == ("blur", False)


def test_pictures_without_a_subset_are_a_subset_of_their_own_and_each_counts_once(folder):
    found = opinions(
        folder,
        "subset,reference,distorted,mos\n,a.png,b.png,3\nall,a.png,b.png,4\n,a.png,b.png,5\n",
    )
    assert [(trial.subset, trial.mos) for trial in found.trials] == [("(none)", 3), ("all", 4)]
    assert left_out(found) == {"row 4": "an earlier row is of the same picture"}


def test_no_table_of_opinions_leads_out_of_its_folder(folder):
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    text = "reference,distorted,mos\na.png,b.png,3\na.png,../outside.png,3\na.png,link.png,3\n"
    found = opinions(
        folder, text + f"a.png,{folder.parent}/outside.png,3\na.png,b.png,x\na.png,b.png,1e300\n"
    )
    assert len(found.trials) == 1
    assert [each.what for each in found.skipped] == [f"row {row}" for row in range(3, 8)]
    assert left_out(found)["row 4"] == "there is no link.png in the set's folder"
    assert left_out(found)["row 6"] == "its score is no number"
    assert left_out(found)["row 7"] == "its score is 1e+300, which no scale has"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("reference,mos\na.png,1\n", "scores.csv has no column distorted; add it to the table."),
        (
            "reference,distorted\na.png,b.png\n",
            "scores.csv has no column mos; add one with the opinion scores.",
        ),
        (
            "reference,distorted,mos\na.png,no.png,1\n",
            "scores.csv holds no opinion score that can be used: row 2: there is no no.png in the set",
        ),
    ],
)
def test_a_table_of_opinions_that_cannot_be_used_is_refused_in_a_sentence(folder, text, sentence):
    with pytest.raises(SettingError, match=re.escape(sentence)):
        opinions(folder, text)


# Choices


def test_metrics_cannot_be_scored_by_single_choices(tmp_path):
    file = tmp_path / "choices.csv"
    file.write_text(to_csv([Judgment("P1", "s", "cat 8x8 0123", "jpeg~quality~9", "", True)]))
    with pytest.raises(SettingError, match="holds single choices without distances or pictures; export"):
        formats.read(file)
