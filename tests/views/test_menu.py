"""The menu: few words, every page once, at the address that it always had."""

from pathlib import Path

import pytest

from explorer.places import page as file_of
from explorer.views.common import menu
from explorer.views.common.menu import FIRST, GROUPS, VOTE, grouped, opened

PAGES = {name: name.upper() for group in GROUPS.values() for name in group}  # in the place of Streamlit's


def test_every_page_is_in_the_menu_once_but_for_that_of_who_is_asked():
    views = Path(menu.__file__).parents[1]
    names = [name for group in GROUPS.values() for name in group]
    assert sorted([*names, VOTE]) == sorted(file.parent.name for file in views.glob("*/page.py"))
    assert all(file_of(name).exists() for name in names)


def test_a_group_of_one_page_is_that_pages_own_word():
    sections = grouped(PAGES, FIRST)
    assert sections[""] == [PAGES[name] for group in GROUPS.values() if len(group) == 1 for name in group]
    assert all(len(pages) > 1 for word, pages in sections.items() if word)
    assert sorted(page for pages in sections.values() for page in pages) == sorted(PAGES.values())


def test_a_group_says_which_of_its_pages_is_open():
    assert "Look · Region" in grouped(PAGES, "region")
    assert "Look" in grouped(PAGES, "words")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("http://localhost:8501/region?sample=cat", "region"),
        ("http://localhost:8501/behind/a/proxy/candidates/", "candidates"),
        ("http://localhost:8501/", FIRST),
        ("http://localhost:8501/behind/a/proxy", FIRST),
        ("http://localhost:8501/no-page?region", FIRST),
        (None, FIRST),
    ],
)
def test_the_open_page_is_told_by_its_address(address, name):
    assert opened(address) == name
