"""Is everything in place that the bot needs, and how is it mended (`consentry doctor`)?

Guarantees: changes nothing; safe beside a running bot; one check that fails keeps no other from being made; findings hold
no secret and nothing about patients.
`ok` is True (seen to be right), False (seen to be wrong), or None: it cannot be known yet, or was chosen so.
Deliberately believes no configuration: each finding says what was observed.
"""

from __future__ import annotations

import json
import shutil
import stat
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp

from storage.keys import KeyRing
from storage.records.mirrored import MirroredRecord

from .app import JOURNAL, Kept, only_one, opened
from .audit_check import check_log
from .config import Config
from .deep import Deep
from .domain.errors import OutsideFailure, Permanent
from .domain.hours import describe, is_open
from .domain.rooms import RoomKind
from .ids import SystemClock
from .imaging.protocol import Layer
from .imaging.sample import sample_photo
from .imaging.screener import SandboxedScreener
from .matrix.client import HomeserverClient, path
from .matrix.devices import parse_identity
from .matrix.session import Session, session_of
from .purger.client import SocketPurger
from .sealed_files import SESSION
from .wording_directory import WordingInvalid, texts_in

ENOUGH_DISK = 2_000_000_000
CLOCKS_APART = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing checked: what was seen, and what to do when it is not right."""

    name: str
    ok: bool | None
    what: str
    mend: str = ""


async def examine(config: Config, source: Path | None = None) -> list[Finding]:
    """Every check, in the order in which mending helps. `source` is the configuration file."""
    findings = [_hours(config, SystemClock().now()), _wording(config), *_modes(config, source), _disk(config)]
    async with AsyncExitStack() as stack:
        findings.append(_keys(config))
        kept, record = await _open(stack, config)
        findings.append(record)
        if kept is not None:
            findings += [finding async for finding in _record(kept)]
            findings.append(await _audit(config, kept))
        findings.append(await _second_copy(config, kept))
        findings += [finding async for finding in _homeserver(config, kept)]
    findings.append(await _purger(config))
    findings.append(await _pictures())
    return findings


@asynccontextmanager
async def deep(config: Config, *, repair: bool, erase_peoples: bool) -> AsyncIterator[Deep]:
    """Everything opened that is compared. To repair, the bot must be stopped (`AlreadyRunning`)."""
    async with AsyncExitStack() as stack:
        if repair:
            await stack.enter_async_context(only_one(config))
        kept = await stack.enter_async_context(opened(config, read_only=not repair))
        session = _session(config, kept)
        client = HomeserverClient(config.homeserver.url, session.access_token) if session else None
        if client is not None:
            stack.push_async_callback(client.close)
        purger = SocketPurger(config.purger.socket) if config.purger.socket else None
        yield Deep(kept, SystemClock().now(), config.homeserver.user, client, purger, erase_peoples)


# ---- this machine


def _hours(config: Config, now: datetime) -> Finding:
    practice = config.practice
    local = now.astimezone(practice.zone)
    hours = describe(practice.opening_hours) or "no hours: nothing is said of them"
    state = "open" if is_open(practice.opening_hours, now, practice.zone) else "outside hours"
    said = f"{local:%A %H:%M} in {practice.timezone}; {hours}"
    return Finding("Opening hours", True, f"{said}; now {state}" if practice.hours else said)


def _wording(config: Config) -> Finding:
    try:
        own = len(texts_in(config.wording.directory).replaced)
    except WordingInvalid as invalid:
        return Finding(
            "Wording", False, "; ".join(invalid.mistakes), "Correct these files: `consentry wording show NAME`."
        )
    return Finding("Wording", True, f"{own} texts of the practice's own, all complete" if own else "the built-in texts")


def _modes(config: Config, source: Path | None) -> list[Finding]:
    found = [
        _private("Data directory", config.data.directory, 0o700, "consentry init, or the first start, makes it"),
        _private(
            "Keys directory",
            config.data.keys_directory,
            0o700,
            "consentry init makes it, consentry keys restore mends it",
        ),
        _private("Password file", config.homeserver.password_file, 0o600, "write the bot's password into it"),
    ]
    if source is not None:
        mode = stat.S_IMODE(source.stat().st_mode)
        safe = not mode & 0o022
        what = f"{source}, mode {mode:o}" if safe else f"others may change {source} (mode {mode:o})"
        found.insert(0, Finding("Configuration", safe, what, f"chmod go-w {source}"))
    return found


def _private(name: str, where: Path, mode: int, absent: str) -> Finding:
    try:
        seen = stat.S_IMODE(where.stat().st_mode)
    except FileNotFoundError:
        return Finding(name, False, f"{where} is missing", absent)
    except OSError as error:
        return Finding(name, False, f"{where}: {error.strerror}", "run this as the user who runs the bot")
    if seen & 0o077:
        return Finding(name, False, f"others may read {where} (mode {seen:o})", f"chmod {mode:o} {where}")
    return Finding(name, True, f"{where}, mode {seen:o}")


def _disk(config: Config) -> Finding:
    where = next(place for place in (config.data.directory, *config.data.directory.parents) if place.exists())
    free = shutil.disk_usage(where).free
    what = f"{free / 1e9:.1f} GB free, room for about {free // 3_000_000:,} photos"
    return Finding("Disk", free >= ENOUGH_DISK, what, "make room: when the disk is full nothing can be filed")


def _keys(config: Config) -> Finding:
    try:
        KeyRing.load(config.data.keys_directory)
    except OutsideFailure as failure:
        return Finding(
            "Keys", False, _told(failure), "consentry init makes keys, consentry keys restore puts lost ones back"
        )
    return Finding("Keys", True, "present and closed to others")


# ---- what is filed


async def _open(stack: AsyncExitStack, config: Config) -> tuple[Kept | None, Finding]:
    if not (config.data.directory / JOURNAL).exists():
        return None, Finding("Record", None, "nothing yet", "the first start makes it")
    try:
        return await stack.enter_async_context(opened(config, read_only=True)), Finding(
            "Record", True, "opens with these keys"
        )
    except OutsideFailure as failure:
        return None, Finding("Record", False, _told(failure), "stop the bot, keep a copy of the data, restore a backup")


async def _record(kept: Kept) -> AsyncIterator[Finding]:
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
        yield Finding("Last entry", False, _told(failure), mend)


async def _audit(config: Config, kept: Kept) -> Finding:
    mend = "name a directory outside in [audit] checkpoints, best on another machine"
    try:
        found = await check_log(config, kept)
    except OutsideFailure as failure:
        return Finding("Audit log", False, _told(failure), "bring the directory of the checkpoints back")
    if found.wrong:
        return Finding("Audit log", False, found.wrong, "`consentry audit verify` says more")
    return Finding("Audit log", True if config.audit.checkpoints else None, " ".join(found.lines[::2]), mend)


async def _second_copy(config: Config, kept: Kept | None) -> Finding:
    mirror = config.record.mirror
    if mirror is None:
        what = "NONE. A photo that was filed since the last backup exists once: if this disk dies, it is lost"
        return Finding("Second copy", False, what, "name a directory on another disk or share in [record] mirror")
    if not mirror.is_dir():
        return Finding("Second copy", False, f"{mirror} is not there; photos stay in the chat meanwhile", "mount it")
    if mirror.stat().st_dev == config.data.directory.stat().st_dev:
        what = f"{mirror} is on the same disk as the record: if it dies, both are gone"
        return Finding("Second copy", False, what, "name a directory on another disk or share in [record] mirror")
    if kept is None or not isinstance(kept.record, MirroredRecord):
        return Finding("Second copy", None, f"{mirror}, nothing in it yet", "the first filing fills it")
    lacks, has = await kept.record.missing()
    if has and not kept.record.mirror.there:
        return Finding("Second copy", False, f"{mirror} is empty, another disk than before", "mount the right one")
    return Finding("Second copy", not lacks, f"{mirror} has {has:,} entries, lacks {lacks:,}", "run the bot: it copies")


async def _arrivals(kept: Kept, now: datetime) -> Finding:
    async with kept.journal.reading() as rows:
        counts = await rows.set_aside(now - timedelta(days=7))
    why = ", ".join(f"{name} × {number}" for name, number in sorted(counts.items()))
    mend = "the audit log names them; many from one sender may be an attack, many of one error a fault of the bot: report it"
    return Finding("Messages", None if counts else True, why or "all of the last 7 days were understood", mend)


# ---- the homeserver


async def _homeserver(config: Config, kept: Kept | None) -> AsyncIterator[Finding]:
    start = (
        "start it with `consentry homeserver`" if config.homeserver.embedded else "check homeserver.url and the network"
    )
    try:
        versions, date = await _greeting(config.homeserver.url)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        yield Finding("Homeserver", False, f"{config.homeserver.url} does not answer ({type(error).__name__})", start)
        return
    newest = versions[-1] if versions else "none"
    yield Finding(
        "Homeserver", "v1.11" in versions, f"{config.homeserver.url} speaks Matrix up to {newest}", "update it"
    )
    yield _clock(date, SystemClock().now())
    session = _session(config, kept)
    if session is None:
        yield Finding("Login", None, "not yet", "the first start logs in with the password file")
        return
    client = HomeserverClient(config.homeserver.url, session.access_token)
    try:
        await session_of(config.homeserver.url, session.access_token)
        yield Finding("Login", True, f"{session.user_id}, device {session.device_id}")
        yield await _cross_signed(client, session)
        if kept is not None:
            yield await _power(client, kept, session)
    except Permanent as failure:
        yield Finding("Login", False, _told(failure), "`consentry sign-in`, then start the bot")
    except OutsideFailure as failure:
        yield Finding("Login", False, _told(failure), start)
    finally:
        await client.close()


async def _greeting(url: str) -> tuple[list[str], datetime | None]:
    """The versions spoken, in the order given, and the homeserver's clock."""
    limits = aiohttp.ClientTimeout(total=10)
    async with aiohttp.ClientSession(timeout=limits) as http, http.get(f"{url}/_matrix/client/versions") as answer:
        body = await answer.json(content_type=None)
        spoken = body.get("versions") if isinstance(body, dict) else None
        if answer.status != 200 or not isinstance(spoken, list):
            raise ValueError("not a homeserver")
        date = answer.headers.get("Date")
        return [str(version) for version in spoken], parsedate_to_datetime(date) if date else None


def _clock(theirs: datetime | None, ours: datetime) -> Finding:
    if theirs is None:
        return Finding("Clock", None, "the homeserver does not tell its time", "compare the clocks by hand")
    apart = abs(ours - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)))
    what = f"{apart.total_seconds():.0f} s from the homeserver's"
    return Finding("Clock", apart <= CLOCKS_APART, what, "set both clocks by NTP: deadlines and receipts rest on them")


def _sealed(config: Config) -> Path:
    return config.data.directory / f"{SESSION}.sealed"


def _session(config: Config, kept: Kept | None) -> Session | None:
    if kept is None or not _sealed(config).exists():
        return None
    return Session(**json.loads(kept.keys.open_secret(SESSION, _sealed(config).read_bytes())))


async def _cross_signed(client: HomeserverClient, session: Session) -> Finding:
    body: dict[str, dict[str, list[str]]] = {"device_keys": {session.user_id: []}}
    shown = parse_identity(session.user_id, await client.call("POST", path("keys", "query"), body=body))
    own = next((device for device in shown.devices if device.device_id == session.device_id), None)
    if own is not None and own.signed:
        return Finding("Cross-signing", True, f"this device is signed; fingerprint {shown.master[:8]}…")
    what = "this device is not signed by the bot's identity" if shown.master else "the account has no identity"
    return Finding("Cross-signing", False, what, "restart the bot: it signs itself, and refuses to run unsigned")


async def _power(client: HomeserverClient, kept: Kept, session: Session) -> Finding:
    """Who made a room may redact everything in it; the power levels themselves do not say so in newer rooms."""
    async with kept.journal.reading() as rows:
        rooms = [room for room in await rows.rooms.find() if room.kind is not RoomKind.LOBBY]
    strange = 0
    for room in rooms:
        made = await client.ask("GET", path("rooms", room.id, "state", "m.room.create", ""), query={"format": "event"})
        strange += made.status != 200 or made.body.get("sender") != session.user_id
    if not rooms:
        return Finding("Power to redact", None, "no rooms yet", "the first start makes the practice's room")
    what = f"the bot made {len(rooms) - strange} of its {len(rooms)} rooms"
    return Finding(
        "Power to redact", not strange, what, "people must use the rooms the bot made: elsewhere nothing is purged"
    )


# ---- the helpers beside it


async def _purger(config: Config) -> Finding:
    if config.purger.socket is None:
        what = "none: deleted photos stay on the homeserver, encrypted, beyond the bot's reach; receipts say so"
        return Finding("Purger", None, what, "run the purger beside the homeserver and name its socket in [purger]")
    if await SocketPurger(config.purger.socket).available():
        return Finding("Purger", True, f"answers at {config.purger.socket}")
    mend = "start `consentry homeserver`" if config.homeserver.embedded else "start the purger"
    return Finding("Purger", False, f"nobody answers at {config.purger.socket}", mend)


async def _pictures() -> Finding:
    screener = SandboxedScreener()
    try:
        await screener.rendition(sample_photo(megapixels=0.01), 64)
        layers = await screener.layers()
    except OutsideFailure as failure:
        return Finding(
            "Pictures", False, _told(failure), "images are still filed, but cannot be shown; Linux is needed"
        )
    finally:
        await screener.close()
    active = [words for layer, words in LAYERS.items() if layer in layers]
    missing = [words for layer, words in LAYERS.items() if layer not in layers]
    what = (
        f"a test photo was decoded in a confined process: limits, no privileges, {', '.join(active) or 'nothing more'}"
    )
    if not missing:
        return Finding("Pictures", True, what)
    heic = "; HEIC can't be shown" if Layer.SYSTEM_CALLS not in layers else ""
    return Finding(
        "Pictures", None, f"{what}; not here: {', '.join(missing)}{heic}", "A newer kernel, or libseccomp, gives more."
    )


LAYERS = {
    Layer.NETWORK: "no network",
    Layer.LANDLOCK: "no files (Landlock)",
    Layer.SYSTEM_CALLS: "listed system calls only (seccomp)",
}


def _told(failure: OutsideFailure) -> str:
    return str(failure).removeprefix(f"{failure.code}: ") if isinstance(failure, Permanent) else str(failure)
