"""One contender in a process of its own, that takes its turns when asked and knows its memory."""

import multiprocessing
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from benchmarks.contenders import CONTENDERS
from explorer.distortions import distort
from explorer.images import Picture, derive
from explorer.metrics.perceptual import reference_cache
from explorer.samples import load_sample

_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class Worker:
    """The parent's side: starts the process and asks it, one question at a time."""

    def __init__(self, contender: int, backbone: str):
        """Start the process of `CONTENDERS[contender]`; it loads its packages meanwhile."""
        context = multiprocessing.get_context("spawn")  # no contender inherits another's memory
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(contender, backbone, theirs), daemon=True)
        self._process.start()
        theirs.close()  # so that a process that died ends the wait for its answer

    def prepare(self, size: tuple[int, int]) -> None:
        """Load model and pair for images of (width, height)."""
        self._ask("prepare", size)

    def turn(self, warm_ups: int = 1) -> tuple[float, float | list[float]]:
        """Run some times to warm up and once for the clock: (seconds, what the call returned)."""
        return self._ask("turn", warm_ups)

    def peak(self) -> float | None:
        """Most memory held since `prepare`, in MB above idle; None where the system doesn't tell."""
        return self._ask("peak")

    def kept(self) -> float:
        """MB of features that the explorer keeps for a next call."""
        return self._ask("kept")

    def stop(self) -> None:
        """End the process."""
        self._connection.close()
        self._process.join()

    def _ask(self, *question):
        self._connection.send(question)
        return self._connection.recv()


def example_pair(size: tuple[int, int]) -> tuple[Picture, Picture]:
    """A photograph and its JPEG, at (width, height)."""
    sample = load_sample("astronaut")
    pixels = Image.fromarray(sample.pixels).resize(size, Image.Resampling.LANCZOS)
    reference = derive(sample, np.array(pixels))
    return reference, derive(reference, distort(reference.pixels, "jpeg", 0.5))


def _serve(contender: int, backbone: str, connection: Connection) -> None:
    idle = call = None
    with torch.inference_mode():
        while True:
            try:
                question, *arguments = connection.recv()
            except EOFError:  # the parent has closed its end
                return
            if question == "prepare":
                call = None  # its model goes before the next one comes
                call = CONTENDERS[contender].prepare(backbone, *example_pair(*arguments))
                # Idle is the first model before its first call: later, freed memory is not all given back.
                idle = resident("VmRSS") if idle is None else idle
                forget_peak()
                connection.send(None)
            elif question == "turn":
                for _ in range(*arguments):
                    call()  # the others' turns have taken the processor's caches
                start = time.perf_counter()
                score = call()
                connection.send((time.perf_counter() - start, score))
            elif question == "peak":
                peak = resident("VmHWM")
                connection.send(None if peak is None else peak - idle)
            elif question == "kept":
                connection.send(reference_cache.used / 1e6)


def resident(field: str) -> float | None:
    """Resident memory in MB: "VmRSS" now, "VmHWM" at its peak; None but on Linux."""
    if not _STATUS.exists():
        return None
    lines = dict(line.split(":", 1) for line in _STATUS.read_text().splitlines())
    return int(lines[field].split()[0]) * 1024 / 1e6


def forget_peak() -> None:
    """Let the peak begin anew."""
    if _CLEAR.exists():
        _CLEAR.write_text("5")  # resets VmHWM, see proc(5)
