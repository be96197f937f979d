"""What is no code is found beside the package in a checkout, and inside it where that is installed."""

import importlib.util
import shutil
from pathlib import Path

import pytest

from explorer import places

ROOT = Path(places.__file__).resolve().parents[1]


def installed_copy(folder):
    """`places` as it is in a package that a wheel has laid into this folder."""
    (folder / "explorer" / "_app").mkdir(parents=True)
    file = Path(shutil.copy(places.__file__, folder / "explorer"))
    spec = importlib.util.spec_from_file_location("places_of_a_wheel", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_in_a_checkout_they_stand_at_the_top():
    assert not places.is_installed()
    assert places.app() == ROOT / "app.py"
    assert places.assets("weights") == ROOT / "assets" / "weights"
    assert places.page("region") == ROOT / "explorer" / "views" / "region" / "page.py"


def test_in_an_installed_package_they_lie_inside_it(tmp_path):
    there = installed_copy(tmp_path)
    package = tmp_path.resolve() / "explorer"
    assert there.is_installed()
    assert there.app() == package / "_app" / "app.py"
    assert there.assets("weights") == package / "_app" / "assets" / "weights"
    assert there.page("region") == package / "views" / "region" / "page.py"


@pytest.mark.parametrize("role", places.OPENED_ON)
def test_a_picture_is_named_by_its_variable_or_by_none(role, monkeypatch):
    variable = f"EXPLORER_{role.upper()}"
    monkeypatch.setenv(variable, "/some/picture.png")
    assert places.opened_on(role) == Path("/some/picture.png")
    monkeypatch.setenv(variable, "")
    assert places.opened_on(role) is None
    monkeypatch.delenv(variable)
    assert places.opened_on(role) is None
