"""The page Vote in Python: codes that are right, wrong, guessed and closed, and what its ballot is sent."""

import json
import os
import subprocess
import sys
import time

import pytest
from streamlit.testing.v1 import AppTest

from explorer.judgments.asking.drawing import Setup, random_plan
from explorer.judgments.store import opened_store
from explorer.places import PACKAGE, page
from explorer.samples import load_sample
from explorer.viewer.ballot.ballot import Said
from explorer.views.vote import guesses
from explorer.views.vote.booth import known_booth

PAGE = str(page("vote"))
SECONDS = 180  # a cold start loads torch
TITLE = "<b>Which</b> is *closer*?"


@pytest.fixture(autouse=True)
def nobody_guesses():
    """Wrong codes of other tests are not counted."""
    guesses.wrong_codes.forget()


@pytest.fixture(scope="module")
def keys():
    plan, pictures = random_plan([load_sample("cat")], "2afc", 3, Setup(title=TITLE, sentinels=1))
    return opened_store().create(plan, pictures)


def opened(**query: str) -> AppTest:
    at = AppTest.from_file(PAGE, default_timeout=SECONDS)
    at.context["url"] = "http://localhost/vote"
    for name, value in query.items():
        at.query_params[name] = value
    return ran(at)


def ran(at: AppTest) -> AppTest:
    at.run()
    assert not at.exception
    return at


def ballot(at: AppTest) -> dict:
    """What the browser is sent."""
    sent = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (data,) = [data for data in sent if "stage" in data]
    return data


def booth_of(at: AppTest, code: str):
    return at.session_state["vote_state"].booths[code]


def typed(at: AppTest, code: str) -> AppTest:
    at.text_input(key="vote_code").input(code)
    at.button[0].click()
    return ran(at)


def test_without_a_code_the_page_asks_for_one_and_takes_it_in_any_writing(keys):
    at = opened()
    assert not at.error
    code = keys.code.lower()
    typed(at, f" {code[:3]}-{code[3:]} ")
    assert ballot(at)["code"] == keys.code
    assert at.query_params["code"] == keys.code


@pytest.mark.parametrize("code", ["ZZZZZZ", "<script>", "347", "'; drop table votes", "K" * 5000])
def test_a_code_that_no_session_has_is_said_to_be_none_and_the_box_stays(code):
    at = opened(code=code)
    assert "No session has this code" in at.error[0].value
    assert at.text_input(key="vote_code")


def test_an_empty_box_says_what_to_type():
    assert "Type the code" in typed(opened(), "").error[0].value


def test_who_guesses_codes_has_to_wait_even_with_a_right_one(keys):
    at = opened(code="AAAAAA")
    for number in range(guesses.FREE - 1):
        typed(at, f"AAAAA{number}")
    typed(at, keys.code)
    assert "Too many wrong codes. Yours has not been looked at yet" in at.warning[0].value
    assert not at.error
    assert keys.code not in at.session_state["vote_state"].booths
    deadline = time.monotonic() + SECONDS  # it is looked at by itself, as the page looks every second
    while keys.code not in at.session_state["vote_state"].booths and time.monotonic() < deadline:
        time.sleep(0.5)
        ran(at)
    assert ballot(at)["title"] == TITLE


def test_a_wrong_code_is_counted_once_however_often_the_page_runs():
    at = opened(code="AAAAAA")
    for _ in range(guesses.FREE):
        ran(at)
    assert "No session has this code" in at.error[0].value
    assert at.session_state["vote_state"].guesses.seconds_to_wait("") == 0


def test_who_votes_in_a_session_that_was_removed_can_type_another_code(keys):
    plan, pictures = random_plan([load_sample("cat")], "2afc", 1, Setup(sentinels=0))
    gone = opened_store().create(plan, pictures)
    at = opened(code=gone.code)
    booth = booth_of(at, gone.code)
    booth.hear(Said("hello"))
    booth.hear(Said("start"))
    opened_store().remove(gone.teacher)
    booth.hear(Said("vote", trial=0, answer="A", milliseconds=700))
    assert "has been removed" in ran(at).error[0].value
    assert ballot(typed(at, keys.code))["code"] == keys.code


def test_who_has_a_place_in_a_session_is_let_in_however_many_guess_beside_it(keys):
    token = opened_store().join(keys.code).token
    for _ in range(guesses.MOST_WRONG):
        guesses.wrong_codes.note("")
    at = opened(code=keys.code)
    assert "Too many wrong codes" in at.warning[0].value
    door = ballot(at)
    assert (door["stage"], door["title"], door["each"]) == ("hello", "", 0)  # it says nothing of the session
    for sent in ("", "made up", token):
        assert (known_booth(opened_store(), keys.code, "", Said("hello", sent)) is None) == (sent != token)


def test_the_ballot_gets_the_teachers_words_as_data_and_pictures_once(keys):
    at = opened(code=keys.code)
    assert (ballot(at)["stage"], ballot(at)["pictures"]) == ("hello", {})
    booth = booth_of(at, keys.code)
    booth.hear(Said("hello"))
    booth.hear(Said("start"))
    sent = ballot(ran(at))
    assert (sent["title"], sent["stage"], sent["each"]) == (TITLE, "vote", 4)
    wanted = {turn[name] for turn in sent["turns"] for name in ("reference", "first", "second")}
    assert sent["pictures"].keys() == wanted
    now = sent["turns"][0]
    booth.hear(Said("vote", held=frozenset(wanted), trial=now["trial"], answer="A", milliseconds=700))
    after = ballot(ran(at))
    assert after["done"] == 1
    assert after["turns"][0] == sent["turns"][1]
    assert not after["pictures"].keys() & wanted
    assert "expected" not in json.dumps(after)  # nothing tells a sentinel from the others
    assert "family" not in json.dumps(after)


def test_a_closed_session_is_said_to_be_closed(keys):
    opened_store().close(keys.teacher)
    try:
        at = opened(code=keys.code)
        booth_of(at, keys.code).hear(Said("hello"))
        assert ballot(ran(at))["stage"] == "closed"
    finally:
        opened_store().reopen(keys.teacher)


def test_a_store_that_cannot_be_opened_is_said_in_words(monkeypatch, tmp_path):
    monkeypatch.setenv("EXPLORER_VOTES", str(tmp_path / "file" / "below"))
    (tmp_path / "file").write_text("no folder")
    at = opened(code="347CDF")
    assert "folder for votes" in at.error[0].value


def test_who_votes_waits_for_no_torch(tmp_path):
    program = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        "import explorer.views.common.history, explorer.views.common.menu, explorer.views.common.projector\n"
        f"page = AppTest.from_file({PAGE!r}, default_timeout=180).run()\n"
        "assert not page.exception and page.text_input\n"
        "print('torch' in sys.modules)\n"
    )
    environment = os.environ | {"EXPLORER_VOTES": str(tmp_path), "PYTHONPATH": str(PACKAGE.parent)}
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=240, env=environment
    )
    assert told.stdout.split() == ["False"], told.stderr
