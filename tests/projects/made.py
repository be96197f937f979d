"""A small project for the tests, and others made of it by changing one thing."""

import io
import json
import zipfile
from functools import cache
from hashlib import sha256

from PIL import Image

from explorer.distortions import Recipe, distorted
from explorer.images import Picture, derive
from explorer.metrics import Method
from explorer.projects.files import measured
from explorer.projects.project import PictureFile, Project
from explorer.samples import load_sample

SETTINGS = {"distortion": "jpeg", "severity": "0.4", "seed": "0", "map": "layer", "layer": "conv2"}


def pair() -> tuple[Picture, Picture]:
    """A piece of a photograph and what JPEG makes of it."""
    reference = load_sample("cat")
    reference = derive(reference, reference.pixels[100:136, 80:120], name="cat.png")
    return reference, distorted(reference, Recipe.at("jpeg", 0.4))


def jpeg(picture: Picture) -> PictureFile:
    """A picture as another kind of file."""
    stream = io.BytesIO()
    Image.fromarray(picture.pixels).save(stream, "JPEG", quality=90)
    return PictureFile(picture.name, stream.getvalue())


@cache
def project() -> Project:
    """A pair of 40 × 36 pixels with two boxes, its reference a JPEG."""
    from explorer.analysis.region import Box

    reference, _ = pair()
    files = jpeg(reference), PictureFile.of_pixels(distorted(reference, Recipe.at("jpeg", 0.4)))
    opened = Project(*files, {}, {})
    method = Method(device="cpu")
    made = measured(files, opened.pictures, method, (Box(2, 3, 10, 12), Box(0, 0, 40, 36)), "#ffffff", None)
    return Project(*files, {**SETTINGS, **made.settings}, made.results, "region")


@cache
def entries() -> dict[str, bytes]:
    """What is in its file."""
    with zipfile.ZipFile(io.BytesIO(project().to_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(contents: dict[str, bytes], **how) -> bytes:
    """Any entries as a zip."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", **how) as archive:
        for name, data in contents.items():
            archive.writestr(name, data)
    return stream.getvalue()


def with_document(change) -> bytes:
    """The project's file after `change` was called with its document, which it may alter or replace."""
    document = json.loads(entries()["project.json"])
    document = change(document) or document
    return zipped(entries() | {"project.json": json.dumps(document).encode()})


def with_picture(role: str, data: bytes) -> bytes:
    """The project's file with other bytes as a picture, their checksum right."""
    document = json.loads(entries()["project.json"])
    document[role]["sha256"] = sha256(data).hexdigest()
    return zipped(entries() | {"project.json": json.dumps(document).encode(), document[role]["file"]: data})
