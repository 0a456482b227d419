"""Removing backups whose time is over, once a newer one counts; with them goes what was destroyed since they were made (R23).

Guarantees: the newest stays, whatever its age. Nothing is removed that the keys of this practice do not open, that is no
finished backup, or that is a link to one. A half-removed backup is no backup any more, and the next run clears it away. A
clock that runs ahead removes all but the newest.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bot.domain.errors import OutsideFailure
from bot.durable import sync_directory
from bot.operate.kept import JOURNAL
from storage.sql.database import Database
from storage.sql.database_errors import NewerDatabase, OlderDatabase
from storage.vault.key_ring import KeyRing

from .format import ABOUT, PREFIX, on_disk, unfinished


async def expire(newest: Path, keys: KeyRing, keep_for: timedelta) -> Sequence[str]:
    """Remove the backups beside `newest` that were made longer than `keep_for` before it; return their names."""
    made_at = _made_at(newest)
    if made_at is None:
        raise OutsideFailure(f"{newest} is no finished backup")
    gone = []
    for backup in sorted(newest.parent.glob(f"{PREFIX}*")):
        made = None if backup == newest or backup.is_symlink() else _made_at(backup)
        if made is not None and made_at - made > keep_for and await _is_ours(backup, keys):
            with on_disk(backup):
                # First its name: nobody must think that a half-removed backup can be restored.
                shutil.rmtree(backup.rename(unfinished(backup, keys)))
                sync_directory(newest.parent)
            gone.append(backup.name)
    return gone


def _made_at(backup: Path) -> datetime | None:
    try:
        made = datetime.fromisoformat(json.loads((backup / ABOUT).read_bytes())["made_at"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return made if made.tzinfo else None


async def _is_ours(backup: Path, keys: KeyRing) -> bool:
    try:
        database = await Database.open(backup / "data" / JOURNAL, keys.database, read_only=True)
    except (OlderDatabase, NewerDatabase):
        return True
    except OutsideFailure:
        return False  # another practice's, or damaged: a person should look at it
    await database.close()
    return True
