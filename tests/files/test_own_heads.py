"""A user's own heads: found by name, bound to one version of their file, harmless where that is damaged."""

import numpy as np
import pytest
from safetensors.numpy import save

from explorer import measure
from explorer.backbones import HEADS, find_backbone, find_heads, heads_for
from explorer.errors import SettingError, WeightsError
from explorer.files import own_heads
from explorer.files.own_heads import Provenance, check_name, file_name, found, keep, to_bytes
from explorer.metrics import Method
from explorer.metrics.provenance import citation_of, weights_files

ALEXNET = find_backbone("alexnet")
WIDTHS = {"conv1": 64, "conv2": 192, "conv3": 384, "conv4": 256, "conv5": 256}
FROM = Provenance("alexnet", "votes of a class", 600, 60, "abc123", 64, 0.81, 0, "2026-11-26", "1.0")


def weights(value: float = 1.0) -> dict[str, np.ndarray]:
    return {layer: np.full(width, value) for layer, width in WIDTHS.items()}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPLORER_HEADS", str(tmp_path / "heads"))
    return tmp_path / "heads"


def test_heads_that_are_all_ones_measure_as_uniform_ones_do(small_pair):
    own = keep("mine", weights(), FROM)
    pair = small_pair.reference, small_pair.distorted
    uniform = measure(*pair, heads="uniform")
    found = measure(*pair, heads="yours-mine")
    assert found.heads == own.name
    assert found.score == pytest.approx(uniform.score, rel=1e-6)
    assert found.name.label == "AlexNet · yours-mine heads"
    assert own.file.sha256 in citation_of(found)
    assert "600 trials of votes of a class" in citation_of(found)
    assert weights_files(found)[-1] == {"name": own.path.name, "sha256": own.file.sha256}
    assert found.to_dict()["heads"] == own.name


def test_own_heads_are_offered_after_the_published_ones_for_their_backbone_alone():
    own = keep("mine", weights(), FROM)
    assert heads_for(ALEXNET) == (*ALEXNET.head_names, own.name)
    assert own.name not in heads_for(find_backbone("vgg16"))
    with pytest.raises(SettingError, match="has no heads 'yours-mine'"):
        find_heads("yours-mine", find_backbone("vgg16"))


def test_two_versions_of_one_name_are_never_taken_for_each_other(small_pair):
    pair = small_pair.reference, small_pair.distorted
    first = keep("mine", weights(1), FROM)
    before = Method(heads="yours-mine")
    one = measure(*pair, heads="yours-mine").score
    first.path.unlink()
    second = keep("mine", weights(2), FROM)
    after = Method(heads="yours-mine")
    assert before.identity != after.identity
    assert before.pass_identity != after.pass_identity
    assert measure(*pair, heads="yours-mine").score == pytest.approx(2 * one)
    assert measure(*pair, heads=first.name).score == one  # who began with the first ones goes on with them
    assert (before.heads, after.heads) == (first.name, second.name)


def test_a_link_with_own_heads_opens_them():
    method = Method(heads=keep("mine", weights(), FROM).name)
    assert Method().with_text("heads", method.to_link()["heads"]) == method


def test_what_is_kept_is_read_back_whole():
    own = keep("mine", weights(0.5), FROM)
    assert found() == ((own,), ())
    assert own.provenance == FROM
    assert HEADS[own.name].trained_on == "votes: votes of a class"
    with pytest.raises(KeyError):
        HEADS["yours-nobody.00000000"]


def test_a_name_that_is_taken_is_refused_and_the_heads_stay():
    own = keep("mine", weights(), FROM)
    with pytest.raises(SettingError, match="yours-mine for alexnet already; choose another name"):
        keep("yours-mine", weights(2), FROM)
    assert found()[0] == (own,)


@pytest.mark.parametrize("name", ["", "a b", "../up", "ä", "x" * 41, "a.b", "yours-"])
def test_a_name_of_other_letters_is_refused(name):
    with pytest.raises(SettingError, match="letters from A to Z"):
        check_name(name)


def provenance_of(text: str) -> bytes:
    return save({"conv1": np.ones(64, np.float32)}, {"kind": own_heads.KIND, "provenance": text})


DAMAGED = {
    "rubbish": b"no tensors",
    "foreign": save({"conv1": np.ones(64, np.float32)}),
    "no-provenance": provenance_of("{}"),
    "endless": provenance_of('{"backbone": "alexnet", "votes": "v", "trials": Infinity}'),
    "deep": provenance_of("[" * 100_000),
    "negative": to_bytes(weights(-1), FROM),
    "infinite": to_bytes(weights(np.inf), FROM),
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_file_is_one_sentence_and_breaks_nothing(folder, kind, small_pair):
    own = keep("mine", weights(), FROM)
    (folder / file_name(kind, "alexnet")).write_bytes(DAMAGED[kind])
    heads, problems = found()
    assert heads == (own,)
    assert len(problems) == 1
    assert f"alexnet-yours-{kind}.safetensors" in problems[0]
    assert heads_for(ALEXNET) == (*ALEXNET.head_names, own.name)
    assert measure(small_pair.reference, small_pair.distorted).score > 0


def test_more_heads_than_are_read_are_refused_and_named(folder, monkeypatch):
    monkeypatch.setattr(own_heads, "MOST", 2)
    kept = keep("b", weights(), FROM), keep("c", weights(), FROM)
    for ask in (lambda: keep("d", weights(), FROM), lambda: own_heads.check_free("d", "alexnet")):
        with pytest.raises(SettingError, match=r"2 files of heads in .* most that are read; take some out"):
            ask()
    assert found() == (kept, ())
    (folder / file_name("d", "alexnet")).write_bytes(kept[0].path.read_bytes())
    heads, problems = found()
    assert heads == kept
    assert [text.partition(" in ")[0] for text in problems] == ["There are 3 files of heads"]


def test_heads_of_other_layers_are_refused_when_they_are_used(small_pair):
    keep("mine", {"conv1": np.ones(3)}, FROM)
    with pytest.raises(WeightsError, match="does not fit AlexNet's layer conv1"):
        measure(small_pair.reference, small_pair.distorted, heads="yours-mine")


def test_heads_whose_file_has_gone_are_named_with_the_mend(small_pair):
    own = keep("mine", weights(3), FROM)
    method = Method(heads=own.name)
    own.path.unlink()
    with pytest.raises(WeightsError, match="was changed or taken away; put it back, or choose other heads"):
        measure(small_pair.reference, small_pair.distorted, heads=method.heads)


def test_a_folder_that_cannot_be_written_to_is_said_with_the_mend(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("EXPLORER_HEADS", str(tmp_path / "file"))
    with pytest.raises(SettingError, match="name another folder in EXPLORER_HEADS"):
        keep("mine", weights(), FROM)
