"""A real Ray cluster of two workers, one of which is killed, measures what one machine does, to the bit."""

import os
import signal
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from benchmarks.triplets import made_triplets, triplets_of
from explorer.errors import SettingError
from explorer.judgments.running import measure, read_way
from explorer.judgments.running.cluster import _Pool, measure_on_cluster
from explorer.judgments.running.measuring import batches
from explorer.judgments.running.table import fill_table, open_table

PROC = "/proc"


@pytest.fixture
def ray():
    return pytest.importorskip("ray", reason="Ray is not installed; `pip install ray` brings it")


@pytest.fixture
def cluster(ray, monkeypatch):
    """Two workers on this machine."""
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    yield
    ray.shutdown()


def workers():
    """Process ids of the actors that measure, of the cluster that this process has started."""
    found = []
    for name in filter(str.isdecimal, os.listdir(PROC)):
        try:
            is_one = Path(PROC, name, "cmdline").read_bytes().startswith(b"ray::Worker")
            if is_one and os.getpid() in ancestors(name):
                found.append(int(name))
        except OSError:
            continue
    return found


def ancestors(process):
    while int(process) > 1:
        process = Path(PROC, str(process), "stat").read_text(errors="replace").rpartition(")")[2].split()[1]
        yield int(process)


@pytest.mark.skipif(not os.path.isdir(PROC), reason="only Linux tells the workers' processes here")
# Ray leaves sockets and processes to the garbage collector.
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
def test_a_cluster_that_is_not_there_is_said(ray, address):
    with pytest.raises(SettingError, match=rf"no Ray cluster at {address} \(.*`ray start --head`"):
        list(measure_on_cluster((), read_way(("psnr",)), address))


def test_where_ray_is_missing_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingError, match=r"not installed; run `pip install 'lpips-explorer\[ray\]'`"):
        list(measure_on_cluster((), read_way(("psnr",))))


class Unlucky:
    """What of Ray the explorer uses, in this process: answers come last first, and workers die when told."""

    class exceptions:  # noqa: N801 - as Ray calls it
        RayActorError = type("RayActorError", (Exception,), {})

    def __init__(self, deaths):
        self.deaths, self.started = deaths, 0

    def cluster_resources(self):
        return {"CPU": 2.0}

    def remote(self, kind):
        """Of a class: what `.options(...).remote(...)` makes a worker of."""
        self.started += 1
        return SimpleNamespace(options=lambda **_: SimpleNamespace(remote=partial(self._worker, kind)))

    def _worker(self, kind, *arguments):
        measure = kind(*arguments).measure
        return SimpleNamespace(measure=SimpleNamespace(remote=lambda files: partial(measure, files)))

    def wait(self, references, num_returns):
        return references[-num_returns:], references[:-num_returns]

    def get(self, reference):
        if self.deaths:
            self.deaths -= 1
            raise self.exceptions.RayActorError("it ran out of memory\nand more")
        return reference()

    def kill(self, _worker):
        raise ValueError("it is dead already")


def test_what_comes_in_another_order_or_twice_is_given_once_and_in_order(tmp_path):
    trials = triplets_of(made_triplets(tmp_path, 4)).trials * 40
    way, threads = read_way(("psnr",), size=16), torch.get_num_threads()
    try:
        pool = _Pool(Unlucky(deaths=2), way)
        found = [each for own in pool.run(batches(trials)) for each in own]
    finally:
        torch.set_num_threads(threads)
    assert [each.place for each in found] == list(range(len(trials)))
    assert [each.distances for each in found] == [each.distances for each in measure(trials, way)]


def test_workers_that_die_over_the_same_trials_again_and_again_end_the_run_in_words(tmp_path):
    trials = triplets_of(made_triplets(tmp_path, 1)).trials
    threads = torch.get_num_threads()
    try:
        pool = _Pool(Unlucky(deaths=10), read_way(("psnr",), size=16))
        with pytest.raises(SettingError, match=r"died 3 times over the same trials \(it ran out of memory\)"):
            list(pool.run(batches(trials)))
    finally:
        torch.set_num_threads(threads)
