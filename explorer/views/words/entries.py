"""The glossary as its component takes it."""

from explorer.viewer.words.words import OtherWord, WordEntry, WordSource
from explorer.words import WORDS, alphabetical, capitalised


def entries() -> tuple[WordEntry, ...]:
    """All entries, in the order of the alphabet."""
    return tuple(map(_entry, alphabetical()))


def _entry(key: str) -> WordEntry:
    word = WORDS[key]
    return WordEntry(
        key=key,
        term=capitalised(word.term),
        short=word.short,
        long=word.long,
        see=tuple(OtherWord(other, WORDS[other].term) for other in word.see),
        source=word.source and WordSource(word.source.citation, word.source.address),
    )
