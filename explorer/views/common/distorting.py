"""Where pages distort the reference: at once where that is quick, else in the background, to be cancelled.

What a recipe's first steps have made is kept, so that a change of its last one makes that one alone anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

import streamlit as st

from explorer.analysis.cost import MEGAPIXEL
from explorer.distortions import Recipe
from explorer.distortions.pictures import made_by
from explorer.distortions.process import COPIES, TICKS, Advance, one_after_the_other
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.jobs import Job, Task
from explorer.views.common.compute import identity, one_at_a_time, pictures
from explorer.views.common.kept import Kept, PageState
from explorer.views.common.progress import draw_work, job_for, leave, pause
from explorer.views.common.session import Session

PATIENCE = 1.0  # seconds that a page waits for a picture before it is drawn without

Made = Job[Picture | ExplorerError]


@dataclass
class Distorting(PageState):
    """What a session has distorted last, and the work on it."""

    made: Kept[Picture] = field(default_factory=Kept)
    making: Kept[Made] = field(default_factory=Kept)

    def leave(self) -> None:
        """Want the picture no more: the next page asks for it anew, where it shows it at all."""
        pause(self.making)


def distorted_picture(session: Session, reference: Picture) -> Picture | None:
    """Distort a picture as given, as the settings say; the note says how.

    Returns:
        None while that goes on in the background, and where it was cancelled: `draw_distorting` says so.

    Raises:
        ExplorerError: it cannot be made.
    """
    recipe = session.settings.recipe
    steps, state = recipe.active, session.state(Distorting)
    key = (identity(reference), steps)
    picture = state.made.get(key) or (_known(reference, recipe, len(steps)) if steps else None)
    if picture is None and is_long(reference, recipe):
        picture = _in_background(state, key, reference, recipe)
        if picture is None:
            return None
    elif picture is None:
        stop_distorting(session)
        with one_at_a_time("Distorting the image …"):
            picture = state.made.keep(key, last_picture(reference, recipe))
    stop_distorting(session)
    return state.made.keep(key, picture)


def is_long(reference: Picture, recipe: Recipe) -> bool:
    """Whether a recipe may take more than a moment, so that it is made in the background, and apart."""
    changing = sum(step.changes for step in recipe)
    return changing * reference.width * reference.height > MEGAPIXEL


def _in_background(state: Distorting, key: object, reference: Picture, recipe: Recipe) -> Picture | None:
    job = job_for(state.making, key, partial(_task, reference, recipe), PATIENCE)
    if job.state != "done":
        return None  # also where it has failed: its line says why
    (found,) = job.results
    if isinstance(found, ExplorerError):
        raise found
    return found


def _task(reference: Picture, recipe: Recipe) -> Task[Picture | ExplorerError]:
    """Make a picture; who asks for the same one shares the work."""
    count = len(recipe.active)

    def work(job: Made) -> None:
        try:
            job.keep(last_picture(reference, recipe, _ticking(job, count)))
        except ExplorerError as error:
            job.keep(error)  # as it is: a job's own error is words alone

    return Task(
        "Distorting the image",
        work,
        lane="pictures",
        size=COPIES * reference.pixels.nbytes,
        total=TICKS * count,
        unit="steps",
        amount=lambda ticks: str(ticks // TICKS),
        key=("distort", identity(reference), recipe.active),
    )


def _ticking(job: Made, count: int) -> Advance:
    return lambda finished: job.advance(int(finished * TICKS), count * TICKS)


def last_picture(reference: Picture, recipe: Recipe, advance: Advance = lambda _finished: None) -> Picture:
    """What a recipe makes of a picture, whether or not any of its steps is on; arguments as below."""
    count = len(recipe.active)
    if not count:
        return made_by(reference, recipe, reference.pixels)
    ((_, picture),) = pictures_after(reference, recipe, count, advance)
    return picture


def pictures_after(
    reference: Picture, recipe: Recipe, first: int, advance: Advance
) -> Iterator[tuple[int, Picture]]:
    """The pictures after a recipe's steps, of which those that are off are left out; from any thread.

    Args:
        first: The first step, from 1, after which one is wanted; those before are made where they must be.
        advance: Told how many steps are finished, with a part of the one that goes on; may raise to end it.

    Yields:
        The step's number among those that are on, and the picture after it.

    Raises:
        ExplorerError: a step cannot be done.
    """
    steps = recipe.active
    done, picture = _begun(reference, recipe, first)
    if done == first:
        yield done, picture
    if done == len(steps):
        return
    rest = Recipe(steps[done:])
    pixels = one_after_the_other(
        picture.pixels, rest.steps, lambda finished: advance(done + finished), is_long(reference, rest)
    )
    for number, each in enumerate(pixels, start=done + 1):
        picture = made_by(reference, Recipe(steps[:number]), each)
        pictures.put(_key(reference, recipe, number), picture, picture.pixels.nbytes)
        if number >= first:
            yield number, picture


def _begun(reference: Picture, recipe: Recipe, most: int) -> tuple[int, Picture]:
    """How many of the first steps are made already, and the picture after them.

    Each is looked for once: what the cache had a moment ago it may have let go.
    """
    for count in range(most, 0, -1):
        picture = _known(reference, recipe, count)
        if picture is not None:
            return count, picture
    return 0, reference


def _known(reference: Picture, recipe: Recipe, count: int) -> Picture | None:
    return pictures.get(_key(reference, recipe, count))


def _key(reference: Picture, recipe: Recipe, count: int) -> tuple:
    """As of `distorted_by_job`, for the first of the steps that are on."""
    return identity(reference), Recipe(recipe.active[:count])


def stop_distorting(session: Session) -> None:
    """Want it no more, and forget that it was ever asked for."""
    leave(session.state(Distorting).making)


def draw_distorting(session: Session) -> bool:
    """How far the distorted picture is, with a way to cancel it; tells whether there was anything to say."""
    making = session.state(Distorting).making
    job = making.latest
    if job is None:
        return False
    draw_work(job, "distorting", drawn=0, again=making.clear, offer="Distort again", kept="")
    return True


def offer_again(session: Session) -> None:
    """A button that distorts once more, where a step could not be done; memory may be there by now."""
    making = session.state(Distorting).making
    job = making.latest
    if job is not None and any(isinstance(each, ExplorerError) for each in job.results):
        st.button("Distort again", key="again_distorting", on_click=making.clear)
