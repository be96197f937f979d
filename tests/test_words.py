"""The glossary: short, plain, whole, and what the pages explain with it."""

import ast
import re
from pathlib import Path

import pytest

from explorer.lessons.markup import spans
from explorer.lessons.reading import bundled
from explorer.views.common.parts import METRICS
from explorer.views.common.tips import tip
from explorer.words import LPIPS, OF_VIEWERS, WHAT_IS_LPIPS, WORDS, alphabetical, key_of
from explorer.words.learning import ALSO_WRITTEN

ROOT = Path(__file__).resolve().parents[1]
MARKUP = re.compile(r"[\\`*_\[\]$~<>&@()]")  # a tooltip is Markdown, and is read in passing
SENTENCES = re.compile(r"[.!?](?:\s|$)")


def asked_for(source):
    """Keys that calls of `tip` name in a source; those that a function chooses for one, too."""
    tree = ast.parse(source)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in calls:
        if isinstance(call.func, ast.Name) and call.func.id == "tip":
            for node in (each for argument in call.args for each in ast.walk(argument)):
                if isinstance(node, ast.Constant):
                    yield node.value


def of_pages():
    """Every key that a page's help asks for."""
    files = sorted((ROOT / "explorer" / "views").glob("**/*.py"))
    return {key for file in files for key in asked_for(file.read_text(encoding="utf-8"))}


def of_viewers():
    """Every key that an element of a viewer names."""
    named = re.compile(r'(?:data-word|dataset\.word) ?= ?"([a-z -]+)"')
    files = [file for ending in ("html", "js") for file in (ROOT / "explorer/viewer").glob(f"**/*.{ending}")]
    texts = [text for file in files for text in named.findall(file.read_text(encoding="utf-8"))]
    return {key for text in texts for key in text.split()}


@pytest.mark.parametrize("key", WORDS)
def test_a_tooltip_is_one_plain_sentence(key):
    short = WORDS[key].short
    assert short.endswith(".")
    assert len(SENTENCES.findall(short)) == 1
    assert ";" not in short
    assert not MARKUP.search(short)
    assert len(short.split()) <= 25


@pytest.mark.parametrize("key", WORDS)
def test_more_about_a_word_is_a_paragraph_and_says_more(key):
    entry = WORDS[key]
    assert entry.long.endswith(".")
    assert len(entry.long.split()) <= 60
    assert entry.short not in entry.long


@pytest.mark.parametrize("key", WORDS)
def test_a_word_leads_to_others_that_there_are(key):
    see = WORDS[key].see
    assert see
    assert set(see) <= WORDS.keys() - {key}
    assert len(set(see)) == len(see)


def test_keys_stand_in_an_address_as_they_are_and_terms_are_told_apart():
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", key) for key in WORDS)
    assert len({entry.term.casefold() for entry in WORDS.values()}) == len(WORDS)
    assert sorted(alphabetical()) == sorted(WORDS)


def test_sources_can_be_followed():
    sources = [entry.source for entry in WORDS.values() if entry.source]
    assert LPIPS in sources
    assert all(source.address.startswith("https://") for source in sources)


def test_every_word_that_a_page_explains_is_in_the_glossary():
    assert of_pages() <= WORDS.keys()
    assert of_viewers() <= set(OF_VIEWERS)
    assert set(METRICS.values()) | set(OF_VIEWERS) <= WORDS.keys()


def test_every_entry_is_led_to_by_a_page_or_by_another_entry():
    others = {other for entry in WORDS.values() for other in entry.see}
    assert WORDS.keys() <= of_pages() | set(OF_VIEWERS) | others


def test_the_check_finds_the_words_of_a_page():
    source = 'help=tip("heads", *(("seed",) * many), also="no word")\nother("layer")'
    assert set(asked_for(source)) == {"heads", "seed"}
    assert {"heads", "weights", "node", "ladder", "score-per-area", "parameters"} <= of_pages()
    assert {"native-cells", "smoothed", "shared-scale", "clipped", "grid"} <= of_viewers()


def test_a_tip_says_each_word_leads_on_and_ends_with_what_is_special():
    text = tip("heads", "uniform", also="**LPIPS v0.1**: learned.")
    lines = text.split("  \n")
    assert lines[0] == f"**Heads**: {WORDS['heads'].short}"
    assert lines[1] == f"**Uniform**: {WORDS['uniform'].short} [More](words?term=heads)"
    assert lines[2] == "**LPIPS v0.1**: learned."


def test_a_tip_on_a_word_that_is_none_fails_at_once():
    with pytest.raises(KeyError):
        tip("haeds")


def test_what_lpips_is_takes_three_sentences_and_the_paper_has_a_name():
    assert len(SENTENCES.findall(WHAT_IS_LPIPS)) == 3
    assert "Unreasonable Effectiveness" in LPIPS.citation


def test_every_word_that_the_lesson_has_in_bold_is_in_the_glossary():
    texts = [text for chapter in bundled().chapters for text in chapter.texts]
    bold = [span.text for text in texts for span in spans(text) if span.kind == "bold"]
    assert len(bold) >= 8
    assert [word for word in bold if key_of(word) is None] == []


def test_a_word_is_found_however_a_text_writes_it():
    assert [key_of(word) for word in ("Receptive field", "channels", "Learned heads", "LPIPS")] == [
        "receptive-field",
        "channel",
        "heads",
        "lpips-score",
    ]
    assert key_of("Flip") is None
    assert set(ALSO_WRITTEN.values()) <= WORDS.keys()
    assert not set(ALSO_WRITTEN) & {entry.term.casefold() for entry in WORDS.values()}
