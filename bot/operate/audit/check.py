"""Whether the audit log is whole: by itself, against its signed checkpoints, or by the checkpoints alone (R27).

Guarantees: each answer says in sentences what was found and what to do. Changes nothing. The checkpoints need no key of the
practice but the public one, so the person who keeps them can check them without being able to read anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.config import Config
from bot.operate.kept import Kept
from storage.journal.audit_chain import verify
from storage.outside.checkpoints import (
    Checkpoint,
    CheckpointsFound,
    contradiction,
    public_key,
    public_text,
    read,
    signing_key,
)
from storage.outside.far_disk import FarDisk

PATIENCE = 30.0  # seconds to read all checkpoints
KEEP = "Stop the bot, keep this data directory and the checkpoints as they are, and compare them with a backup."


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found. `wrong` is "" when nothing is wrong; `lines` say what was looked at and how it stood."""

    wrong: str
    lines: tuple[str, ...]


async def check_log(config: Config, kept: Kept) -> Checked:
    """Check the chain, and every checkpoint there is."""
    key, zone = signing_key(kept.keys).public_key(), config.practice.zone
    at = config.audit.checkpoints
    noted = CheckpointsFound((), ())
    if at is not None:
        disk = FarDisk(f"{at} does not answer, as a share does whose other end is gone", PATIENCE)
        noted = await disk.do(lambda: read(at, key))
    wrong = _wrong_in(noted, zone)
    async with kept.database.reading() as connection:
        found = await verify(connection, {checkpoint.seq: checkpoint.hash for checkpoint in noted.signed})
    if found.broken is not None:
        wrong = f"The audit log is broken at entry {found.broken.seq}: {found.broken.what}. {KEEP}"
    erased = f", {found.erased} of them with details erased" if found.erased else ""
    lines = [f"Whole: {found.rows} entries{erased}.", f"Last hash: {found.head}"]
    if at is None:
        lines.append(
            "No checkpoints are kept, so that a cut-off end would not show: name a directory in [audit] checkpoints."
        )
    else:
        lines += [*_told(at, noted, zone), f"Key of the checkpoints: {public_text(key)}"]
    return Checked(wrong, tuple(lines))


def check_checkpoints(directory: Path, key: str, zone: ZoneInfo) -> Checked:
    """Check the checkpoints by themselves, with the public key alone.

    They prove what they prove, whatever the practice's computer says.
    """
    noted = read(directory, public_key(key))
    return Checked(_wrong_in(noted, zone), tuple(_told(directory, noted, zone)))


def _wrong_in(noted: CheckpointsFound, zone: ZoneInfo) -> str:
    if noted.false:
        return (
            f"{noted.false[0]} is not signed with this key: it was changed, or belongs to another practice. "
            f"Compare it with another copy of the checkpoints, and move away what is not yours. {KEEP}"
        )
    if (other := contradiction(noted.signed)) is not None:
        return (
            f"Two checkpoints know different entries {other.seq} (the later of {_when(other, zone)}): the log was cut off "
            f"or rewritten, and went on from there. {KEEP}"
        )
    return ""


def _told(directory: Path, noted: CheckpointsFound, zone: ZoneInfo) -> list[str]:
    if not noted.signed:
        return [
            f"There are no checkpoints in {directory}. The bot makes one at its start; if it ran, somebody removed them."
        ]
    newest = noted.signed[-1]
    return [
        f"Checkpoints: {len(noted.signed)}, all signed. The newest, of {_when(newest, zone)}, knows {newest.seq} entries.",
        f"Its hash: {newest.hash}",
    ]


def _when(checkpoint: Checkpoint, zone: ZoneInfo) -> str:
    return f"{checkpoint.at.astimezone(zone):%Y-%m-%d %H:%M}"
