"""The page Compare's own part of the link."""

from explorer.analysis.comparison import MOST
from explorer.views.compare.view import CompareView
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, sentences
from tests.views.test_typed_values import link_of

PAIR = {"sample": "cat", "distortion": "jpeg", "severity": "0.5", "seed": "0", "size": "64"}


def test_a_link_brings_back_columns_difference_and_scale():
    link = {
        "columns": "alexnet:uniform,alexnet:lpips-0.0,alexnet:lpips-0.1",
        "versus": "alexnet:lpips-0.1,alexnet:uniform",
        "shares": "raw",
    }
    view, problems = CompareView.from_link(link)
    assert problems == ()
    assert view.to_link() == link


def test_a_link_whose_columns_are_good_has_nothing_to_say():
    at = open_app(**PAIR)
    link = {"columns": "alexnet:uniform,alexnet:lpips-0.1", "versus": "alexnet:lpips-0.1,alexnet:uniform"}
    go_to(at, PAIR | link, "compare")
    assert sentences(at) == []
    at.session_state["session"].leave_pages()


def test_more_columns_than_fit_are_refused_in_words_and_the_first_ones_shown():
    names = ("alexnet", "alexnet_shift", "squeezenet1_1", "resnet18", "vgg16", "vgg16_shift", "swin_t")
    many = ",".join(f"{name}:uniform:random" for name in names[: MOST + 1])
    at = open_app(**PAIR)
    go_to(at, PAIR | {"columns": many}, "compare")
    (sentence,) = sentences(at)
    assert f"at most {MOST}" in sentence
    assert link_of(at)["columns"].startswith("alexnet:")
    at.session_state["session"].leave_pages()
