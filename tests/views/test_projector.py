"""Projector mode as a setting: in a link, on every page, and there again after Back."""

import pytest

from explorer.views.common.settings import Settings
from tests.views.test_going_back import PAIR, go_to, visit
from tests.views.test_inspect_page import open_app
from tests.views.test_typed_values import link_of


def test_a_link_for_a_projector_says_no_more_and_has_each_layers_map_on_its_own_scale():
    settings, problems = Settings.from_link({"projector": "1"})
    assert (settings, problems) == (Settings().with_projector(True), ())
    assert settings.display.scale == "layer"
    link = settings.to_link()
    assert link["projector"] == "1"
    assert "scale" not in link
    assert settings.with_projector(False) == Settings()


def test_another_scale_is_kept_on_a_projector():
    settings, _ = Settings.from_link({"projector": "1", "scale": "shared"})
    assert settings.display.scale == "shared"
    assert Settings.from_link(settings.to_link())[0] == settings


@pytest.mark.parametrize("link", [{"projector": "yes"}, {"colours": "jet"}])
def test_a_mode_or_scale_that_does_not_exist_is_named_and_the_default_taken(link):
    settings, (problem,) = Settings.from_link(link)
    assert settings == Settings()
    assert "choose one of" in problem


def test_the_mode_goes_with_the_visitor_to_other_pages_and_away_with_back():
    at = open_app(**PAIR)
    plain = link_of(at)
    go_to(at, plain | {"projector": "1", "colours": "cividis"})
    for page in ("region", "candidates"):
        visit(at, page)
        assert {"projector": "1", "colours": "cividis"}.items() <= link_of(at).items()
    go_to(at, plain, "")
    assert link_of(at) == plain
    assert not at.session_state["session"].settings.projector
    at.session_state["session"].leave_pages()
