"""The bot, put together: the only place that knows every part by name.

Starting up is opening what is kept, signing in, and running inbox and worker; there is no recovery code. It refuses to run
twice on one data directory, unsigned, or with keys or database it can't trust.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from handlers import HOUSE
from handlers.enrol import new_invitation
from storage.checkpoints import CheckpointDirectory, signing_key
from storage.database import Database
from storage.journal import EncryptedJournal
from storage.keys import KeyRing
from storage.master_keys import MasterKeys
from storage.records.embedded import EmbeddedRecord
from storage.records.mirror import Mirror
from storage.records.mirrored import MirroredRecord
from storage.vault import DirectoryVault

from .allocator import return_large_blocks
from .checkpoint_watch import CheckpointWatch
from .clock_watch import ClockWatch
from .config import Config
from .dispatch import Dispatch
from .domain import rooms, wording_practice
from .domain.errors import Permanent
from .domain.intents import OpenRoom
from .domain.invitations import InvitationState
from .domain.people import Role, Standing
from .domain.policy import Policy
from .domain.retention import RetentionRule
from .domain.uses import UsePolicy
from .effects import World
from .homeserver import TokenPool
from .ids import RandomIds, SystemClock
from .imaging.qr import SegnoPainter
from .imaging.screener import SandboxedScreener
from .inbox import Inbox
from .matrix.cross_signing import Seeds, bootstrap
from .matrix.gateway import Matrix
from .matrix.new_device import read_what_waits, sign_out_others, take_over
from .matrix.session import Session, login
from .mirror_watch import MirrorWatch
from .purger.client import NoPurger, SocketPurger
from .sealed_files import OLD_SESSION, SEEDS, SESSION, read_sealed, retire_session, write_sealed
from .transaction import Transaction
from .wording_directory import texts_in
from .worker import Worker

log = logging.getLogger("consentry")

JOURNAL = "journal.db"
KEY_STORE = "matrix-keys.db"
TOKENS_KEPT = 20


class AlreadyRunning(Permanent):
    def __init__(self, directory: Path) -> None:
        super().__init__(
            "already-running", f"another consentry is running on {directory}; stop it first, or use another directory"
        )


def harden() -> None:
    """Files for the owner only, no core dumps, memory given back, and logs that hold ids and states."""
    return_large_blocks()
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in ("nio", "peewee", "sqlalchemy", "aiohttp", "asyncio", "PIL", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("nio.events.misc").disabled = True


@asynccontextmanager
async def only_one(config: Config) -> AsyncIterator[None]:
    """Hold the data directory; `AlreadyRunning` when somebody else does."""
    config.data.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(config.data.directory / "consentry.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyRunning(config.data.directory) from None
    try:
        yield
    finally:
        lock.release()


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept on disk, opened."""

    keys: KeyRing
    masters: MasterKeys
    database: Database
    journal: EncryptedJournal
    vault: DirectoryVault
    record: EmbeddedRecord


def _record(config: Config, keys: KeyRing, database: Database, vault: DirectoryVault) -> EmbeddedRecord:
    if config.record.mirror is None:
        return EmbeddedRecord(database, vault)
    return MirroredRecord(database, vault, Mirror(config.record.mirror, keys))


@asynccontextmanager
async def opened(config: Config, *, read_only: bool = False) -> AsyncIterator[Kept]:
    keys = KeyRing.load(config.data.keys_directory)
    database = await Database.open(config.data.directory / JOURNAL, keys.database, read_only=read_only)
    try:
        masters = MasterKeys(database, keys)
        vault = DirectoryVault(config.data.directory, masters)
        yield Kept(keys, masters, database, EncryptedJournal(database), vault, _record(config, keys, database, vault))
    finally:
        await database.close()


def policy_of(config: Config) -> Policy:
    """What the practice decided. `WordingInvalid` when a text of its own lacks what the rules demand."""
    return Policy(
        practice=config.practice.name,
        bot_account=config.homeserver.user,
        emergency_text=config.practice.emergency_text,
        hours=config.practice.opening_hours,
        timezone=config.practice.zone,
        managers=frozenset(config.managers.accounts),
        allowed_homeservers=frozenset(config.homeserver.allowed),
        duty=config.duty.person,
        has_purger=config.purger.socket is not None,
        embedded_homeserver=config.homeserver.embedded,
        redaction_retention=config.homeserver.redaction_retention,
        keep_rendition=config.purge.rendition,
        keep_messages=config.purge.messages,
        unread_first=config.reminders.unread_first,
        unread_duty=config.reminders.unread_duty,
        reason_deadline=config.questions.reason,
        code_lifetime=config.questions.code,
        largest_image=config.images.max_bytes,
        keep_shared=timedelta(days=config.policy.keep_shared_days),
        consent_deadline=timedelta(days=config.policy.consent_days),
        case_reminder=timedelta(days=config.policy.case_reminder_days),
        keep_transcripts=config.policy.keep_transcripts,
        uses=UsePolicy(config.policy.advice_always_asks, frozenset(config.policy.never)),
        texts=texts_in(config.wording.directory),
        retention=RetentionRule(config.retention.years, config.retention.children_until),
        written_consent_only=config.policy.written_consent_only,
        device_check_months=config.policy.device_check_months,
        verify_clinicians=config.policy.verify_clinicians,
    )


# ---- signing in


def _password(config: Config) -> str:
    path = config.homeserver.password_file
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError as why:
        raise Permanent("no-password", f"the password file {path} can't be read ({type(why).__name__})") from None


async def sign_in(config: Config, kept: Kept) -> tuple[Session, Seeds]:
    """The session and cross-signing seeds, sealed before they are first used; the identity published before any room.

    After `forget_session` or a restore it is a new device: it can read what the old one could, and the old one is signed out.
    """
    directory, keys, url = config.data.directory, kept.keys, config.homeserver.url
    store = directory / KEY_STORE, keys.matrix_store
    old = _session(keys, directory, OLD_SESSION)
    if old is not None and (directory / KEY_STORE).exists():
        await read_what_waits(url, old, *store, await kept.journal.token())
    session = _session(keys, directory, SESSION)
    if session is None or session == old:  # the second, when retiring it was interrupted
        session = await login(url, config.homeserver.user, _password(config))
        write_sealed(keys, directory, SESSION, json.dumps(asdict(session)).encode())
    sealed_seeds = read_sealed(keys, directory, SEEDS)
    seeds = Seeds.from_bytes(sealed_seeds) if sealed_seeds else Seeds.generate()
    if sealed_seeds is None:
        write_sealed(keys, directory, SEEDS, seeds.to_bytes())
    # Published long ago it needs no password: keys put back from the recovery key come without one.
    password = _password(config) if config.homeserver.password_file.exists() else None
    await bootstrap(url, session, seeds, password)
    if old is not None:
        take_over(session, old, *store)
        await sign_out_others(url, session, _password(config))
        (directory / f"{OLD_SESSION}.sealed").unlink()
    return session, seeds


def _session(keys: KeyRing, directory: Path, name: str) -> Session | None:
    kept = read_sealed(keys, directory, name)
    return None if kept is None else Session(**json.loads(kept))


def require_whole(config: Config) -> None:
    """Refuse when a part of what is kept is gone: made anew it would be an empty record, or a device nobody knows."""
    directory = config.data.directory
    used = [name for name in (f"{SESSION}.sealed", f"{SEEDS}.sealed", "objects") if (directory / name).exists()]
    if used and not (directory / JOURNAL).exists():
        raise Permanent(
            "record-lost",
            f"the record {directory / JOURNAL} is missing and no new one is begun beside what is left of it; move "
            f"{directory} away and restore a backup with `consentry restore`",
        )
    if (directory / f"{SESSION}.sealed").exists() and not (directory / KEY_STORE).exists():
        raise Permanent(
            "key-store-lost",
            f"the keys of the chat, {directory / KEY_STORE}, are missing; put them back with `consentry keys restore FILE`, "
            "or do without: `consentry sign-in`, then messages sent to the bot before can't be read",
        )


async def forget_session(config: Config) -> None:
    """End the session for good; the next start signs in as a new device that can read what this one could."""
    async with only_one(config):
        retire_session(KeyRing.load(config.data.keys_directory), config.data.directory)


# ---- running


@dataclass(frozen=True, slots=True)
class Bot:
    """Everything wired. Tests drive its parts by hand; `run` lets them run."""

    kept: Kept
    matrix: Matrix
    dispatch: Dispatch
    inbox: Inbox
    worker: Worker
    policy: Policy
    clock_watch: ClockWatch
    checkpoint_watch: CheckpointWatch | None = None

    async def run(self) -> None:
        """Until a person or the operating system stops it, or it can't go on."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.inbox.pull_for_ever())
            tasks.create_task(self.inbox.drain_for_ever())
            tasks.create_task(self.worker.run_for_ever())
            tasks.create_task(self.clock_watch.run_for_ever())
            if isinstance(self.kept.record, MirroredRecord):
                watch = MirrorWatch(self.kept.journal, self.dispatch, self.kept.record)
                tasks.create_task(watch.run_for_ever())
            if self.checkpoint_watch is not None:
                tasks.create_task(self.checkpoint_watch.run_for_ever())


@asynccontextmanager
async def assembled(config: Config) -> AsyncIterator[Bot]:
    """The bot, signed in and ready."""
    policy = policy_of(config)  # refused texts are told before anything is touched
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(only_one(config))
        require_whole(config)
        kept = await stack.enter_async_context(opened(config))
        kept.vault.clear_unfinished()
        session, seeds = await sign_in(config, kept)
        matrix = await Matrix.start(
            config.homeserver.url, session, config.data.directory / KEY_STORE, kept.keys.matrix_store, seeds
        )
        stack.push_async_callback(matrix.close)
        screener = SandboxedScreener()
        stack.push_async_callback(screener.close)
        purger = SocketPurger(config.purger.socket) if config.purger.socket else NoPurger()
        policy = replace(policy, fingerprint=seeds.identity)
        clock, ids = SystemClock(), RandomIds()
        world = World(
            matrix,
            kept.vault,
            kept.record,
            purger,
            screener,
            SegnoPainter(),
            clock,
            kept.journal,
            policy,
            matrix.verifications,
        )
        dispatch = Dispatch(kept.journal, HOUSE, clock, ids, policy)
        inbox = Inbox(kept.journal, matrix, dispatch, clock)
        worker = Worker(world, dispatch.transaction, HOUSE.deadlines)
        witness = witness_of(config, kept)
        checkpoint_watch = CheckpointWatch(witness, kept.journal, dispatch, clock) if witness else None
        clock_watch = ClockWatch(kept.journal, dispatch, clock)
        yield Bot(kept, matrix, dispatch, inbox, worker, policy, clock_watch, checkpoint_watch)


def witness_of(config: Config, kept: Kept) -> CheckpointDirectory | None:
    """Where the end of the audit log is noted; None when the practice has no place for it."""
    at = config.audit.checkpoints
    if at is None:
        return None
    every, entries = config.audit.checkpoint_every, config.audit.checkpoint_entries
    return CheckpointDirectory(kept.database, at, signing_key(kept.keys), every=every, entries=entries)


async def run(config: Config) -> None:
    """Run until SIGTERM or SIGINT; what was decided is carried out next time."""
    harden()
    async with assembled(config) as bot:
        await set_up(config, bot)
        if not bot.policy.has_purger:
            log.warning("no purger: media stays on the homeserver beyond the bot's reach")
        log.info("ready")
        running = asyncio.create_task(bot.run())
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, running.cancel)
        try:
            await running
        except asyncio.CancelledError:
            log.info("stopped")
        except BaseExceptionGroup as group:
            raise _first(group) from None


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


async def set_up(config: Config, bot: Bot) -> None:
    """The practice's room, and tokens for new accounts, wherever they are still missing."""
    now = SystemClock().now()
    async with bot.kept.journal.transaction() as rows:
        tx = bot.dispatch.transaction(rows)
        wished = any(isinstance(one.intent, OpenRoom) for one in await rows.waiting("due", "held"))
        if await rows.rooms.first(address=rooms.PRACTICE) is None and not wished:
            name = f"{config.practice.name}: team"
            await tx.plan(OpenRoom(rooms.PRACTICE, tx.ids.new(), name, ()), lane=rooms.PRACTICE)
            if not bot.policy.has_purger:
                await tx.tell_practice(wording_practice.no_purger())
    if config.homeserver.embedded and config.homeserver.registration_tokens:
        await _stock_tokens(config.homeserver.registration_tokens, bot.kept.journal, now + config.questions.code)


async def _stock_tokens(path: Path, journal: EncryptedJournal, valid_until: datetime) -> None:
    pool = TokenPool(path)
    for _ in range(TOKENS_KEPT - await journal.free_registration_tokens(valid_until)):
        token = await asyncio.to_thread(pool.take, valid_until + timedelta(days=1))
        if token is None:
            return
        await journal.offer_registration_token(token.token, token.expires)


async def manager_codes(config: Config) -> dict[str, str]:
    """One-time codes for the first managers named in the configuration who are not enrolled yet. Made anew each time."""
    codes: dict[str, str] = {}
    async with only_one(config), opened(config) as kept, kept.journal.transaction() as rows:
        tx = Transaction(rows, SystemClock().now(), RandomIds(), policy_of(config))
        for account in config.managers.accounts:
            person = await rows.people.first(account=account)
            if person is not None and Role.MANAGER in person.roles and person.standing is Standing.ACTIVE:
                continue
            for old in await rows.invitations.find(account=account, role=Role.MANAGER, state=InvitationState.OPEN):
                await rows.invitations.save(replace(old, state=InvitationState.EXPIRED))
            name = account.partition(":")[0].lstrip("@")
            _, codes[account] = await new_invitation(tx, Role.MANAGER, name, "setup", account=account)
    return codes
