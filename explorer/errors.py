"""What can go wrong, as a tree. Every message says in plain words what is wrong and how to mend it.

ExplorerError
├── ImageError           a file that is no image, is damaged, too small or too large
│   └── SizeMismatchError    two images of different sizes
├── SettingError         an unknown name or a value out of range
├── ProjectError         a project's file that cannot be opened or made
├── LessonError          a lesson's file that is none, or a lesson that is not here
├── StoreError           a database of votes that cannot be opened, read or written
├── AskingError          a code, a link or a vote that a session of questions does not take
└── WeightsError         a weights file that is damaged or does not fit
    ├── MissingWeightsError  one that is nowhere on this machine, but can be fetched
    └── FetchError           one that could not be fetched
        └── FetchCancelledError  because the user did not want it any more
"""

from typing import Literal


class ExplorerError(Exception):
    """Base of all errors that a user can mend; its text is meant to be shown as it is."""


class ImageError(ExplorerError):
    """An image that cannot be read or measured."""


class SizeMismatchError(ImageError):
    """Two images of different sizes.

    Attributes:
        reference_size, distorted_size: (width, height) in pixels.
    """

    def __init__(self, message: str, reference_size: tuple[int, int], distorted_size: tuple[int, int]):
        super().__init__(message)
        self.reference_size = reference_size
        self.distorted_size = distorted_size


class SettingError(ExplorerError):
    """An unknown name (sample, distortion, heads, layer, device) or a value out of its range.

    Attributes:
        setting: Which one, as `Method` and links call it; "" where that is plain from the call.
    """

    def __init__(self, message: str, setting: str = ""):
        super().__init__(message)
        self.setting = setting


class ProjectError(ExplorerError):
    """A project's file that is none, is damaged, or holds what this version does not know."""


class LessonError(ExplorerError):
    """A lesson's file that cannot be read, or a lesson that is not on this machine.

    Attributes:
        line: Of the file, counted from 1; 0 where it is about no line.
    """

    def __init__(self, message: str, line: int = 0):
        super().__init__(f"Line {line}: {message}" if line else message)
        self.line = line


class StoreError(ExplorerError):
    """A database of votes that cannot be opened, read or written; what it had acknowledged is still there."""


class AskingError(ExplorerError):
    """What a session of questions does not take.

    Attributes:
        reason: "unknown" (a code, a token or a teacher's key that no session has), "closed" (the session
            takes no more), "full" (it has as many participants as it may), or "refused" (this vote or trial).
    """

    def __init__(self, message: str, reason: Literal["unknown", "closed", "full", "refused"] = "refused"):
        super().__init__(message)
        self.reason = reason


class WeightsError(ExplorerError):
    """A weights file that is missing, damaged or of the wrong shape."""


class MissingWeightsError(WeightsError):
    """Weights that no folder of this machine holds; a fetch would bring them.

    Attributes:
        name: What to fetch, as the catalogue calls it.
    """

    def __init__(self, message: str, name: str):
        super().__init__(message)
        self.name = name


class FetchError(WeightsError):
    """Weights that could not be fetched."""


class FetchCancelledError(FetchError):
    """A fetch that was cancelled."""
