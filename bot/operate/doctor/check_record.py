"""What is kept: record, log, second copy, and what could not be understood."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

from bot.config import Config
from bot.domain.assurance import Level
from bot.domain.destination import SECOND_COPY
from bot.domain.errors import OutsideFailure
from bot.ids import SystemClock
from bot.operate.audit.check import check_log
from bot.operate.destroyed_again import what_is_back
from bot.operate.kept import JOURNAL, Kept, opened, register_of
from storage.outside.far_disk import FarDisk

from .finding import Finding, told

PATIENCE = 10.0  # seconds


async def open_record(stack: AsyncExitStack, config: Config) -> tuple[Kept | None, Finding]:
    if not (config.data.directory / JOURNAL).exists():
        return None, Finding("Record", None, "nothing yet", "the first start makes it")
    try:
        return await stack.enter_async_context(opened(config, read_only=True)), Finding(
            "Record", True, "opens with these keys"
        )
    except OutsideFailure as failure:
        return None, Finding("Record", False, told(failure), "stop the bot, keep a copy of the data, restore a backup")


async def filed(kept: Kept) -> AsyncIterator[Finding]:
    mend = "stop the bot, keep a copy of the data, and compare it with a backup"
    try:
        people = await kept.record.patients()
        entries = [entry for person in people for entry in await kept.record.entries(person.patient_id)]
        last = max(entries, key=lambda entry: entry.at, default=None)
        if last is None:
            yield Finding("Last entry", None, "nothing is filed yet", "send a first photo")
        else:
            whole = await kept.record.read_back(last.entry_id) == last.sha256
            what = f"{len(entries):,} filed for {len(people):,}; the last, of {last.at:%Y-%m-%d %H:%M} UTC, "
            yield Finding(
                "Last entry", whole, what + ("reads back with its digest" if whole else "does not match"), mend
            )
        yield await _arrivals(kept, SystemClock().now())
    except OutsideFailure as failure:
        yield Finding("Last entry", False, told(failure), mend)


async def vault_key(kept: Kept) -> Finding:
    mend = "`consentry keys rotate` goes on where it was, and destroys the older key at its end"
    try:
        versions = await kept.masters.versions()
    except OutsideFailure as failure:
        return Finding("Vault key", False, told(failure), mend)
    if len(versions) > 1:
        what = f"keys {', '.join(map(str, versions))} are there: a renewal is under way, or was stopped half-way"
        return Finding("Vault key", False, what, mend)
    return Finding("Vault key", True, f"key {versions[0]} alone" if versions else "made with the first photo")


async def audit_log(config: Config, kept: Kept) -> Finding:
    try:
        found = await check_log(config, kept)
    except OutsideFailure as failure:
        return Finding("Audit log", False, told(failure), "bring the directory of the checkpoints back")
    if found.wrong:
        return Finding("Audit log", False, found.wrong, "`consentry audit verify` says more")
    what = " ".join(found.lines[::2])
    if config.audit.checkpoints is None:
        return Finding.risk(
            "Audit log", what, "name a directory outside in [audit] checkpoints, best on another machine"
        )
    return Finding("Audit log", True, what)


ANOTHER_DISK = "name a directory on another disk or share in [record] mirror"


async def second_copy(config: Config, kept: Kept | None) -> Finding:
    name, mirror = "Second copy", config.record.mirror
    if mirror is None:
        what = "NONE. A photo that was filed since the last backup exists once: if this disk dies, it is lost"
        return Finding.risk(name, what, ANOTHER_DISK)
    try:
        disk = await FarDisk("hangs", PATIENCE).do(lambda: mirror.stat().st_dev if mirror.is_dir() else None)
        if disk is None:
            return Finding(name, False, f"{mirror} is not there; photos stay in the chat meanwhile", "mount it")
        if kept is None or kept.mirror is None:
            return Finding(name, None, f"{mirror}, nothing in it yet", "the first filing fills it")
        has = await _verified_in(kept, SECOND_COPY)
        lacks = await kept.record.count() - has
        if has and not await kept.mirror.there():
            return Finding(name, False, f"{mirror} is empty, another disk than before", "mount the right one")
    except OutsideFailure:
        what = f"{mirror} does not answer, as a share does whose other end is gone; photos stay in the chat meanwhile"
        return Finding(name, False, what, "see whether that computer is on and the network up, or unmount the share")
    what = f"{mirror} has {has:,} entries, lacks {lacks:,}"
    if lacks:
        return Finding(name, False, what, "run the bot: it copies")
    if disk == config.data.directory.stat().st_dev:
        return Finding.risk(name, f"{what}, ON THE SAME DISK as the record: if it dies, both are gone", ANOTHER_DISK)
    return Finding(name, True, what)


async def _verified_in(kept: Kept, destination: str) -> int:
    async with kept.journal.reading() as rows:
        counts = await rows.delivery_counts()
    return sum(count.entries for count in counts if (count.destination, count.state) == (destination, Level.VERIFIED))


async def destroyed(config: Config, kept: Kept) -> Finding:
    """Check whether anything that the register outside names is here again (R23)."""
    noted = await register_of(config, kept.keys).noted()
    async with kept.journal.reading() as rows:
        back = [thing.line.ref for thing in await what_is_back(rows, noted.lines)]
    if back:
        what = f"{', '.join(back)}: destroyed, and back: an older backup was put back"
        return Finding("Destroyed", False, what, "stop the bot, then `consentry doctor --deep --repair`")
    if noted.unread:
        what = f"can't be looked into: {', '.join(map(str, noted.unread))}"
        return Finding(
            "Destroyed", None, what, "until then nothing is destroyed; a restore would not know what to destroy again"
        )
    return Finding("Destroyed", True, f"{len(noted.lines)} in the register, and none of it is here")


async def _arrivals(kept: Kept, now: datetime) -> Finding:
    async with kept.journal.reading() as rows:
        counts = await rows.set_aside(now - timedelta(days=7))
    why = ", ".join(f"{name} × {number}" for name, number in sorted(counts.items()))
    mend = "the audit log names them; many from one sender may be an attack, many of one error a fault of the bot: report it"
    return Finding("Messages", None if counts else True, why or "all of the last 7 days were understood", mend)
