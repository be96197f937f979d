"""Small parts of pages: tiles, tables, sentences."""

import html
import math
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import streamlit as st

from explorer.analysis import wording
from explorer.analysis.inspection import Inspection
from explorer.analysis.wording import at_size, three_numbers
from explorer.errors import ExplorerError
from explorer.images import Picture
from explorer.metrics import Measurement
from explorer.names import cut, in_short
from explorer.views.common.guests import told
from explorer.views.common.markdown import plain
from explorer.words import WORDS

T = TypeVar("T")

MOST_SENTENCES = 3  # in one box

# A metric's name, as a number is headed by it -> its entry in the glossary.
METRICS = {"LPIPS": "lpips-score", "PSNR": "psnr", "SSIM": "ssim", "DISTS": "dists", "Distance": "uniform"}


def draw_name(words: str, picture: Picture) -> None:
    """A picture's name and size in a quiet line; a long name is whole in its tooltip."""
    short = cut(picture.name)
    st.caption(
        plain(f"{words}: {short}, {picture.width} × {picture.height}"),
        help=None if short == picture.name else plain(picture.name),
    )


def heading(text: str) -> None:
    """A small heading in the sidebar."""
    st.html(f'<h2 class="heading">{html.escape(text)}</h2>')


def decibels(value: float) -> str:
    """PSNR as it is shown."""
    return wording.decibels(value, "∞ dB")


def duration(seconds: float) -> str:
    """A time as it is shown."""
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def millions(count: int) -> str:
    """A number of parameters as it is shown."""
    return f"{count / 1e6:.1f} M"


def percent(share: float) -> str:
    """A share as it is shown; undefined where the score is 0."""
    return f"{share:.1%}" if math.isfinite(share) else "–"


def effect(precision: str, score: float, exact: float) -> str:
    """What a precision does to the score, beside the exact one."""
    change = f" ({score / exact - 1:+.2%})" if exact > 0 else ""
    return f"{precision}: {score:.4f}, exact: {exact:.4f}{change}"


def text_colour() -> str:
    """The theme's colour for text, for figures that must stand out on both backgrounds."""
    return "#ffffff" if st.context.theme.type == "dark" else "#1a1f2b"


def draw_problems(sentences: list[str], error: ExplorerError | None) -> None:
    """What could not be done, in one box: the first sentences, each once, and how many more there are.

    Args:
        error: Goes first: it stays as long as what is chosen cannot be had.
    """
    said = list(dict.fromkeys([*([told(error)] if error else []), *sentences]))
    if not said:
        return
    more = len(said) - MOST_SENTENCES
    lines = [plain(in_short(sentence)) for sentence in said[:MOST_SENTENCES]]
    st.error("\n\n".join(lines + [f"And {more} more."] * (more > 0)), icon=":material/error:")


def draw_tiles(shown: Inspection, metric: str, is_stale: bool) -> None:
    """Three numbers with their direction, and the sentence that says what they say.

    Args:
        is_stale: Whether another pair is chosen, which the sentence would be taken for one about.
    """
    score, psnr, ssim = three_numbers(shown.measurement, metric)
    psnr = psnr[0], decibels(shown.measurement.psnr), psnr[2]  # with the sign of infinity
    draw_tile_row((score, psnr, ssim), "" if is_stale else shown.sentence)


def numbers(measurement: Measurement) -> str:
    """The three numbers in a line, with their size: "at 1024 × 768: LPIPS 0.1567, PSNR …"."""
    three = three_numbers(measurement, measurement.name.metric)
    return f"{at_size(measurement)}: {', '.join(f'{name} {value}' for name, value, _ in three)}"


def draw_tile_row(tiles: Sequence[tuple[str, str, str]], sentence: str) -> None:
    """Numbers in a row, each as (what it is, the number, how to read it), and a sentence beside them."""
    st.html(
        f'<div class="tiles{" many" if len(tiles) > 3 else ""}" style="--tiles: {len(tiles)}">'
        + "".join(
            f'<div class="tile"{_title_of(label)}><span>{html.escape(label)}</span>'
            f"<strong>{html.escape(value)}</strong><span>{html.escape(hint)}</span></div>"
            for label, value, hint in tiles
        )
        + (f"<p>{html.escape(sentence)}</p></div>" if sentence else "</div>")
    )


def _title_of(label: str) -> str:
    """The attribute that says what a number is, which begins with its metric's name; "" where it has none."""
    key = METRICS.get(label.split(" · ")[0])
    return f' title="{html.escape(WORDS[key].short)}"' if key else ""


def draw_score(label: str, value: str) -> None:
    """One number with what it is."""
    st.html(
        f'<div class="score"><span>{html.escape(label)}</span><strong>{html.escape(value)}</strong></div>'
    )


def draw_table(shown: Inspection) -> None:
    """The ledger: a row a layer and the sum; the parts of each distance where the metric has some."""
    parts = tuple(shown.layers[0].parts)
    rows = [
        [
            plain(layer.name) + ("" if shown.is_in_sum(layer) else " (not in the sum)"),
            str(layer.channels),
            f"{layer.grid[1]} × {layer.grid[0]}",
            *(f"{layer.parts[part]:.6f}" for part in parts),
            f"{layer.distance:.6f}",
            percent(layer.share),
        ]
        for layer in shown.layers
    ]
    whole = percent(1.0 if shown.measurement.score > 0 else math.nan)
    sums = [f"**{math.fsum(layer.parts[part] for layer in shown.measurement.layers):.6f}**" for part in parts]
    rows.append(["**Score**", "", "", *sums, f"**{shown.measurement.score:.6f}**", f"**{whole}**"])
    titles = ("Layer", "Channels", "Grid, width × height", *map(str.capitalize, parts), "Distance", "Share")
    st.markdown(table(titles, rows))


def table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table whose first column is words and the others numbers; what a cell holds stays in it."""
    lines = [titles, (":--", *["--:"] * (len(titles) - 1)), *rows]
    return "\n".join(f"| {' | '.join(map(_in_cell, line))} |" for line in lines)


def _in_cell(text: str) -> str:
    return " ".join(text.splitlines()).replace("|", r"\|")


def draw_download(
    label: str,
    make: Callable[[], str | bytes],
    file: str,
    mime: str,
    width: Literal["stretch", "content"] = "stretch",
    refusal: str = "",
) -> None:
    """A button for a file that is made when it is asked for.

    Args:
        make: Makes the file. Streamlit keeps it as long as the session, even of a closed tab, and whatever it
            holds: so it takes arrays from the session, which lets go of them.
        refusal: Why it cannot be had now, in a sentence; "" where it can.
    """
    st.download_button(
        label,
        make,
        file,
        mime,
        on_click="ignore",
        icon=":material/download:",
        width=width,
        disabled=bool(refusal),
        help=refusal or None,
    )


def still_held(result: T | None) -> T:
    """What a file is made of, as long as the session holds it.

    Streamlit says at the button that the file could not be made, and writes the sentence into its log.

    Raises:
        ExplorerError: it was let go.
    """
    if result is None:
        raise ExplorerError("The tab was closed, and what it showed was let go; reload it to get its files.")
    return result
