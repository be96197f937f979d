"""Damaged and forged projects by the thousand: each is opened, or refused in one plain sentence."""

import json
import random
import warnings
from collections import Counter

import pytest

from explorer.errors import ExplorerError
from explorer.projects import Project
from explorer.views.common.projects import read
from tests.projects.made import entries, project, with_picture, zipped

VALUES = (
    None,
    True,
    -1,
    0,
    7,
    2**70,
    0.5,
    1e308,
    "",
    "0",
    "-1",
    "1e999",
    "nan",
    "conv1,conv9",
    "../../etc/passwd",
    "\ud800",
    "\u202e\0\n",
    "x" * 3000,
    [],
    [[[]]],
    {},
    {"a": {"b": []}},
    ["0"] * 50,
    "1,2,3",
    "1,1,1,1;" * 9,
    "vgg16",
    "random",
    "uniform",
    "distortion",
    "jpeg~quality~9",
)
TEXTS = ("NaN", "Infinity", "-Infinity", "1e999", "[" * 3000, '{"a":' * 2000, "9" * 6000, '"\\ud800"', "")


def flipped(chance: random.Random, data: bytes) -> bytes:
    """A few bits turned."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8, 64))):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def cut(chance: random.Random, data: bytes) -> bytes:
    """The end or a piece left out, or a piece put in twice."""
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    return chance.choice((data[:start], data[end:], data[:start] + data[end:], data[:end] + data[start:]))


def swapped(chance: random.Random, data: bytes) -> bytes:
    """Two bytes, or two pieces, exchanged."""
    length = chance.choice((1, 1, 2, 4, 40))
    first, second = sorted(chance.randrange(len(data) - length) for _ in range(2))
    found = bytearray(data)
    found[first : first + length], found[second : second + length] = (
        data[second : second + length],
        data[first : first + length],
    )
    return bytes(found)


def damaged(chance: random.Random, data: bytes) -> bytes:
    return chance.choice((flipped, cut, swapped))(chance, data)


def at_the_ends(chance: random.Random, data: bytes) -> bytes:
    """The headers of the zip, which are a small part of the file, damaged."""
    headers = [place for place in range(len(data) - 4) if data[place : place + 2] == b"PK"]
    place = min(chance.choice(headers) + chance.randrange(50), len(data) - 1)
    return data[:place] + bytes((chance.randrange(256),)) + data[place + 1 :]


def places(value, path=()):
    """The paths to all values of a document."""
    yield path
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, key))


def forged(chance: random.Random, data: bytes) -> bytes:
    """The file with a value of one of its documents replaced, left out or added."""
    name = chance.choice(("project.json", "project.json", "results.json"))
    document = json.loads(entries()[name])
    *path, last = chance.choice(list(places(document))[1:])
    holder = document
    for key in path:
        holder = holder[key]
    way = chance.randrange(5)
    if way == 0:
        del holder[last]
    elif way == 1 and isinstance(holder, dict):
        holder[chance.choice(("x", "backbone", "box", "size", "recipe"))] = chance.choice(VALUES)
    elif way == 2:
        holder[last] = "MARK"
        text = json.dumps(document).replace('"MARK"', chance.choice(TEXTS))
        return zipped(entries() | {name: text.encode()})
    else:
        holder[last] = chance.choice(VALUES)
    return zipped(entries() | {name: json.dumps(document).encode()})


def in_a_picture(chance: random.Random, data: bytes) -> bytes:
    """A picture damaged, and its checksum that of the damaged one."""
    role = chance.choice(("reference", "distorted"))
    return with_picture(role, damaged(chance, getattr(project(), role).data))


WAYS = (flipped, cut, swapped, at_the_ends, forged, forged, forged, in_a_picture)


def opened(data: bytes) -> str:
    """Open a file as Python and the app do; returns "" or the sentence by which it was refused."""
    try:
        found = Project.from_bytes(data, "small.zip")
        _ = found.boxes, found.method, found.pictures
        read(found, "small.zip")
    except ExplorerError as error:
        return str(error)
    return ""


def check_many(seeds) -> Counter:
    """Open one damaged file for each seed; returns how many of each way were opened and refused."""
    data, counts = project().to_bytes(), Counter()
    for seed in seeds:
        chance = random.Random(seed)
        way = WAYS[seed % len(WAYS)]
        with warnings.catch_warnings(action="ignore"):  # Pillow's; what it warns of is refused or noted
            said = opened(way(chance, data))
        assert not said or (said.endswith(".") and "\n" not in said and len(said) < 2000), (seed, said)
        counts[way.__name__, bool(said)] += 1
    return counts


def test_a_damaged_or_forged_project_is_opened_or_refused_in_a_sentence():
    counts = check_many(range(400))
    refused = sum(count for (_, is_refused), count in counts.items() if is_refused)
    assert refused > 200
    assert all(counts[way.__name__, True] for way in WAYS)


@pytest.mark.grid
def test_ten_thousand_damaged_or_forged_projects_are_opened_or_refused_in_a_sentence():
    counts = check_many(range(400, 10_400))
    print(counts)
    assert sum(counts.values()) == 10_000
