"""Addresses of a session: what phones can reach, what is copied back, and what a QR code says."""

import base64

import pytest
import segno

from explorer.sharing import network_address
from explorer.views.common.links import place_of, qr, without_scheme
from explorer.views.common.teacher import teacher_in


def test_links_are_of_the_address_that_the_browser_sees():
    place = place_of("https://lab.example.org/explorer/ask?x=1#y", "127.0.0.1")
    assert place.is_reachable
    assert place.vote("347CDF") == "https://lab.example.org/explorer/vote?code=347CDF"
    assert place.results("a-b_c") == "https://lab.example.org/explorer/results?teacher=a-b_c"


@pytest.mark.parametrize("host", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "127.0.1.1"])
def test_a_server_of_this_machine_alone_is_out_of_reach_of_phones(host):
    place = place_of(f"http://{host}/ask", "127.0.0.1")
    assert not place.is_reachable
    assert place.base == f"http://{host}"


@pytest.mark.skipif(network_address() is None, reason="this machine has no network")
def test_a_shared_server_that_was_opened_here_is_named_by_its_address_in_the_network():
    place = place_of("http://localhost:8501/ask", None)
    assert place.is_reachable
    assert place.base == f"http://{network_address()}:8501"


def test_a_teachers_link_is_taken_whole_or_as_its_key():
    assert teacher_in(" http://here/results?teacher=abc-_9 ") == "abc-_9"
    assert teacher_in("abc-_9") == "abc-_9"
    assert teacher_in("http://here/results") == ""
    assert teacher_in("") == ""


def test_a_qr_code_is_that_of_the_link_with_its_quiet_zone():
    link = "http://192.168.1.20:8501/vote?code=347CDF"
    svg = base64.b64decode(qr(link).partition(",")[2]).decode()
    side = segno.make(link, error="m").symbol_size(border=4)[0]
    assert f'viewBox="0 0 {side} {side}"' in svg
    assert "#fff" in svg
    assert "#000" in svg
    assert qr(link) != qr(link + "X")
    assert without_scheme(link) == "192.168.1.20:8501/vote?code=347CDF"
