"""Steps in a process of their own: the same pixels, the same sentences, and an end at any time."""

import subprocess
import time

import numpy as np
import pytest

from explorer.distortions import Recipe, Step, process
from explorer.distortions.process import one_after_the_other
from explorer.errors import SettingError

IMAGE = np.random.default_rng(5).integers(0, 256, (61, 83, 3), dtype=np.uint8)
STEPS = Recipe([("jpeg", {"quality": 9}), ("gaussian_noise", {"sigma": 12}, 2**53 - 1)]).steps


@pytest.fixture
def processes(monkeypatch):
    """Those that were started."""
    started = []

    class Noted(subprocess.Popen):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(process.subprocess, "Popen", Noted)
    return started


def test_a_process_makes_the_same_pixels_after_each_step_and_tells_how_far_it_is(processes):
    told = []
    here = list(one_after_the_other(IMAGE, STEPS, lambda _finished: None, is_apart=False))
    apart = list(one_after_the_other(IMAGE, STEPS, told.append, is_apart=True))
    assert len(processes) == 1
    assert [found.tobytes() for found in apart] == [found.tobytes() for found in here]
    np.testing.assert_array_equal(here[-1], Recipe(STEPS).apply(IMAGE))
    assert told == sorted(told)
    assert {1, 2} <= set(told)
    assert told[-1] == 2


class UnwantedError(Exception):
    pass


def test_what_is_not_wanted_any_more_ends_in_the_middle_of_a_step(processes):
    slow = np.zeros((3000, 4000, 3), np.uint8)  # half a minute

    asked = []

    def advance(finished):
        if finished > 0:
            asked.append(time.monotonic())
            raise UnwantedError

    with pytest.raises(UnwantedError):
        list(one_after_the_other(slow, [Step.at("nonlocal_means", 0.5)], advance, is_apart=True))
    assert time.monotonic() - asked[0] < 10
    assert processes[0].poll() is not None


def test_who_takes_one_picture_alone_leaves_no_process_behind(processes):
    found = one_after_the_other(IMAGE, STEPS * 8, lambda _finished: None, is_apart=True)
    next(found)
    found.close()
    assert processes[0].poll() is not None


def test_a_step_that_cannot_be_done_is_refused_in_the_same_sentence_either_way():
    wide = np.zeros((3, 66_000, 3), np.uint8)
    said = []
    for is_apart in (False, True):
        with pytest.raises(SettingError) as caught:
            list(one_after_the_other(wide, STEPS[:1], lambda _finished: None, is_apart))
        said.append(str(caught.value))
    assert said[0] == said[1]
    assert "65,500" in said[0]


@pytest.mark.parametrize(("signal", "error"), [(True, SettingError), (False, RuntimeError)])
def test_a_process_that_dies_is_no_endless_wait(monkeypatch, signal, error):
    end = "os.kill(os.getpid(), 9)" if signal else "os._exit(1)"
    code = f"import os; {end}"

    class Dying(subprocess.Popen):
        def __init__(self, command, **options):
            super().__init__([command[0], "-c", code], **options)

    monkeypatch.setattr(process.subprocess, "Popen", Dying)
    with pytest.raises(error):
        list(one_after_the_other(IMAGE, STEPS, lambda _finished: None, is_apart=True))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [(MemoryError, SettingError, "more memory"), (KeyError, RuntimeError, "before its time")],
)
@pytest.mark.parametrize("where", ["_send", "_read"])
def test_a_fault_in_talking_to_the_process_is_no_endless_wait(monkeypatch, where, fault, error, words):
    def failing(*_arguments):
        raise fault

    until = time.monotonic() + 60

    def advance(_finished):
        assert time.monotonic() < until, "it still waits"

    monkeypatch.setattr(process, where, failing)
    with pytest.raises(error, match=words):
        list(one_after_the_other(IMAGE, STEPS, advance, is_apart=True))


def test_a_file_in_the_current_folder_is_no_module_of_the_process(tmp_path, monkeypatch):
    (tmp_path / "queue.py").write_text("raise RuntimeError('a file of the user')")
    monkeypatch.chdir(tmp_path)
    (found,) = one_after_the_other(IMAGE, STEPS[:1], lambda _finished: None, is_apart=True)
    np.testing.assert_array_equal(found, STEPS[0].apply(IMAGE))
