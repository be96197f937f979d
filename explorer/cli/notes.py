"""What lists say on standard error of files that they leave out."""

from explorer.cli.group import note


def note_unfit_heads() -> None:
    """Name the files in the folder of own heads that are none."""
    from explorer.files import own_heads  # brings torch

    for sentence in own_heads.found()[1]:
        note(sentence)
