"""A real Ray cluster of two workers, one of which is killed, measures what one machine does, to the bit."""

import os
import signal

import pytest

from benchmarks.triplets import made_triplets, triplets_of
from explorer.errors import SettingError
from explorer.judgments.running import measure, read_way
from explorer.judgments.running.cluster import measure_on_cluster
from explorer.judgments.running.table import fill_table, open_table

ray = pytest.importorskip("ray", reason="Ray is not installed; `pip install ray` brings it")
PROC = "/proc"


@pytest.fixture
def cluster(monkeypatch):
    """Two workers on this machine; Ray leaves sockets and processes to the garbage collector."""
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    yield
    ray.shutdown()


def workers():
    """Process ids of the actors that measure."""
    found = []
    for name in filter(str.isdecimal, os.listdir(PROC)):
        try:
            with open(f"{PROC}/{name}/cmdline", encoding="utf-8", errors="replace") as file:
                if file.read().startswith("ray::Worker"):
                    found.append(int(name))
        except OSError:
            continue
    return found


@pytest.mark.skipif(not os.path.isdir(PROC), reason="only Linux tells the workers' processes here")
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_whose_worker_is_killed_writes_the_file_of_one_machine(cluster, tmp_path):
    trials = triplets_of(made_triplets(tmp_path / "made", 120))
    way = read_way(("psnr", "ssim", "alexnet:lpips-0.1"))
    alone, together = (open_table(tmp_path / name, trials, way) for name in ("one.csv", "two.csv"))
    list(fill_table(alone, measure(trials.trials, way)))
    killed = []
    for _ in fill_table(together, measure_on_cluster(trials.trials, way)):
        if not killed:
            killed = workers()[:1]
            os.kill(killed[0], signal.SIGKILL)
    assert killed
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "somewhere", "127.0.0.1:99999"])
def test_a_cluster_that_is_not_there_is_said(address):
    with pytest.raises(SettingError, match=rf"no Ray cluster at {address} \(.*`ray start --head`"):
        list(measure_on_cluster((), read_way(("psnr",)), address))
