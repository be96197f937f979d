"""Codes that are read out in class, and keys that nobody guesses."""

import hashlib
import secrets

# What is told apart in any hand and font; without vowels, so that no code is a word.
ALPHABET = "346789CDFGHJKMNPQRTVWXY"
CODE_LENGTH = 6  # 148 million codes: a hundred open sessions are met by one guess in a million
KEY_BYTES = 24  # 192 bits


def new_code() -> str:
    """A code for participants, at random."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def new_key() -> str:
    """A teacher's key or a participant's token: 32 letters that may stand in a link."""
    return secrets.token_urlsafe(KEY_BYTES)


def typed_code(text: str) -> str | None:
    """What somebody typed, as the code that it is; None where it can be none.

    Small letters, spaces and dashes are forgiven.
    """
    code = "".join(text.upper().split()).replace("-", "")
    return code if len(code) == CODE_LENGTH and set(code) <= set(ALPHABET) else None


def kept(key: str) -> str:
    """What the store keeps of a key: its SHA-256, which opens nothing. Keys are too long to be tried out."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
