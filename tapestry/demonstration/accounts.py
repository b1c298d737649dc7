"""The demonstration's accounts as the terminal shows them, and the one password they share."""

from __future__ import annotations

import os
import secrets
from typing import TYPE_CHECKING

from tapestry.demonstration.facts import load_consortium

if TYPE_CHECKING:
    from pathlib import Path

CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aeiou"
WORDS = 5
SYLLABLES = 2


def sign_in_lines() -> list[str]:
    """Return one line an account: name, e-mail, role and member, in columns."""
    rows = [
        (person.name, person.email, person.role, person.member or "(no member, no vote)")
        for person in load_consortium().people
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]


def demonstration_password(var: Path) -> str:
    """Return this installation's password for the demonstration accounts; the first call makes it.

    It lies in `keys/demonstration-password` under `var`, mode 0600, so that no two installations share one
    and none is in the source. Ten syllables of 80 are 63 bits.

    Raises:
        OSError: The folder cannot be written, or the file not read.
    """
    path = var / "keys" / "demonstration-password"
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write_once(path, _speakable_password())
    return path.read_text("ascii").strip()


def _speakable_password() -> str:
    def syllable() -> str:
        return secrets.choice(CONSONANTS) + secrets.choice(VOWELS)

    return "-".join("".join(syllable() for _ in range(SYLLABLES)) for _ in range(WORDS))


def _write_once(path: Path, password: str) -> None:
    # A hard link appears whole or not at all, and never over another: of two seeds at once, one wins.
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{password}\n")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
