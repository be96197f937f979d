"""Chapters 5 to 7 on paper, the quiz, what the class is asked, and the pair of a step on another page."""

from dataclasses import replace

from explorer.analysis.cost import ENTRY_BYTES
from explorer.analysis.inspection import inspect
from explorer.analysis.ladder import RUNGS, base_of, score_key
from explorer.analysis.rulers import PSNR, SSIM
from explorer.images import Picture, resize, times
from explorer.lessons.emergence import LABELS, Emergence, filters_of, gather_ladder, gathered, ways_of
from explorer.lessons.failing import TEXTURES, at_sizes, beyond, faint_and_plain, fed_wrongly, swapped
from explorer.lessons.needles import CHANGES, METRICS, SCORE, Changed, at_equal_psnr, text_of
from explorer.lessons.needles import PSNR as OF_PIXELS
from explorer.lessons.quiz import questions
from explorer.lessons.sides import sides_of
from explorer.lessons.trials import SHIFT
from explorer.lessons.turning import turned
from explorer.metrics import compare
from explorer.report.handout.sheet import (
    Boxes,
    Number,
    Room,
    Sheet,
    Shot,
    Table,
    map_shot,
    number,
    photo,
    versions_table,
)
from explorer.report.handout.subject import Subject
from explorer.synthesis.bounds import Levels

BOUND = Levels(2)  # by which a verdict is turned
TIMES = 16  # as strong as it is, the change is shown
ROOM = 4  # pictures beside each other
TALL = 10  # from here a scale's end is read without decimals


def of_needles(subject: Subject) -> Sheet:
    """Shift, blur and noise of one PSNR, where they differ for a network, and what each metric misses."""
    found = at_equal_psnr(subject.reference, SHIFT, subject.method)
    shots = [photo("Reference", found.reference)]
    shots += [photo(CHANGES[each.change].label, each.picture, each.text) for each in found.changed]
    kinds = {OF_PIXELS: "Squared error", SCORE: found.label(SCORE)}
    ends = {key: end for key in kinds if (end := found.scale_ends.get(key))}
    maps = tuple(
        (kinds[key], *(_below(kinds[key], each, key, end) for each in found.changed))
        for key, end in ends.items()
    )
    rows = [
        (
            CHANGES[each.change].label,
            *(Number(text_of(key, each.value(key)), each.value(key)) for key in METRICS),
        )
        for each in found.changed
    ]
    scales = [f"{kinds[key]}: 0 to {end:,.{0 if end > TALL else 2}f}." for key, end in ends.items()]
    note = " ".join(("Maps of one kind are on one scale.", *scales)) if ends else ""
    table = Table(("", *(found.label(key) for key in METRICS)), tuple(rows), note)
    blind = tuple(f"{found.label(gauge.key)} {gauge.blind}" for gauge in found.gauges)
    return Sheet((tuple(shots), *maps), (table,), (found.sentence, *blind))


def _below(kind: str, changed: Changed, metric: str, end: float) -> Shot:
    """A map in the column of what it is of."""
    label = f"{kind}, {CHANGES[changed.change].label.lower()}"
    return replace(map_shot(label, changed.map(metric), end), is_named=False)


def of_training(subject: Subject) -> Sheet:
    """How far random, k-means, trained and learned agree with PSNR and SSIM; and the paper's table."""
    base, made = base_of(subject.reference), []

    def progress(_done: int, steps: tuple) -> None:
        made.extend(steps)
        subject.check()

    gather_ladder(base, subject.method, progress)
    found = gathered(subject.method, made)
    _hand_on(subject, found, base)
    whole, first = found.agreement(), found.agreement("first")
    sides = sides_of(subject.method.backbone)
    rows = []
    for kind in found.distances:
        ranks = [
            number(float(agreed.correlations[agreed.names.index(kind), agreed.names.index(name)]), 2)
            for agreed in (whole, first)
            for name in (PSNR, SSIM)
        ]
        printed = sides.rows.get(kind)
        score = number(100 * printed.mean, 1) if printed else "–"
        rows.append((LABELS[kind], *ranks, score))
    columns = ("", "PSNR", "SSIM", "PSNR, first two", "SSIM, first two", "people (Table 5)")
    note = (
        f"Rank agreement over {len(RUNGS)} versions of this picture, by all layers and by the first two, "
        f"where 1 is the same order. Table 5 is the paper’s: L2 has {100 * sides.squared_error.mean:.1f}, "
        f"people among themselves {100 * sides.people.mean:.1f}."
    )
    shots = [photo("Reference", subject.reference)]
    for way in ways_of(subject.method):
        filters = filters_of(way, found)
        if filters is not None:
            shots.append(Shot(LABELS[way.kind], filters, "first filters"))
    return Sheet((tuple(shots),), (Table(columns, tuple(rows), note),))


def of_failing(subject: Subject) -> Sheet:
    """The same pair at other sizes and in another range, a verdict turned, and a texture for itself."""
    reference, method = subject.reference, subject.method
    metric = method.name.metric
    sized = tuple(
        ("as given" if each.side is None else f"{each.side} pixels", number(each.measurement.score))
        for each in at_sizes(reference, subject.distorted, method)
        if each.measurement is not None
    )
    shots = [photo("Reference", reference), photo("Distorted", subject.distorted, subject.distorted.name)]
    texture = swapped(next(iter(TEXTURES)), method)
    rows = [
        ("Another piece of the same", number(texture.of_other.score)),
        ("The first piece, blurred", number(texture.of_blurred.score)),
    ]
    pieces = (texture.piece, texture.other, texture.blurred)
    names = ((texture.texture.label, "the reference"), ("Another piece",), ("Blurred",))
    others = tuple(photo(name, picture, *note) for (name, *note), picture in zip(names, pieces, strict=True))
    tables = [Table(("The same pair, measured at", metric), sized)]
    if method.has_maps:
        subject.check()
        fed = fed_wrongly(reference, subject.distorted, method)
        fed_rows = (("[−1, 1], which is right", number(fed.right)), ("[0, 1]", number(fed.wrong)))
        tables.append(Table(("The same pair, fed as", metric), fed_rows))
        overturned, made = _overturned(subject, metric)
        tables.append(overturned)
        shots += made
    tables.append(Table((f"{texture.texture.label}, held against", metric), tuple(rows)))
    return Sheet((tuple(shots), others), tuple(tables))


def _overturned(subject: Subject, metric: str) -> tuple[Table, list[Shot]]:
    """How far two grey levels turn the verdict about noise and a blur, and the pictures of it."""
    found = faint_and_plain(subject.reference, subject.method)
    faint, plain = photo("Faint noise", found.faint), photo("A plain blur", found.plain)
    if found.scores[0] >= found.scores[1]:
        rows = tuple(zip(("noise", "blur"), map(number, found.scores), strict=True))
        return Table(("Noise and blur", metric), rows), [faint, plain]
    over = turned(subject.reference, found.faint, found.plain, subject.method, BOUND)
    rows = (
        ("Faint noise", number(over.before)),
        (f"The same, changed by {BOUND.most} grey levels at most", number(over.after)),
        ("A plain blur", number(over.other)),
    )
    changed = photo("Changed", over.picture, f"by ± {BOUND.most} levels")
    by = photo("The change", beyond(found.faint, over.picture, TIMES), f"× {TIMES}")
    return Table(("A change that nobody sees", metric), rows), [faint, changed, by, plain]


def _hand_on(subject: Subject, found: Emergence, base: Picture) -> None:
    """Let the quiz know the scores of the ladder, which take seconds."""
    rulers = [(way.kind, way.method) for way in ways_of(subject.method) if way.method is not None]
    for name, ruler in (*rulers, (PSNR, PSNR), (SSIM, SSIM)):
        for rung, score in zip(RUNGS, found.scores(name), strict=True):
            subject.scores.put(score_key(base, rung, ruler), float(score), ENTRY_BYTES)


def of_quiz(subject: Subject) -> Sheet:
    """The questions with their answers to choose from; what is right comes on the page of answers."""
    asked = tuple(questions(subject.reference, subject.method, subject.scores, subject.check))
    seen = {label: picture for question in asked for label, picture in question.pictures}
    shots = tuple(photo(label, picture) for label, picture in seen.items())
    rows = [
        (f"{place}. {question.text}", Boxes(tuple(option.label for option in question.options)))
        for place, question in enumerate(asked, start=1)
    ]
    answers = tuple(
        (question.text, f"{question.options[question.right].label}. {question.said}") for question in asked
    )
    return Sheet((shots[:ROOM],), (Table(("question", "answers"), tuple(rows)),), (), answers)


def of_vote(subject: Subject) -> Sheet:
    """What the class is asked, to be ticked on paper, with room for why."""
    found = at_equal_psnr(subject.reference, SHIFT, subject.method)
    reference = photo("Reference", found.reference)
    a, b, c = (photo(letter, each.picture) for letter, each in zip("ABC", found.changed, strict=True))
    rows = tuple((f"{one} or {other}", Boxes((one, other)), Room()) for one, other in ("AB", "BC", "AC"))
    asked = Table(("Which is closer to the reference?", "", "What decides it?"), rows)
    names = ", ".join(
        f"{letter} is {CHANGES[each.change].label.lower()}, {each.text}"
        for letter, each in zip("ABC", found.changed, strict=True)
    )
    scores = ", ".join(
        f"{letter} {each.value(SCORE):.4f}" for letter, each in zip("ABC", found.changed, strict=True)
    )
    answer = f"{names}. {found.label(SCORE)}: {scores}; lower is closer. {found.sentence}"
    return Sheet(((reference, a), (b, c)), (asked,), (), (("The letters", answer),))


def of_pair(subject: Subject) -> Sheet:
    """The pair of a step on another page, measured."""
    method = subject.method
    found = inspect(compare(subject.reference, subject.distorted, method), method.heads, method.layers)
    reference, distorted = (resize(each, method.size) for each in (subject.reference, subject.distorted))
    shots = [photo("Reference", reference), photo("Distorted", distorted, subject.distorted.name)]
    if found.combined is not None:
        end = found.combined_maximum
        shots.append(map_shot("Combined map", found.combined, end, f"from 0 to {end:.2f}"))
    is_smaller = reference.size != subject.reference.size
    note = f"Measured at {times(reference.size)} pixels." if is_smaller else ""
    table = versions_table(((subject.distorted.name, found.measurement),), note)
    return Sheet((tuple(shots),), (table,), (found.sentence,))
