"""Steps that take long, done in a process of their own, which can be ended at any time.

A distortion is a call of NumPy, SciPy or scikit-image, which on a large picture takes half a minute and asks
nobody whether its result is still wanted. A thread cannot be ended; a process can.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from queue import Empty, Queue
from threading import Thread
from typing import Any, BinaryIO

import numpy as np

from explorer.distortions.recipe import Step
from explorer.errors import SettingError
from explorer.places import PACKAGE

Advance = Callable[[float], None]  # told how many steps are finished, with a part of the one that goes on

TICKS = 100  # of progress, a step
COPIES = 8  # of a picture that a distortion may hold at once, as floats
POLL = 0.25  # seconds between two calls of `advance`
GRACE = 5.0  # seconds that a process has to be gone once it says nothing more
SAMPLE_SIDE = 256  # pixels of a part on which a step is timed
SLOWER = 1.7  # times as long does a pixel of a large picture take, which no cache of the processor holds
ALMOST = 0.98  # of a step, beyond which an estimate says nothing more
NO_MEMORY = "The picture takes more memory to distort than there is; use a smaller one."


def one_after_the_other(
    image: np.ndarray, steps: Sequence[Step], advance: Advance, is_apart: bool
) -> Iterator[np.ndarray]:
    """The picture after each of some steps.

    Args:
        image: uint8 (H, W, 3), sRGB.
        advance: What it raises ends the work, at once where that is done apart, else after a step.
        is_apart: Whether a process of its own does it, whose start takes half a second.

    Yields:
        uint8 (H, W, 3), the same pixels either way.

    Raises:
        SettingError: as `Step.apply`, or the picture does not fit in memory.
        RuntimeError: the process met a fault, which it has written to the program's log.
    """
    if is_apart:
        yield from _apart(image, steps, advance)
        return
    for number, step in enumerate(steps, start=1):
        image = step.apply(image)
        advance(number)
        yield image


def _apart(image: np.ndarray, steps: Sequence[Step], advance: Advance) -> Iterator[np.ndarray]:
    paths = [str(PACKAGE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    process = subprocess.Popen(
        # -P: or a file in the current folder could stand in for a module of Python's own.
        [sys.executable, "-P", "-m", "explorer.distortions.process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
    )
    said: Queue[tuple[dict[str, Any], bytes]] = Queue(1)  # more would be pictures that wait in memory
    talk = Thread(target=_talk, args=(process, image, steps, said), daemon=True)
    talk.start()
    try:
        for number in range(len(steps)):
            data = _awaited(said, process, lambda part, number=number: advance(number + part))
            advance(number + 1)
            yield np.frombuffer(data, np.uint8).reshape(image.shape)
    finally:
        process.kill()
        process.wait()
        while talk.is_alive():  # it may wait to hand on a picture that nobody takes
            _next(said, POLL)
        for stream in (process.stdin, process.stdout):
            with suppress(OSError):  # what was left to write has nobody to read it
                stream.close()


def _awaited(said: Queue, process: subprocess.Popen, advance: Advance) -> bytes:
    """The pixels of the next step; until they come `advance` is told what part of it should be finished."""
    began, estimate = time.monotonic(), None
    while True:
        found = _next(said, POLL)
        if found is None:
            seconds = time.monotonic() - began
            advance(min(ALMOST, seconds / estimate) if estimate else 0.0)
            continue
        message, data = found
        if "error" in message:
            raise SettingError(message["error"])
        if "ended" in message:
            if _ended_by_signal(process):  # which the system sends where memory runs out
                raise SettingError(NO_MEMORY)
            raise RuntimeError("the process that distorts ended before its time")
        if "bytes" in message:
            return data
        began, estimate = time.monotonic(), message["seconds"]


def _ended_by_signal(process: subprocess.Popen) -> bool:
    """Whether a process that says nothing more has died of a signal; one that lives on has not."""
    try:
        return process.wait(GRACE) < 0
    except subprocess.TimeoutExpired:
        return False


def _next(said: Queue, seconds: float) -> tuple[dict[str, Any], bytes] | None:
    try:
        return said.get(timeout=seconds)
    except Empty:
        return None


def _talk(process: subprocess.Popen, image: np.ndarray, steps: Sequence[Step], said: Queue) -> None:
    """Give a process its work, and pass on what it says; that it ended is said last, whatever happens."""
    try:
        task = {"shape": image.shape, "steps": [step.to_dict() for step in steps]}
        with process.stdin as stream:
            _send(stream, task, np.ascontiguousarray(image).data)
        with process.stdout as stream:
            for line in stream:
                message = json.loads(line)
                said.put((message, _read(stream, message.get("bytes", 0))))
    except (OSError, ValueError):
        pass  # it was ended in the middle
    except MemoryError:
        said.put(({"error": NO_MEMORY}, b""))
    finally:
        said.put(({"ended": True}, b""))


def _send(stream: BinaryIO, message: dict[str, Any], data: memoryview | None = None) -> None:
    stream.write(json.dumps(message).encode() + b"\n")
    if data is not None:
        stream.write(data)
    stream.flush()


def _read(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise OSError("the stream ended early")
    return data


def _serve(source: BinaryIO, target: BinaryIO) -> None:
    """What the process does: read a picture and steps, write how long each should take and what it makes."""
    task = json.loads(source.readline())
    height, width, channels = task["shape"]
    image = np.frombuffer(_read(source, height * width * channels), np.uint8).reshape(task["shape"])
    try:
        for step in map(Step.from_dict, task["steps"]):
            _send(target, {"seconds": _estimated(step, image)})
            image = step.apply(image)
            _send(target, {"bytes": image.nbytes}, np.ascontiguousarray(image).data)
    except SettingError as error:
        _send(target, {"error": str(error)})
    except MemoryError:
        _send(target, {"error": NO_MEMORY})


def _estimated(step: Step, image: np.ndarray) -> float | None:
    """About how many seconds a step takes, from a small part of the picture; None where that fails."""
    sample = image[:SAMPLE_SIDE, :SAMPLE_SIDE]
    try:
        step.apply(sample)  # the first one loads what it needs
        seconds = min(_timed(step, sample) for _ in range(2))  # others use the processor, too
    except (SettingError, MemoryError):
        return None  # the whole picture tells why
    return SLOWER * seconds * image.size / sample.size


def _timed(step: Step, sample: np.ndarray) -> float:
    began = time.perf_counter()
    step.apply(sample)
    return time.perf_counter() - began


if __name__ == "__main__":
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as answers:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints is no answer
        _serve(sys.stdin.buffer, answers)
