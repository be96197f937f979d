"""The page Words in Python: which word it is opened at, and what it sends to the browser."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from explorer.places import page
from explorer.views.words.view import WordsView
from explorer.words import WORDS, alphabetical

PAGE = str(page("words"))
SECONDS = 180  # a cold start loads the network


def opened(**query: str) -> AppTest:
    """The page Words, by an address."""
    at = AppTest.from_file(PAGE, default_timeout=SECONDS)
    at.context["url"] = "http://localhost/words"
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def glossary(at: AppTest) -> dict:
    sent = [json.loads(component.proto.json) for component in at.get("bidi_component")]
    (data,) = [data for data in sent if "entries" in data]
    return data


def test_an_address_opens_at_its_word_and_the_page_has_all_of_them():
    at = opened(term="heads")
    data = glossary(at)
    assert data["term"] == "heads"
    assert [entry["key"] for entry in data["entries"]] == list(alphabetical())
    shown = {entry["key"]: entry for entry in data["entries"]}
    assert {key: entry["short"] for key, entry in shown.items()} == {key: WORDS[key].short for key in WORDS}
    assert [each["key"] for each in shown["heads"]["see"]] == list(WORDS["heads"].see)
    assert not at.error


def test_a_word_that_is_none_is_told_and_the_page_begins_at_its_beginning():
    at = opened(term="haeds", sample="coffee")
    assert glossary(at)["term"] == ""
    (error,) = at.error
    assert "haeds" in error.value
    # The settings of the link are taken all the same.
    assert at.session_state["session"].settings.sample == "coffee"


@pytest.mark.parametrize("term", ["", *WORDS])
def test_a_link_brings_back_its_word(term):
    view = WordsView(term)
    assert WordsView.from_link(view.to_link()) == (view, ())


@pytest.mark.parametrize("term", ["Heads", "heads ", "__class__", "<b>", "x" * 10_000])
def test_what_is_no_word_is_named_in_one_short_sentence(term):
    view, (sentence,) = WordsView.from_link({"term": term})
    assert view == WordsView()
    assert len(sentence) < 200
