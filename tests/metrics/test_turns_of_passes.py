"""Whose pass comes when: pages do not wait for the background, and long passes let others go first."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import explorer
from explorer import turns
from explorer.distortions import distort
from explorer.metrics import perceptual
from explorer.metrics.perceptual import turn
from explorer.samples import load_sample
from explorer.turns import Turns, step_back

SECONDS = 60


def test_no_page_waits_for_a_pass_in_the_background():
    begun, drawn = threading.Event(), threading.Event()

    def background():
        step_back()
        with turn("cpu"):
            begun.set()
            return drawn.wait(SECONDS)

    with ThreadPoolExecutor(1) as worker:
        waited = worker.submit(background)
        assert begun.wait(SECONDS)
        with turn("cpu"):
            drawn.set()
        assert waited.result(SECONDS)


def test_a_pass_in_the_background_stands_aside_for_a_page_but_not_for_ever(monkeypatch):
    layers = []

    def background():
        step_back()
        with turn("cpu") as give_way:
            for layer in range(3):
                layers.append(layer)
                give_way()

    with ThreadPoolExecutor(1) as worker:
        monkeypatch.setattr(turns, "ASIDE", SECONDS)
        with turn("cpu"):
            waits = worker.submit(background)
            time.sleep(0.2)  # in which it would have gone on
            assert not layers
        waits.result(SECONDS)
        monkeypatch.setattr(turns, "ASIDE", 0.01)
        with turn("cpu"):
            worker.submit(background).result(SECONDS)
    assert layers == [0, 1, 2] * 2


def test_a_long_pass_gives_way_after_each_layer_and_measures_the_same(monkeypatch):
    reference = load_sample("cat").pixels[:100, :100]
    distorted = distort(reference, "jpeg", 0.6)
    before, given = explorer.measure(reference, distorted, device="cpu"), []
    monkeypatch.setattr(Turns, "give_way", lambda turns: given.append(turns))
    explorer.measure(reference, distorted, device="cpu")
    assert not given
    monkeypatch.setattr(perceptual, "LONG", 100)
    after = explorer.measure(reference, distorted, device="cpu")
    assert len(given) == len(after.layers)
    assert after.score == before.score


def test_on_a_gpu_a_pass_keeps_its_turn_for_the_switches_of_its_precision(monkeypatch):
    given = []
    monkeypatch.setattr(Turns, "give_way", lambda turns: given.append(turns))
    with turn("cuda", (5000, 5000)) as give_way:
        give_way()
    assert not given
