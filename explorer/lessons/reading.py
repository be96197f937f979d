"""Lessons from their files."""

from urllib.parse import parse_qsl, urlsplit

import yaml

from explorer.lessons.lesson import Chapter, Lesson, LessonStep, Sight
from explorer.places import assets

USUAL = "ten-minutes"  # the lesson of seven chapters


def bundled(name: str = USUAL) -> Lesson:
    """A lesson that comes with the project."""
    return read(name, (assets("lessons") / f"{name}.yaml").read_text(encoding="utf-8"))


def read(name: str, text: str) -> Lesson:
    """A lesson from the text of its file."""
    document = yaml.safe_load(text)
    chapters: list[dict] = []
    for step in document["steps"]:
        if "chapter" in step:
            chapters.append(step | {"steps": []})
        address = urlsplit(step["view"])
        sight = Sight(address.path.strip("/"), dict(parse_qsl(address.query, keep_blank_values=True)))
        chapters[-1]["steps"].append(LessonStep(sight, step.get("text", "")))
    return Lesson(
        name,
        document["lesson"],
        document["about"],
        document["minutes"],
        tuple(
            Chapter(
                each["chapter"],
                each.get("question", ""),
                each.get("formula", ""),
                each.get("try", ""),
                each.get("next", ""),
                each.get("answer", ""),
                tuple(each.get("sources", ())),
                tuple(each["steps"]),
            )
            for each in chapters
        ),
    )
