"""A project in the app: what was saved on one page is there again in another session, to the last digit."""

import io
import json
import re
import zipfile

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

import explorer
from explorer.places import app
from explorer.projects import Project
from explorer.samples import load_sample
from explorer.views.common import parts

SECONDS = 180  # a cold start loads the network
SAMPLE = {"sample": "brick", "distortion": "gaussian_noise", "severity": "0.37", "seed": "5", "size": "128"}


def opened(page: str = "", **query: str) -> AppTest:
    at = AppTest.from_file(str(app()), default_timeout=SECONDS)
    at.query_params.update(query)
    at.run()
    if page:
        go(at, page, query)
    assert not at.exception
    return at


def go(at: AppTest, page: str, query: dict[str, str]) -> None:
    at.context["url"] = f"http://localhost/{page}"
    at.query_params.clear()
    at.query_params.update(query)
    at.switch_page(f"explorer/views/{page}/page.py").run()


def session(at: AppTest):
    return at.session_state["session"]


def upload(at: AppTest, data: bytes, name: str = "pair.zip") -> AppTest:
    (place,) = (each for each in at.file_uploader if each.label == "Project")
    place.set_value((name, data, "application/zip")).run()
    assert not at.exception
    return at


def sentences(at: AppTest) -> list[str]:
    return [error.value for error in at.error]


@pytest.fixture
def saved(monkeypatch):
    """Call what makes the project of the page that an app shows."""
    made = {}
    monkeypatch.setattr(
        parts, "draw_download", lambda label, make, file, *_, **__: made.update({label: (file, make)})
    )

    def save(at: AppTest) -> bytes:
        return made["Project, ZIP"][1]()

    return save


def test_a_sample_under_a_distortion_comes_back_as_such_with_equal_pixels_and_numbers(saved):
    first = opened(**SAMPLE, swapped="1", heads="uniform", map="layer", layer="conv2")
    data = saved(first)
    at = upload(opened(), data)
    then, now = session(first).shown, session(at).shown
    assert now.settings == then.settings
    assert now.pair.linkable
    assert [p.digest for p in (now.pair.reference, now.pair.distorted)] == [
        p.digest for p in (then.pair.reference, then.pair.distorted)
    ]
    assert now.inspection.measurement.to_dict() == then.inspection.measurement.to_dict()
    assert dict(at.query_params) == dict(first.query_params)
    assert sentences(at) == []
    assert saved(at) == data
