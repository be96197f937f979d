"""The way through a lesson: what a step changes as it is entered, and what stays as the user has it.

A step of the page Learn names settings and parameters of its scene. Entering it changes those that the step
before had otherwise, so that what the user has chosen stays for as long as the lesson has no other wish; and
the user's own picture stays through the whole lesson, until the lesson's is asked for.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from explorer.lessons.lesson import Lesson, LessonStep
from explorer.views.common.own_pictures import has_own_picture
from explorer.views.common.session import Session
from explorer.views.common.settings import OWN_PARAMETERS, Settings, in_vain
from explorer.views.common.sources import PARAMETERS, Sources
from explorer.views.learn.view import OF_SCENES, LearnView

PICTURE = ("sample", *PARAMETERS)  # of a link: which picture is the reference
WHAT_IS_DONE = ("distortion", "severity", "seed", "recipe")  # to it
PAIR = (*PICTURE, *WHAT_IS_DONE, "swapped")
OF_PAGES = {name for names in OWN_PARAMETERS.values() for name in names}


def step_of(lesson: Lesson, view: LearnView) -> LessonStep:
    """The step that a view is at, which the lesson has (`within`)."""
    return lesson.chapters[view.chapter - 1].steps[view.step - 1]


def within(lesson: Lesson, view: LearnView) -> tuple[LearnView, tuple[str, ...]]:
    """The view, at a chapter and a step that the lesson has, and a sentence for each that it has not."""
    if view.chapter > len(lesson.chapters):
        why = f"this lesson has {counted(len(lesson.chapters), 'chapter')}."
        return replace(view, chapter=1, step=1), (in_vain("chapter", str(view.chapter), why),)
    steps = len(lesson.chapters[view.chapter - 1].steps)
    if view.step > steps:
        why = f"this chapter has {counted(steps, 'step')}."
        return replace(view, step=1), (in_vain("step", str(view.step), why),)
    return view, ()


def counted(number: int, word: str) -> str:
    """A number with its word: "1 step", "3 steps"."""
    return f"{number} {word}{'' if number == 1 else 's'}"


def settings_of(step: LessonStep) -> dict[str, str]:
    """What a step names of the settings, which are the same on all pages."""
    return {name: text for name, text in step.sight.parameters.items() if name not in OF_PAGES}


def own_of(step: LessonStep) -> dict[str, str]:
    """What a step of the page Learn names of its scene's own parameters."""
    named = step.sight.parameters if step.sight.page == "learn" else {}
    return {name: text for name, text in named.items() if name in OF_SCENES}


def link_now(session: Session) -> dict[str, str]:
    """The settings' part of the link of what is chosen."""
    sources = session.sources(needs_distorted=False) or Sources()
    return session.settings.to_link(not sources, sources)


def is_about_a_pair(step: LessonStep) -> bool:
    """Whether something is done to the picture, which the user may change: the step names what."""
    return step.sight.page != LearnView.PAGE or not settings_of(step).keys().isdisjoint(WHAT_IS_DONE)


def names_places(step: LessonStep) -> bool:
    """Whether a step marks boxes, which are where they are on the lesson's picture alone."""
    return bool(step.sight.parameters.get("boxes"))


def sample_of(step: LessonStep) -> str:
    """The lesson's picture for a step."""
    return settings_of(step).get("sample", Settings.sample)


def go(session: Session, lesson: Lesson, chapter: int, step: int) -> None:
    """Have the next run show another step of the lesson, which has it."""
    now = session.view_of(LearnView)
    to = replace(now, chapter=chapter, step=step)
    session.gone_to = entering(session, step_of(lesson, now), step_of(lesson, to), to)


def entering(session: Session, left: LessonStep, entered: LessonStep, view: LearnView) -> dict[str, str]:
    """The whole link of a step that is entered from another one.

    Args:
        left: The step that is left.
        view: Where the lesson then is; its scene's own parameters are those of the step that is left.
    """
    before, after = settings_of(left), settings_of(entered)
    if has_own_picture(session, sample_of(left)):
        before, after = (
            {name: text for name, text in each.items() if name not in PICTURE} for each in (before, after)
        )
    own = own_of(entered)
    if left.sight.scene == entered.sight.scene:
        own = _changed(view.own, own_of(left), own)
    link = _changed(link_now(session), before, after, lay=laid_on)
    return link | replace(view, own=own, is_changed=True).to_link()


def merged(link: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """A link with what a step wants."""
    return dict(link) | dict(wanted)


def laid_on(link: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """A link with what a step wants; where that is something done to the picture, nothing else is done."""
    others = set()
    if "recipe" in wanted:
        others = set(WHAT_IS_DONE)
    elif "distortion" in wanted:
        others = {"recipe", "severity", "seed"}
    elif not wanted.keys().isdisjoint(WHAT_IS_DONE):
        others = {"recipe"}
    return {name: text for name, text in link.items() if name not in others} | dict(wanted)


def _changed(
    now: Mapping[str, str],
    before: Mapping[str, str],
    after: Mapping[str, str],
    lay: Callable[[Mapping[str, str], Mapping[str, str]], dict[str, str]] = merged,
) -> dict[str, str]:
    """What is there now with what one step has otherwise than the one before.

    What only the step before had goes, unless the user has changed it since. What is done to the picture is
    one wish, however many parameters say it: 0.5 of a blur is no 0.5 of JPEG.
    """
    gone = {name for name, text in before.items() if name not in after and now.get(name) == text}
    wanted = {name: text for name, text in after.items() if before.get(name) != text}
    if not wanted.keys().isdisjoint(WHAT_IS_DONE):
        wanted |= {name: after[name] for name in WHAT_IS_DONE if name in after}
    return lay({name: text for name, text in now.items() if name not in gone}, wanted)


def reading(link: Mapping[str, str], step: LessonStep) -> dict[str, str]:
    """What a step adds to a link, which says all itself where it names a pair."""
    if "changed" in link:
        return {}
    wanted = settings_of(step) if link.keys().isdisjoint(PAIR) else {}
    return {name: text for name, text in (wanted | own_of(step)).items() if name not in link}


def arriving(session: Session, step: LessonStep, view: LearnView) -> dict[str, str]:
    """The whole link of a step that was come to from outside: by an address, or from another page.

    Returns:
        It; empty where the step adds nothing to what is chosen.
    """
    if session.followed is not None:
        added = reading(session.followed, step)
    else:
        added = reading(view.to_link(), step)
        if has_own_picture(session, Settings.sample):
            added = {name: text for name, text in added.items() if name not in PICTURE}
    own = {name: text for name, text in added.items() if name in OF_SCENES}
    wanted = {name: text for name, text in added.items() if name not in OF_SCENES}
    if not added:
        return {}
    arrived = replace(view, own=own | dict(view.own), is_changed=True)
    return laid_on(link_now(session), wanted) | arrived.to_link()


def as_the_lesson_has_it(session: Session, step: LessonStep, view: LearnView) -> dict[str, str]:
    """The link of a step with the lesson's own picture, and what it does to it."""
    kept = {name: text for name, text in link_now(session).items() if name not in PAIR}
    return kept | settings_of(step) | replace(view, is_changed=True).to_link()


def is_as_read(session: Session, step: LessonStep, view: LearnView) -> bool:
    """Whether the link that will be written reopens what is chosen, and the step adds nothing to it."""
    link = link_now(session) | replace(view, is_changed=False).to_link()
    added = reading(link, step)
    if not added:
        return True
    settings = {name: text for name, text in added.items() if name not in OF_SCENES}
    return len(settings) == len(added) and Settings.from_link(settings)[0] == session.settings
