"""The scene's own parameters of the link, checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from explorer.lessons.wishes import readers
from explorer.viewer.failing.failing import Choice
from explorer.views.learn.checking import checked
from explorer.views.learn.stage import Stage

OF, SIZE, FED, LEVELS, MADE = "failing_of", "failing_size", "failing_fed", "failing_levels", "failing_made"
TEXTURE, SEEN = "failing_texture", "failing_seen"
GIVEN = "given"
TOPICS = (
    Choice("size", "Size"),
    Choice("range", "Input range"),
    Choice("noise", "Grey levels"),
    Choice("texture", "Texture"),
)
CONTROLS = {"size": SIZE, "range": FED, "noise": LEVELS, "texture": TEXTURE}  # topic -> what its control sets
DEFAULTS = {OF: "size", SIZE: GIVEN, SEEN: "", FED: "right", LEVELS: "2", MADE: "0", TEXTURE: "bricks"}


@dataclass(frozen=True)
class Own:
    """Values that are allowed, by name; what the link does not say has its default."""

    values: Mapping[str, str]

    @classmethod
    def of(cls, stage: Stage) -> "Own":
        """Those of the link; of one that is no good the default is taken, and that is said."""
        found = DEFAULTS | checked(stage.own, readers()["failing"], stage.session.report)
        own = cls(found)
        if any(found.get(name) != text for name, text in stage.own.items()):
            own.keep(stage)  # what was no good is said once
        return own

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    @property
    def of_topic(self) -> str:
        """What the control of the chosen experiment is set to."""
        return self[CONTROLS[self[OF]]]

    @property
    def sizes_seen(self) -> frozenset[str]:
        """The sizes that were asked for; the scores of others are still to be guessed."""
        return frozenset({GIVEN, self[SIZE], *filter(None, self[SEEN].split(","))})

    def choose(self, stage: Stage, key: str) -> None:
        """Set the control of the chosen experiment; a size that was seen stays so."""
        changes = {CONTROLS[self[OF]]: key}
        if self[OF] == "size":
            seen = sorted({*self.sizes_seen, key} - {GIVEN}, key=int, reverse=True)
            changes[SEEN] = ",".join(seen)
        self.keep(stage, **changes)

    def keep(self, stage: Stage, **changes: str) -> None:
        """Make the link say these, and change some; what is as on a first visit is left out."""
        values = dict(self.values) | changes
        stage.keep({name: text for name, text in values.items() if text != DEFAULTS[name]})
