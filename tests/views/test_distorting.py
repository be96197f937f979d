"""A distortion that takes long: pages say how far it is, it can be cancelled, and what the user had stays."""

import threading
import time

import pytest

import explorer
from explorer.distortions import Recipe, Step
from explorer.distortions.process import one_after_the_other
from explorer.errors import SettingError
from explorer.samples import load_sample
from explorer.views.common import distorting
from explorer.views.common.distorting import Distorting, distorted_picture, pictures_after
from explorer.views.common.session import Session
from explorer.views.common.settings import Settings
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import SECONDS, open_app, sentences, tiles

PAIR = {"sample": "cat", "distortion": "contrast", "severity": "0.5", "seed": "0", "size": "64"}


@pytest.fixture
def slow(monkeypatch):
    """All distortions take until this is set, and tell meanwhile that a half of a step is finished."""
    go_on = threading.Event()

    def waiting(image, steps, advance, is_apart):
        assert is_apart
        while not go_on.wait(0.02):
            advance(0.5)
        yield from one_after_the_other(image, steps, advance, is_apart=False)

    monkeypatch.setattr(distorting, "MEGAPIXEL", 1)
    monkeypatch.setattr(distorting, "PATIENCE", 0)
    monkeypatch.setattr(distorting, "one_after_the_other", waiting)
    yield go_on
    go_on.set()


def expected(severity: float) -> str:
    cat = load_sample("cat")
    return f"{explorer.measure(cat, explorer.distort(cat, 'contrast', severity), size=64).score:.4f}"


def lines(at) -> list[str]:
    return [element.proto.text.replace("\\", "") for element in at.get("progress")]


def run_until_begun(at) -> None:
    """The page, once its work is no longer waiting for its turn."""
    until = time.monotonic() + SECONDS
    while not job_of(at).done and time.monotonic() < until:
        time.sleep(0.02)
    at.run()


def job_of(at):
    return at.session_state["session"].state(Distorting).making.latest


def choose(at, severity: float) -> None:
    at.slider(key="setting_severity").set_value(severity).run()
    assert not at.exception


def test_a_page_says_how_far_it_is_and_shows_what_was_there_until_the_picture_comes(slow):
    slow.set()
    at = open_app(**PAIR)
    if job_of(at) is not None:
        assert job_of(at).wait(SECONDS)
        at.run()
    assert tiles(at)[0] == expected(0.5)
    slow.clear()
    choose(at, 0.41)
    run_until_begun(at)
    assert any(line.startswith("Distorting the image: 0 of 1 steps") for line in lines(at))
    assert tiles(at)[0] == expected(0.5)
    assert any("Shown dimmed" in element.value for element in at.markdown)
    assert [*at.info, *at.error] == []  # nobody is asked for pictures that are there
    slow.set()
    assert job_of(at).wait(SECONDS)
    at.run()
    assert tiles(at)[0] == expected(0.41)
    assert lines(at) == []


def test_it_can_be_cancelled_and_done_after_all(slow):
    at = open_app(**PAIR | {"severity": "0.43"})
    job = job_of(at)
    assert not job.is_over
    at.button(key="cancel_distorting").click().run()
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    at.run()
    assert any("0 of 1 steps were finished" in element.value for element in at.info)
    at.run()
    assert job_of(at) is job  # what somebody has cancelled does not start by itself
    slow.set()
    at.button(key="rest_distorting").click().run()
    if job_of(at) is not None:
        assert job_of(at).wait(SECONDS)
        at.run()
    assert tiles(at)[0] == expected(0.43)


def test_a_page_without_the_pair_says_it_too_and_one_that_distorts_nothing_lets_it_end(slow):
    at = open_app(**PAIR | {"severity": "0.47"})
    for page in ("words", "backbones"):
        go_to(at, PAIR | {"severity": "0.47"}, page)
        assert any(line.startswith("Distorting the image") for line in lines(at)), page
        assert [button.key for button in at.button].count("cancel_distorting") == 1
    job = job_of(at)
    go_to(at, {"sample": "cat", "size": "64"}, "sweep")
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    assert job_of(at) is None


def test_what_a_recipes_first_steps_have_made_is_not_made_again(monkeypatch):
    asked = []

    def noted(image, steps, advance, is_apart):
        asked.append(len(steps))
        yield from one_after_the_other(image, steps, advance, is_apart)

    monkeypatch.setattr(distorting, "one_after_the_other", noted)
    cat = load_sample("cat")
    first = Recipe([("gaussian_noise", {"sigma": 17.25}, 9), ("jpeg", {"quality": 31})])
    other = Recipe([*first.steps[:1], Step("jpeg", {"quality": 7}, is_on=False), *first.steps[1:]])
    longer = Recipe([*other.steps, ("contrast", {"contrast": 71})])
    for recipe, made in ((first, 2), (other, None), (longer, 1)):
        asked.clear()
        count = len(recipe.active)
        ((number, picture),) = pictures_after(cat, recipe, count, lambda _finished: None)
        assert number == count
        assert asked == ([made] if made else [])
        assert picture.digest == explorer.distortions.distorted(cat, recipe).digest
        assert picture.name == recipe.title


def test_what_the_cache_forgets_meanwhile_is_not_taken_for_the_reference(monkeypatch):
    class Forgetful(dict):
        def get(self, key):
            return self.pop(key, None)

        def put(self, key, value, _size):
            self[key] = value

    monkeypatch.setattr(distorting, "pictures", Forgetful())
    cat = load_sample("cat")
    recipe = Recipe([("contrast", {"contrast": 40}), ("jpeg", {"quality": 23})])
    for each in (Recipe(recipe.steps[:1]), recipe):
        ((_, picture),) = pictures_after(cat, each, len(each), lambda _finished: None)
    assert picture.digest == explorer.distortions.distorted(cat, recipe).digest


def test_a_step_that_cannot_be_done_is_an_error_each_time_and_is_tried_once(slow, monkeypatch):
    tried = []

    def failing(_image, _steps, _advance, is_apart):
        tried.append(is_apart)
        raise SettingError("It holds no such picture.")
        yield

    monkeypatch.setattr(distorting, "one_after_the_other", failing)
    session = Session(Settings(severity=0.37), [])
    assert distorted_picture(session, load_sample("cat")) is None
    assert session.state(Distorting).making.latest.wait(SECONDS)
    for _ in range(2):
        with pytest.raises(SettingError, match="no such picture"):
            distorted_picture(session, load_sample("cat"))
    assert len(tried) == 1


def test_sentences_of_a_page_whose_picture_is_refused_name_it(slow, monkeypatch):
    def failing(*_arguments):
        raise SettingError("It holds no such picture.")
        yield

    monkeypatch.setattr(distorting, "one_after_the_other", failing)
    at = open_app(**PAIR | {"severity": "0.39"})
    if job_of(at) is not None:
        assert job_of(at).wait(SECONDS)
        at.run()
    assert sentences(at) == ["It holds no such picture."]


@pytest.mark.parametrize(
    ("fault", "key"),
    [(SettingError("No room today."), "again_distorting"), (RuntimeError("a bug"), "rest_distorting")],
)
def test_what_has_failed_is_said_once_and_can_be_tried_again(slow, monkeypatch, fault, key):
    tried = []

    def failing_once(image, steps, advance, is_apart):
        tried.append(is_apart)
        if len(tried) == 1:
            raise fault
        yield from one_after_the_other(image, steps, advance, is_apart=False)

    monkeypatch.setattr(distorting, "one_after_the_other", failing_once)
    severity = 0.29 + 0.02 * isinstance(fault, SettingError)
    at = open_app(**PAIR | {"severity": f"{severity:g}"})
    if job_of(at) is not None:
        assert job_of(at).wait(SECONDS)
        at.run()
    assert len(at.error) == 1
    at.button(key=key).click().run()
    if job_of(at) is not None:
        assert job_of(at).wait(SECONDS)
        at.run()
    assert [*at.error] == []
    assert tiles(at)[0] == expected(severity)
