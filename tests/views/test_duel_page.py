"""The page Duel: its link, its work, which is paused, gone on with and left, and the ways to other pages."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

import explorer
from explorer.jobs import pool
from explorer.synthesis.journey import travel
from explorer.synthesis.mad import Competitor
from explorer.views.common.session import Session
from explorer.views.duel import running
from explorer.views.duel import state as duel_state
from explorer.views.duel.state import DuelState
from explorer.views.duel.view import DuelView
from tests.views.test_going_back import go_to, visit
from tests.views.test_inspect_page import SECONDS, open_app, sentences, tiles
from tests.views.test_typed_values import link_of

PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}
FEW = {"steps": "6"}
LONG = {"steps": "2000", "made": "1"}


def open_duel(**link: str) -> AppTest:
    at = open_app(**PAIR)
    go_to(at, PAIR | link, "duel")
    return at


def session_of(at: AppTest) -> Session:
    return at.session_state["session"]


def state_of(at: AppTest) -> DuelState:
    return session_of(at).state(DuelState)


def settled(at: AppTest) -> AppTest:
    """The page when its work is over: here no browser asks for it."""
    assert state_of(at).under_way.job.wait(SECONDS)
    at.run()
    assert not at.exception
    return at


def own(at: AppTest) -> dict[str, str]:
    return {name: text for name, text in link_of(at).items() if name not in PAIR}


def answer(at: AppTest) -> str:
    return next((each.value for each in at.markdown if each.value.startswith("## ")), "")


def buttons(at: AppTest) -> list[str]:
    keys = ("duel_first", "duel_more", "duel_anew", "duel_pause")
    return [button.label.split(",")[0] for button in at.button if button.key in keys]


def moving(at: AppTest) -> AppTest:
    """The page when the work on it has made a step."""
    trip = state_of(at).under_way
    while not trip.journey.step:
        assert not trip.job.wait(0.01)
    return at


def press(at: AppTest, key: str) -> AppTest:
    at.button(key=key).click().run()
    assert not at.exception
    return at


def ends(at: AppTest) -> dict[str, str]:
    """Digests of the last picture of each run."""
    journey = state_of(at).on_screen("equal").journey
    return {name: journey.frames(name)[-1].picture.digest for name in journey.runs}


@pytest.fixture(autouse=True)
def alone():
    """What a test has started ends with it."""
    apps = []
    yield apps.append
    for at in apps:
        session_of(at).leave_pages()


def test_a_link_runs_again_by_itself_and_its_numbers_are_those_of_the_picture_that_is_shown():
    at = settled(open_duel(**FEW, made="1"))
    trip, scene = state_of(at).under_way, state_of(at).scene.latest
    assert trip.stage == "done"
    assert trip.journey.step == 6
    assert not scene.is_running
    tile = next(tile for tile in scene.tiles if tile.key == "raised")
    said = explorer.measure(trip.journey.plan.reference, tile.frames[-1].picture)
    assert tile.frames[-1].score == f"{said.score:.4f}"
    assert tile.frames[-1].step == 6
    assert answer(at)
    assert own(at) == FEW | {"made": "1"}


def test_what_was_paused_and_gone_on_with_is_what_was_never_paused():
    at = open_duel(**LONG)
    trip = state_of(at).under_way
    assert buttons(at) == ["Pause"]
    settled(press(moving(at), "duel_first"))
    assert trip.stage == "paused"
    made = trip.journey.step
    assert 0 < made < 2000
    assert ends(at).keys() == {"lowered", "raised"}
    assert any(each.value.startswith(f"Paused at step {made} of 2000") for each in at.caption)
    # As many again, by the box of steps.
    at.number_input(key="duel_steps_equal").set_value(made + 3).run()
    assert buttons(at) == ["Go on", "Start anew"]
    settled(press(at, "duel_first"))
    assert trip.journey.step == made + 3
    whole = travel(trip.journey.plan, made + 3)
    assert ends(at) == {name: whole.frames(name)[-1].picture.digest for name in whole.runs}
    assert trip.journey.curves == whole.curves
    for run in whole.runs:
        frames, own = whole.frames(run), trip.journey.frames(run)
        assert [frame.picture.digest for frame in own] == [frame.picture.digest for frame in frames]
        assert trip.journey.said[run, own[-1].step] == whole.said[run, own[-1].step]


def test_more_steps_lengthen_what_was_made_and_stand_in_the_link():
    at = settled(open_duel(**FEW))
    before = state_of(at).under_way.journey
    assert buttons(at) == ["200 more", "Start anew"]
    press(at, "duel_more")
    assert state_of(at).under_way.journey is before
    assert own(at) == {"steps": "206", "made": "1"}
    assert at.number_input(key="duel_steps_equal").value == 206
    settled(press(at, "duel_first"))  # pauses
    press(at, "duel_anew")
    assert state_of(at).under_way.journey is not before
    assert state_of(at).under_way.steps == 206
    session_of(at).leave_pages()


def test_another_setting_makes_nothing_by_itself_and_the_old_pictures_stay_dimmed():
    at = settled(open_duel(**FEW))
    first, pictures = state_of(at).under_way, ends(at)
    at.number_input(key="setting_seed").set_value(5).run()
    assert state_of(at).under_way is first
    assert ends(at) == pictures
    assert any("Shown dimmed" in each.value for each in at.markdown)
    assert [label.split(",")[0] for label in buttons(at)] == ["Run"]
    assert "made" not in own(at)
    settled(press(at, "duel_first"))
    assert state_of(at).under_way is not first
    assert ends(at) != pictures
    assert own(at) == FEW | {"made": "1"}
    # What was made before is there at once.
    at.number_input(key="setting_seed").set_value(0).run()
    assert ends(at) == pictures
    assert not any("Shown dimmed" in each.value for each in at.markdown)


def test_a_page_that_is_left_stops_and_goes_on_when_it_is_there_again():
    at = open_duel(**LONG)
    job = state_of(at).under_way.job
    visit(at, "words")
    assert job.wait(SECONDS)
    assert job.state == "cancelled"
    made = state_of(at).under_way.journey.step
    visit(at, "duel")
    trip = state_of(at).under_way
    assert trip.job is not job
    assert trip.stage == "running"
    settled(press(at, "duel_first"))
    assert trip.journey.step >= made
    # What the user has paused stays so.
    visit(at, "words")
    visit(at, "duel")
    assert trip.stage == "paused"


def test_what_cannot_be_made_is_said_and_leaves_the_pictures_that_were_there():
    at = settled(open_duel(**FEW))
    pictures = ends(at)
    at.selectbox(key="setting_backbone").set_value("dists").run()
    (said,) = sentences(at)
    assert "no gradient" in said
    assert "alexnet" in said
    assert ends(at) == pictures
    assert at.button(key="duel_first").disabled
    at.selectbox(key="setting_backbone").set_value("alexnet").run()
    assert not sentences(at)
    assert not at.button(key="duel_anew").disabled


def test_what_takes_more_memory_than_there_is_is_refused_before_it_begins(monkeypatch):
    at = settled(open_duel(**FEW))
    pictures = ends(at)
    at.number_input(key="setting_seed").set_value(5).run()
    monkeypatch.setattr(pool, "budget", 1000)
    press(at, "duel_first")
    (said,) = sentences(at)
    assert "of memory" in said
    assert "choose a smaller size" in said
    assert ends(at) == pictures
    monkeypatch.undo()
    settled(press(at, "duel_first"))
    assert not sentences(at)
    assert ends(at) != pictures


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"steps": "10000"}, "from 1 to 2000"),
        ({"steps": "-1"}, "from 1 to 2000"),
        ({"duel": "chess"}, "choose one of equal"),
        ({"duel_step": "1e3"}, "number of a step"),
        ({"made": "yes"}, "choose one of 0, 1"),
    ],
)
def test_what_a_link_asks_for_in_vain_is_named(link, said):
    view, (problem,) = DuelView.from_link(link)
    assert view == DuelView()
    assert said in problem
    assert next(iter(link.values())) in problem


def test_a_link_is_read_back_as_it_was_written():
    link = {"steps": "6", "made": "1", "duel_step": "4", "duel_tile": "start", "duel_map": "conv2"}
    view, problems = DuelView.from_link(link)
    assert not problems
    assert view.to_link() == link
    assert view.choice.steps == 6


def test_made_pictures_open_in_inspect_with_their_own_number_and_back_leads_here():
    at = settled(open_duel(**FEW))
    scene = state_of(at).scene.latest
    link = link_of(at)
    state_of(at).open("inspect", "raised", 6)
    at.run()
    assert not at.exception
    (score,) = (tile.frames[-1].score for tile in scene.tiles if tile.key == "raised")
    assert tiles(at)[0] == score
    session = session_of(at)
    assert session.uploads["reference"].name == "Cat at 64 × 64.png"
    assert session.uploads["distorted"].name == "Cat, raised, step 6.png"
    go_to(at, link, "duel")
    assert state_of(at).scene.latest.tiles[0].frames[-1].score == scene.tiles[0].frames[-1].score
    assert session.origins["source"] == "sample"


def test_all_made_pictures_stand_in_candidates():
    at = settled(open_duel(**FEW))
    names = [tile.label for tile in state_of(at).scene.latest.tiles]
    press(at, "duel_open_candidates")
    files = [upload.name for role, upload in session_of(at).uploads.items() if role != "reference"]
    assert len(files) == len(names)
    assert "Cat, lowered, step 6.png" in files
    session_of(at).leave_pages()


def test_the_first_screen_shows_the_bundled_example_with_its_own_numbers_and_a_click_makes_it_anew():
    at = open_app()
    visit(at, "duel")
    trip = state_of(at).under_way
    while not trip.journey.has_begun and not trip.job.wait(0.02):
        pass
    at.run()
    assert not at.exception
    assert trip.is_bundled
    assert buttons(at) == ["Run again"]
    assert "made" not in link_of(at)
    tile = next(tile for tile in state_of(at).scene.latest.tiles if tile.key == "lowered")
    assert tile.frames[-1].step == 200
    said = explorer.measure(trip.journey.plan.reference, tile.frames[-1].picture)
    assert tile.frames[-1].score == f"{said.score:.4f}"
    assert "24.0 dB" in answer(at)
    press(at, "duel_first")
    made = state_of(at).under_way
    assert not made.is_bundled
    assert made.key == trip.key
    assert trip.job.is_ending or trip.job.is_over  # the other metrics are asked no more
    assert link_of(at)["made"] == "1"
    session_of(at).leave_pages()


def test_another_question_lets_the_work_on_this_one_go_on_and_starts_nothing_beside_it():
    at = open_duel(**LONG)
    first = state_of(at).under_way
    at.segmented_control(key="duel_mode").set_value("verdict").run()
    assert not at.exception
    assert state_of(at).under_way is first
    assert first.stage == "running"
    assert buttons(at) == ["Run"]
    at.segmented_control(key="duel_mode").set_value("equal").run()
    assert buttons(at) == ["Pause"]
    settled(press(at, "duel_first"))
    # Where nobody has asked for anything, the question shows what it is about by itself.
    at.segmented_control(key="duel_mode").set_value("verdict").run()
    second = state_of(at).under_way
    assert (second.mode, second.is_asked) == ("verdict", False)
    visit(at, "words")
    assert second.job.wait(SECONDS)


def test_a_refusal_leaves_what_runs_alone(monkeypatch):
    at = open_duel(**LONG)
    first = state_of(at).under_way
    at.number_input(key="setting_seed").set_value(5).run()
    monkeypatch.setattr(pool, "budget", 1000)
    press(at, "duel_first")
    (said,) = sentences(at)
    assert "of memory" in said
    assert state_of(at).under_way is first
    assert first.stage == "running"
    monkeypatch.undo()
    press(at, "duel_first")
    assert state_of(at).under_way is not first
    assert first.job.wait(SECONDS)
    assert first.stage == "paused"
    session_of(at).leave_pages()


def test_what_was_chosen_before_is_paused_although_something_else_is_chosen_now():
    at = open_duel(**LONG)
    first = state_of(at).under_way
    at.number_input(key="setting_seed").set_value(5).run()
    assert buttons(at) == ["Run", "Pause"]
    press(at, "duel_pause")
    assert first.job.wait(SECONDS)
    assert first.stage == "paused"
    at.run()
    assert buttons(at) == ["Run"]
    # Also where what is chosen now cannot be made.
    at.number_input(key="setting_seed").set_value(0).run()
    press(at, "duel_first")
    at.selectbox(key="setting_backbone").set_value("dists").run()
    assert buttons(at) == ["Run", "Pause"]
    press(at, "duel_pause")
    assert first.job.wait(SECONDS)


def test_trips_beyond_their_bytes_go_but_for_what_is_shown(monkeypatch):
    at = settled(open_duel(**FEW))
    first = state_of(at).under_way
    at.number_input(key="setting_seed").set_value(5).run()
    settled(press(at, "duel_first"))
    second = state_of(at).under_way
    assert state_of(at).trips.results == (first, second)
    monkeypatch.setattr(duel_state, "MOST_BYTES", second.journey.nbytes)
    at.run()
    assert state_of(at).trips.results == (second,)
    monkeypatch.setattr(duel_state, "MOST_BYTES", 0)
    at.run()
    assert state_of(at).trips.results == (second,)
    assert ends(at)


def test_the_work_ends_within_a_step_where_the_page_is_left_and_where_the_tab_is_closed(monkeypatch):
    is_there, may_go = threading.Event(), threading.Event()
    is_there.set()
    monkeypatch.setattr(running, "browser_is_there", lambda: is_there.is_set)
    advanced, advance = [], Competitor.advance

    def noted(process, point):
        advanced.append(point.step)
        may_go.wait(SECONDS)  # until the work was told to end: the step that is under way then is its last
        return advance(process, point)

    monkeypatch.setattr(Competitor, "advance", noted)
    monkeypatch.setattr(running, "FIRST_LOOK", 0.0)
    for leave in (lambda at: visit(at, "words"), lambda _at: is_there.clear()):
        may_go.clear()
        advanced.clear()
        at = open_duel(**LONG)
        trip = state_of(at).under_way
        while not advanced:
            assert not trip.job.wait(0.01)
        leave(at)
        may_go.set()
        assert trip.job.wait(SECONDS)
        assert trip.job.state == "cancelled"
        assert advanced == [0]
        assert trip.journey.step == 1
        is_there.set()
        session_of(at).leave_pages()


@pytest.mark.parametrize("name", ["duel_tile", "duel_curve", "duel_map"])
def test_a_name_in_a_link_is_bounded(name):
    assert DuelView.from_link({name: "a" * 200})[1] == ()
    view, (problem,) = DuelView.from_link({name: "a" * 100_000})
    assert view == DuelView()
    assert "200" in problem
    assert len(problem) < 400
