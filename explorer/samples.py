"""The bundled photographs, for a first screen without an upload; assets/samples/README.md has the sources."""

from dataclasses import dataclass
from functools import lru_cache

from explorer.errors import SettingError
from explorer.images import Picture, load
from explorer.places import assets

FOLDER = assets("samples")


@dataclass(frozen=True)
class Sample:
    """One bundled photograph.

    Attributes:
        name: its short name in links and in the shell.
        label: what people read.
        file: the file's name in assets/samples.
        credit: who made it.
        licence: under which terms it comes.
    """

    name: str
    label: str
    file: str
    credit: str
    licence: str


SAMPLES = {
    sample.name: sample
    for sample in (
        Sample("cat", "Cat", "cat.png", "Stefan van der Walt", "CC0 1.0"),
        Sample("astronaut", "Astronaut", "astronaut.png", "NASA", "public domain"),
        Sample("coffee", "Coffee", "coffee.png", "Rachel Michetti, Pikolo Espresso Bar", "CC0 1.0"),
        Sample("rocket", "Rocket", "rocket.jpg", "SpaceX", "public domain"),
        Sample("china", "Temple in China", "china.jpg", "danielbuechele", "CC BY 2.0"),
        Sample("text", "Printed text", "text.png", "Wikipedia, File:Corner.png", "public domain"),
        Sample("brick", "Brick wall", "brick.png", "CC0Textures", "CC0 1.0"),
    )
}
"""Every sample by name, in the order in which they are shown."""


@lru_cache(maxsize=len(SAMPLES))
def load_sample(name: str) -> Picture:
    """Load a bundled photograph once; its label is the picture's name.

    Raises:
        SettingError: there is no sample of this name.
        ImageError: the sample's file is missing or damaged.
    """
    if name not in SAMPLES:
        raise SettingError(f"There is no sample {name!r}; choose one of {', '.join(SAMPLES)}.")
    sample = SAMPLES[name]
    return load(FOLDER / sample.file, name=sample.label)
