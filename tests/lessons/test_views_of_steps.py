"""What a step may show: a view of this app, and never anything else."""

import pytest

from explorer.errors import SettingError
from explorer.lessons.reading import bundled, bundled_paths
from explorer.lessons.sights import SCENES, pages, read_view
from explorer.places import PACKAGE
from explorer.views.common.menu import GROUPS
from explorer.views.common.settings import OWN_PARAMETERS, Settings
from explorer.views.common.sources import PARAMETERS


def test_the_pages_are_those_of_the_menu():
    assert pages() == {name for group in GROUPS.values() for name in group}


def test_the_scenes_that_a_lesson_may_name_are_those_that_are_drawn():
    folder = PACKAGE / "views" / "learn" / "scenes"
    drawn = {path.stem for path in folder.glob("[a-z]*.py")} | {
        path.parent.name for path in folder.glob("[a-z]*/__init__.py")
    }
    assert drawn == {*SCENES, "pair"}


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("region?sample=cat", "region?sample=cat"),
        ("/region?sample=cat", "region?sample=cat"),
        ("region", "region"),
        ("/", "inspect"),
        ("?sample=cat", "inspect?sample=cat"),
        ("http://localhost:8501/?sample=cat", "inspect?sample=cat"),
        ("https://example.org/below/region?sample=cat#here", "region?sample=cat"),
        ("https://user:word@example.org/region", "region"),  # a link's host is dropped, whatever it is
        ("region?boxes=1%2C2%2C3%2C4&sample=", "region?boxes=1%2C2%2C3%2C4&sample="),
        ("learn?scene=cell&chapter=3&classroom=1&sample=cat", "learn?scene=cell&sample=cat"),
    ],
)
def test_an_address_of_the_app_is_read(text, address):
    sight = read_view(text)
    assert sight.address == address
    assert read_view(sight.address) == sight


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "vote",
            "vote?code=ABCDEF",
            "nowhere",
            "region/../learn",
            "../region",
            "//example.org/region",
        ),
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "ftp://example.org/region"),
        *("https://example.org/nowhere", "https:region", "http:///region", "http://[bad/region"),
        *("region?a=1&a=2", "region?" + "&".join(f"a{n}=1" for n in range(80)), "region?a=" + "x" * 3000),
        *(
            "region?a=%00",
            "region?a=%0A",
            "region?a=%E2%80%AE",
            "region?a=b c",
            "region?a=\\b",
            "region\n?a=b",
        ),
        *("region?" + "a" * 50 + "=1", "region?=1", "x" * 5000, "learn", "learn?scene=", "learn?scene=pair"),
        *("learn?scene=..common.parts", "learn?scene=os", "learn?chapter=3", "__init__", "common"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(text):
    with pytest.raises(SettingError) as error:
        read_view(text)
    assert str(error.value).endswith((".", "?"))
    assert len(str(error.value)) < 400


def test_a_step_of_a_bundled_lesson_that_is_copied_from_the_address_bar_brings_its_scene():
    scene_of = {"3": "cell"}
    sight = read_view("learn?chapter=3&sample=coffee", lambda address: scene_of.get(address["chapter"]))
    assert dict(sight.parameters) == {"scene": "cell", "sample": "coffee"}


@pytest.mark.parametrize("path", bundled_paths(), ids=lambda path: path.stem)
def test_every_link_of_a_bundled_lesson_has_only_settings_that_its_page_has(path):
    for chapter in bundled(path.stem).chapters:
        for step in chapter.steps:
            own = {*OWN_PARAMETERS.get(step.sight.page, ()), *PARAMETERS}
            link = {name: text for name, text in step.sight.parameters.items() if name not in own}
            assert Settings.from_link(link)[1] == ()
