"""What pages have done apart: one at a time, by rounds of the tabs, with the errors of the work itself."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from explorer.errors import ExplorerError, ImageError
from explorer.turns import is_behind
from explorer.views.common import apart as module
from explorer.views.common.apart import apart

SECONDS = 60


def test_work_is_done_behind_the_pages_and_its_result_comes_back():
    assert apart("Reading", is_behind)
    assert not is_behind()


def test_an_error_that_can_be_mended_comes_back_as_it_is():
    error = ImageError("broken.png is damaged.")

    def work():
        raise error

    with pytest.raises(ImageError) as caught:
        apart("Reading", work)
    assert caught.value is error


def test_a_fault_of_the_program_is_said_in_a_sentence():
    with pytest.raises(ExplorerError, match="Reading met a fault of the program"):
        apart("Reading", lambda: 1 // 0)


def test_a_tab_that_has_been_closed_waits_for_nothing(monkeypatch):
    monkeypatch.setattr(module, "browser_is_there", lambda: lambda: False)
    with pytest.raises(ExplorerError, match="The tab was closed"):
        apart("Reading", lambda: "read")


def test_two_large_pictures_are_not_read_at_once():
    begun, go_on, together = threading.Event(), threading.Event(), []

    def first():
        begun.set()
        assert go_on.wait(SECONDS)
        together.append("first")

    with ThreadPoolExecutor() as pages:
        one = pages.submit(apart, "Reading", first)
        assert begun.wait(SECONDS)
        other = pages.submit(apart, "Reading", lambda: together.append("second"))
        go_on.set()
        one.result(SECONDS)
        other.result(SECONDS)
    assert together == ["first", "second"]
