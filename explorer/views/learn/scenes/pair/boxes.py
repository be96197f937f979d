"""A step that is a view of Region: its boxes on the pictures, to be moved, and both answers about one."""

from dataclasses import dataclass, field, replace

from streamlit.delta_generator import DeltaGenerator

from explorer.analysis.region import Box, Region, fitted, frame_of, name_of, read_box, region_of
from explorer.errors import SettingError
from explorer.viewer import RegionDisplay, viewer
from explorer.viewer.pair.display import Display
from explorer.views.common.compute import one_at_a_time
from explorer.views.common.kept import Kept
from explorer.views.common.measured_pair import scene
from explorer.views.common.session import Session
from explorer.views.common.shown import Shown
from explorer.views.learn.scenes.pair.numbers import draw_numbers, draw_region
from explorer.views.learn.stage import Stage

MOST = 16  # boxes, and steps, that are kept


@dataclass
class StepBoxes:
    """What a session keeps.

    Attributes:
        displays: The boxes as the user has moved them, by the step's address and the picture.
        regions: Answers, by the pair and the box.
    """

    displays: Kept[RegionDisplay] = field(default_factory=lambda: Kept(MOST, is_lasting=True))
    regions: Kept[Region] = field(default_factory=lambda: Kept(MOST))


def draw(stage: Stage, shown: Shown, numbers: DeltaGenerator, pictures: DeltaGenerator) -> dict[str, str]:
    """Draw both; returns the boxes as a link of Region has them.

    Raises:
        ExplorerError: as `region_of`.
    """
    session, state = stage.session, stage.session.state(StepBoxes)
    key = stage.step.sight.address, shown.pair.reference.digest
    start = state.displays.get(key) or _as_the_step_has_it(stage, shown)

    def keep(display: RegionDisplay) -> None:
        state.displays.keep(key, display)
        session.change(display=_common(display))

    frame = frame_of(shown.pair.reference, shown.method.size, shown.inspection.measurement.size)
    plain = scene(shown.inspection, shown.viewing, session.settings.colours)
    with pictures:
        display = viewer(
            replace(plain, given=frame.extent),
            key="learn_viewer_boxes",
            display=RegionDisplay(
                **session.settings.display.to_json(), boxes=start.boxes, chosen=start.chosen, tool=start.tool
            ),
            on_display=keep,
        )
    keep(display)
    with numbers:
        if display.boxes:
            draw_region(shown, _asked(session, state, shown, display))
        else:
            draw_numbers(shown)
    link = {"boxes": ";".join(",".join(map(str, box)) for box in display.boxes)}
    return link | ({"box": name_of(display.chosen)} if display.chosen else {})


def _as_the_step_has_it(stage: Stage, shown: Shown) -> RegionDisplay:
    """The step's boxes, cut to the picture; those that are none, or outside, are told on that page."""
    parameters, found = stage.step.sight.parameters, []
    for text in filter(None, parameters.get("boxes", "").split(";")):
        try:
            found.append(fitted(read_box(text[:40]), shown.pair.reference.size, "")[0].numbers)
        except SettingError:
            continue
    names = [name_of(place) for place in range(len(found))]
    chosen = names.index(parameters["box"]) if parameters.get("box") in names else 0
    return RegionDisplay(boxes=tuple(found), chosen=chosen)


def _common(display: RegionDisplay) -> Display:
    """The settings that all pages share."""
    values = display.to_json()
    return Display(**{name: values[name] for name in Display().to_json()})


def _asked(session: Session, state: StepBoxes, shown: Shown, display: RegionDisplay) -> Region:
    """Both answers about the chosen box."""
    box, name = Box(*display.boxes[display.chosen]), name_of(display.chosen)
    key = shown.key, box
    region = state.regions.get(key)
    if region is None:
        pair, measurement = shown.pair, shown.inspection.measurement
        frame = frame_of(pair.reference, shown.method.size, measurement.size)
        with one_at_a_time(f"Checking box {name} …"):
            region = state.regions.keep(
                key, region_of(name, box, pair.reference, pair.distorted, measurement, frame, shown.method)
            )
    return replace(region, name=name)
