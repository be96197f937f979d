"""A real Ray cluster that others use too, one of whose workers is killed, measures what one machine does."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import ClassVar

import pytest
import torch

from benchmarks.triplets import made_triplets, triplets_of
from explorer.errors import SettingError
from explorer.judgments.running import measure, read_way
from explorer.judgments.running.cluster import _Pool, measure_on_cluster
from explorer.judgments.running.measuring import batches
from explorer.judgments.running.table import fill_table, open_table


@pytest.fixture
def ray():
    return pytest.importorskip("ray", reason="Ray is not installed; `pip install ray` brings it")


@pytest.fixture
def cluster(ray, monkeypatch):
    """Three processors on this machine, one of which is taken by others."""
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    ray.init(num_cpus=3, include_dashboard=False, log_to_driver=False, logging_level="error")
    others = ray.remote(dict).options(num_cpus=1).remote()
    yield others
    ray.shutdown()


class Deadly(_Pool):
    """Kills the first worker that it gives work to, before that is done with anything.

    How long workers take to load torch beside other work is not what is asked here, so it waits for long.
    """

    killed = 0
    lost: ClassVar[list[int]] = []

    def __init__(self, ray, way):
        super().__init__(ray, way, patience=480.0)

    def _hand_out(self, waiting, first):
        process = None
        if not self.killed and (ready := [place for place in self._places if place.is_ready]):
            self.killed = process = self._ray.get(ready[0].actor.__ray_call__.remote(lambda _: os.getpid()))
            os.kill(process, signal.SIGSTOP)
        super()._hand_out(waiting, first)
        if process:
            os.kill(process, signal.SIGKILL)

    def _count_death(self, batch, error):
        self.lost.append(batch.first)
        super()._count_death(batch, error)


# Ray leaves sockets and processes to the garbage collector.
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_cluster_in_use_whose_worker_is_killed_writes_the_file_of_one_machine(
    cluster, tmp_path, monkeypatch
):
    trials = triplets_of(made_triplets(tmp_path / "made", 120))
    way = read_way(("psnr", "ssim", "alexnet:lpips-0.1"))
    alone, together = (open_table(tmp_path / name, trials, way) for name in ("one.csv", "two.csv"))
    list(fill_table(alone, measure(trials.trials, way)))
    monkeypatch.setattr("explorer.judgments.running.cluster._Pool", Deadly)
    list(fill_table(together, measure_on_cluster(trials.trials, way)))
    assert len(Deadly.lost) == 1
    assert (tmp_path / "two.csv").read_bytes() == (tmp_path / "one.csv").read_bytes()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "somewhere", "127.0.0.1:99999"])
def test_a_cluster_that_is_not_there_is_said(ray, address):
    with pytest.raises(SettingError, match=rf"no Ray cluster at {address} \(.*`ray start --head`"):
        list(measure_on_cluster((), read_way(("psnr",)), address))


def test_where_ray_is_missing_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SettingError, match=r"not installed; run `pip install 'lpips-explorer\[ray\]'`"):
        list(measure_on_cluster((), read_way(("psnr",))))


class RayError(Exception):
    """As Ray's own, which is above the others."""


LOST = [type(name, (RayError,), {}) for name in ("RayActorError", "OutOfMemoryError", "NodeDiedError")]
EXCEPTIONS = SimpleNamespace(RayError=RayError, RayTaskError=type("RayTaskError", (RayError,), {}))


class Unlucky:
    """What of Ray the explorer uses, in this process: answers come last first, and workers die when told.

    Args:
        deaths: How many batches are lost, each in another of Ray's ways.
        free: For how many workers there is room; others never start.
        failure: What a worker's own code raises when it begins.
    """

    exceptions = EXCEPTIONS

    def __init__(self, deaths=0, free=2, failure=None):
        self.deaths, self.free, self.failure = deaths, free, failure
        self.alive = []

    def cluster_resources(self):
        return {"CPU": 2.0}

    def remote(self, kind):
        """Of a class: what `.options(...).remote(...)` makes a worker of."""
        return SimpleNamespace(options=lambda **_: SimpleNamespace(remote=partial(self._worker, kind)))

    def _worker(self, kind, *arguments):
        made, worker = kind(*arguments), SimpleNamespace()
        worker.load = SimpleNamespace(remote=lambda: Answer(worker, "load", made.load))
        worker.measure = SimpleNamespace(
            remote=lambda files: Answer(worker, "measure", partial(made.measure, files))
        )
        self.alive.append(worker)
        return worker

    def wait(self, references, num_returns, timeout):
        ready = [each for each in references if each.worker in self.alive[: self.free]]
        assert ready or timeout is not None, "it would wait for ever"
        return ready[-num_returns:], references

    def get(self, answer):
        assert answer.worker in self.alive[: self.free], "it would wait for ever"
        if answer.kind == "load" and self.failure:
            raise self.failure
        if answer.kind == "measure" and self.deaths:
            self.deaths -= 1
            raise LOST[self.deaths % 3]("it ran out of memory\nand more")
        return answer.work()

    def kill(self, worker):
        self.alive.remove(worker)
        raise ValueError("it is dead already")


@dataclass(frozen=True, eq=False)
class Answer:
    """A reference of Ray's to what a worker will answer."""

    worker: SimpleNamespace
    kind: str
    work: Callable


@pytest.fixture(autouse=True)
def threads():
    """A worker that is made in this process takes its threads."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def run(ray, trials):
    pool = _Pool(ray, read_way(("psnr",), size=16), patience=0.1)
    return [each for own in pool.run(batches(trials)) for each in own]


@pytest.fixture(scope="module")
def trials(tmp_path_factory):
    return triplets_of(made_triplets(tmp_path_factory.mktemp("made"), 4)).trials


@pytest.mark.parametrize("free", [2, 1])
def test_what_comes_in_another_order_or_twice_is_given_once_and_in_order(trials, free):
    many = trials * 40
    found = run(Unlucky(deaths=2, free=free), many)
    assert [each.place for each in found] == list(range(len(many)))
    expected = measure(many, read_way(("psnr",), size=16))
    assert [each.distances for each in found] == [each.distances for each in expected]


@pytest.mark.parametrize(
    ("ray", "why"),
    [
        (Unlucky(deaths=20), r"died 3 times over the same trials \(it ran out of memory\)"),
        (Unlucky(free=0), r"workers has started within 0 seconds; all may be taken by other work"),
        (
            Unlucky(failure=LOST[0]("creation task\n  at\nNo module explorer")),
            r"workers can be started \(No module explorer\)",
        ),
        (
            Unlucky(failure=EXCEPTIONS.RayTaskError("There are no weights.")),
            r"worker of the cluster failed: There are no weights\. Give it what it lacks",
        ),
    ],
)
def test_a_cluster_that_cannot_go_on_ends_the_run_in_words(trials, ray, why):
    with pytest.raises(SettingError, match=why):
        run(ray, trials)
