"""A disagreement as a card for the viewer: what of it may be seen before there is an answer."""

from explorer.analysis.disagreement import Disagreement
from explorer.analysis.rulers import Rulers, is_similarity, label_of
from explorer.images import Picture
from explorer.judgments.answers import Answer
from explorer.viewer.cards.cards import Card, CardVerdict
from explorer.views.disagree.measuring import Measured
from explorer.views.disagree.state import pixels_of
from explorer.views.disagree.view import DisagreeView


def shown_key(card: Disagreement, seed: int) -> str:
    """Tells a card as it is laid out from all others: what comes back from the browser is of this one."""
    return f"{seed}|{card.key}"


def card_of(
    base: Picture,
    pictures: tuple[Picture, Picture],
    card: Disagreement,
    rulers: Rulers,
    view: DisagreeView,
    measured: Measured,
    answer: Answer | None,
    tally: str,
) -> Card:
    """The card with its pictures, with the verdicts where they may be seen."""
    one, other = map(label_of, rulers)
    is_open = view.shows_verdicts or answer is not None
    verdicts = card.verdicts(rulers, view.seed)
    if is_open:
        first, second = verdicts
        question = f"{one} prefers {first.prefers}, {other} prefers {second.prefers}, and you?"
    else:
        question = f"{one} prefers one, {other} the other. Which is closer to the reference?"
    left, right = card.sides(view.seed)
    offered = [each.key for each in measured.found.cards]
    if not measured.is_whole:
        place = "An early pair: more are being measured"
    elif card.key in offered:
        place = f"Pair {offered.index(card.key) + 1} of {len(offered)}"
    else:
        place = f"An early pair, not among the {len(offered)} clearest"
    return Card(
        key=shown_key(card, view.seed),
        question=question,
        reference=base.pixels,
        versions=pixels_of(pictures),
        labels=(left.label, right.label) if is_open else ("", ""),
        verdicts=tuple(
            CardVerdict(
                verdict.metric,
                verdict.values,
                verdict.prefers,
                "higher is closer" if is_similarity(ruler) else "lower is closer",
            )
            for verdict, ruler in zip(verdicts, rulers, strict=True)
        )
        if is_open
        else (),
        chosen=answer.side if answer else "",
        said=f"You agree with {answer.agrees_with}." if answer else "",
        place=place,
        tally=tally,
        has_next=len(offered) > 1,
    )
