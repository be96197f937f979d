"""Chapter 3 of the page Learn: what reaches its component is the cell's arithmetic, and links bring it back."""

import json
import math

import pytest

import explorer
from explorer.distortions import distort
from explorer.images import resize
from explorer.samples import load_sample
from explorer.viewer.common import small
from tests.views.test_going_back import go_to
from tests.views.test_inspect_page import open_app, sentences
from tests.views.test_typed_values import link_of

LINK = {
    "chapter": "3",
    "sample": "cat",
    "distortion": "gaussian_blur",
    "severity": "0.5",
    "size": "64",
}


def open_chapter(**link):
    at = open_app(sample="cat", size="64")
    go_to(at, LINK | link, "learn")
    return at


def sent(at):
    """What the component was sent."""
    found = [
        json.loads(element.proto.json)
        for element in at.get("bidi_component")
        if element.proto.component_name.endswith("cell")
    ]
    return found[-1] if found else None


def layers(**settings):
    small = resize(load_sample("cat"), 64).pixels
    measurement = explorer.measure(small, distort(small, "gaussian_blur", 0.5), **settings)
    return {layer.name: layer for layer in measurement.layers}
