"""What can be wrong with a database, each with the sentence that says what to do.

Texts hold no key, no statement parameter and no row.
"""

from __future__ import annotations

from pathlib import Path

from bot.domain.errors import Permanent


class WrongKey(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "wrong-key",
            f"the keys do not open {path}; put back the keys directory that belongs to this data directory, "
            "or recover it with the recovery key: `consentry keys restore`",
        )


class Damaged(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "damaged-database",
            f"{path} is damaged and was left as it is; stop the bot, keep a copy of the file and restore a backup",
        )


class NewerDatabase(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "newer-database",
            f"{path} was written by a newer version and was left as it is; install that version or a later one",
        )


class OlderDatabase(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__(
            "older-database",
            f"{path} was written by an older version and is opened only for reading; start the bot once to upgrade it",
        )


class NoDatabase(Permanent):
    def __init__(self, path: Path) -> None:
        super().__init__("no-database", f"there is no database at {path}; check the data directory, or run init")
