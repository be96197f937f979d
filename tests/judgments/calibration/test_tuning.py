"""Heads and network that are trained together: better by each epoch, of weights of their own, and a file."""

import numpy as np
import pytest
import torch

import explorer
from explorer.errors import SettingError, WeightsError
from explorer.files.own_metrics import read_metric
from explorer.judgments.calibration import read_trials
from explorer.judgments.calibration.tuning import _Trainer, fresh, tune
from explorer.judgments.formats import read
from tests.judgments.calibration.folder import votes_folder

BACKBONE = "alexnet"


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    return list(read_trials(read(votes_folder(tmp_path_factory.mktemp("votes"), 50)), 32))


@pytest.fixture(scope="module", params=["tune", "scratch"])
def tuned(request, trials):
    return [*tune(trials, "made", BACKBONE, request.param, size=32, epochs=2)]


def pictures(count: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    a, b = torch.rand(2, count, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1
    return a, b


def test_the_loss_falls_and_heads_and_network_move(tuned):
    first, last = tuned
    assert last.epochs[1].teaching_loss < last.epochs[0].teaching_loss
    assert first.epochs == last.epochs[:1]
    metric = last.metric
    network, heads = fresh(BACKBONE, metric.way, 0).tensors()
    assert network.keys() == metric.network.keys()
    assert all(not torch.equal(network[key], metric.network[key]) for key in network)
    assert any(not torch.equal(heads[name], metric.heads[name]) for name in heads)
    assert all((each >= 0).all() for each in metric.heads.values())


def test_a_file_reads_back_with_the_same_scores_and_says_what_it_is(tuned, tmp_path):
    metric = tuned[-1].metric
    path = tmp_path / "own.safetensors"
    path.write_bytes(metric.to_bytes())
    loaded = explorer.Lpips.from_file(path)
    made = explorer.Lpips.from_tensors(BACKBONE, metric.network, metric.heads, metric.way)
    a, b = pictures()
    assert torch.equal(loaded(a, b), made(a, b))
    assert not torch.allclose(loaded(a, b), explorer.Lpips(BACKBONE)(a, b))
    assert (loaded.backbone, loaded.weights) == (BACKBONE, metric.way)
    assert read_metric(path).provenance == metric.provenance
    assert (metric.provenance.trials, metric.provenance.size) == (50, 32)


def test_training_begins_at_lpips_and_leaves_what_all_share(trials):
    a, b = pictures()
    before = explorer.Lpips(BACKBONE)(a, b)
    model = fresh(BACKBONE, "tune", 0)
    assert torch.allclose(model(a, b), before, rtol=1e-5)
    trainer = _Trainer(trials[:4], model, "cpu", 0)
    trainer.epoch(np.arange(4))
    assert not torch.allclose(model(a, b), before)
    assert torch.equal(explorer.Lpips(BACKBONE)(a, b), before)


def test_too_few_trials_are_refused(trials):
    with pytest.raises(SettingError, match="takes 50 trials"):
        next(tune(trials[:12], "made", BACKBONE, "tune"))


def test_files_that_hold_no_metric_are_refused_with_the_mend(tuned, tmp_path):
    path = tmp_path / "own.safetensors"
    with pytest.raises(WeightsError, match=r"own\.safetensors is no safetensors file.*--tune"):
        explorer.Lpips.from_file(path)
    path.write_bytes(b"nothing")
    with pytest.raises(WeightsError, match="is no safetensors file"):
        explorer.Lpips.from_file(path)
    metric = tuned[-1].metric
    lacking = dict(metric.network)
    lacking.popitem()
    with pytest.raises(WeightsError, match="it lacks"):
        explorer.Lpips.from_tensors(BACKBONE, lacking, metric.heads, metric.way)
    with pytest.raises(WeightsError, match="expected is"):
        explorer.Lpips.from_tensors(
            BACKBONE, metric.network, {name: each[1:] for name, each in metric.heads.items()}, metric.way
        )
