"""The bot, put together: the only place that knows every part by name.

Starting up means opening what is kept, signing in, and running inbox and worker; there is no recovery code. The bot refuses to
run twice on one data directory, unsigned, or with keys or a database that it can't trust.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from bot.config import Config
from bot.config.policy_of import policy_of
from bot.core.dispatch import Dispatch
from bot.core.effects import World
from bot.core.effects.erase import ask_again
from bot.core.effects.world import BytesInFlight
from bot.core.further_copies import FurtherCopies
from bot.core.inbox import FIRST_PAUSE, LONGEST_PAUSE, Inbox
from bot.core.packing import Packing
from bot.core.watches.clock_jumps import ClockWatch
from bot.core.watches.deliver import DeliveryWatch
from bot.core.watches.note_checkpoints import CheckpointWatch
from bot.core.worker import Worker
from bot.domain import rooms
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.intents import OpenRoom
from bot.domain.policy import Policy
from bot.homeserver import TokenPool
from bot.ids import RandomIds, SystemClock
from bot.imaging.qr import SegnoPainter
from bot.imaging.screener import SandboxedScreener
from bot.imaging.summary_pdf import SummaryPage
from bot.matrix.gateway import Matrix
from bot.ports import Clock
from bot.purger.socket_client import NoPurger, SocketPurger
from bot.stop_signals import stop_when_told
from bot.words import to_the_team
from handlers import HOUSE

from .allocator import return_large_blocks
from .kept import KEY_STORE, Kept, only_one, opened, register_of, require_whole, witness_of
from .signed_in_device import sign_in
from .token_stock import TokenStock

log = logging.getLogger("consentry")


def harden() -> None:
    """Keep files private to the owner, dump no core, give memory back, and let logs hold ids and states only."""
    return_large_blocks()
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name in ("nio", "peewee", "sqlalchemy", "aiohttp", "asyncio", "PIL", "alembic"):
        logging.getLogger(name).setLevel(logging.ERROR)
    logging.getLogger("nio.events.misc").disabled = True


@dataclass(frozen=True, slots=True)
class Bot:
    """All the parts, wired. Tests drive them by hand; `run` lets them run."""

    kept: Kept
    matrix: Matrix
    dispatch: Dispatch
    inbox: Inbox
    worker: Worker
    policy: Policy
    further: FurtherCopies
    clock_watch: ClockWatch
    checkpoint_watch: CheckpointWatch | None = None
    tokens: TokenStock | None = None

    async def run(self) -> None:
        """Run until a person or the operating system stops it, or it can't go on."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.inbox.pull_for_ever())
            tasks.create_task(self.inbox.drain_for_ever())
            tasks.create_task(self.worker.run_for_ever())
            tasks.create_task(self.clock_watch.run_for_ever())
            for place in self.kept.places:
                watch = DeliveryWatch(self.kept.journal, self.dispatch, self.kept.record, self.further, place)
                tasks.create_task(watch.run_for_ever())
            if self.checkpoint_watch is not None:
                tasks.create_task(self.checkpoint_watch.run_for_ever())
            if self.tokens is not None:
                tasks.create_task(self.tokens.run_for_ever())


@asynccontextmanager
async def assembled(config: Config) -> AsyncIterator[Bot]:
    """Put the bot together, signed in and ready."""
    policy = policy_of(config)  # bad texts are reported before anything is touched
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
        in_flight = BytesInFlight()
        dispatch = Dispatch(kept.journal, HOUSE, clock, ids, policy)
        packing = Packing(kept.journal, screener, SummaryPage(), clock, policy)
        further = FurtherCopies(kept.journal, dispatch, kept.record, kept.places, packing, clock, in_flight)
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
            register_of(config, kept.keys),
            further,
            in_flight,
        )
        inbox = Inbox(kept.journal, matrix, dispatch, clock)
        worker = Worker(world, dispatch.transaction, HOUSE.deadlines)
        witness = witness_of(config, kept)
        checkpoint_watch = CheckpointWatch(witness, kept.journal, dispatch, clock) if witness else None
        clock_watch = ClockWatch(kept.journal, dispatch, clock)
        yield Bot(
            kept,
            matrix,
            dispatch,
            inbox,
            worker,
            policy,
            further,
            clock_watch,
            checkpoint_watch,
            _token_stock(config, kept, clock),
        )


async def run(config: Config) -> None:
    """Run until told to stop; what was decided by then is carried out next time."""
    harden()
    stop_when_told()
    try:
        async with AsyncExitStack() as parts:
            bot = await _as_soon_as_it_can(parts, config)
            await set_up(config, bot)
            if not bot.policy.has_purger:
                log.warning("no purger: media stays on the homeserver beyond the bot's reach")
            log.info("ready")
            await bot.run()
    except asyncio.CancelledError:
        log.info("stopped")
    except BaseExceptionGroup as group:
        raise _first(group) from None


async def _as_soon_as_it_can(parts: AsyncExitStack, config: Config) -> Bot:
    """Assemble the bot, and try again while the outside world fails; nothing stays open between two tries.

    After a power cut the homeserver may need longer than the bot.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            return await parts.enter_async_context(assembled(config))
        except OutsideFailure as trouble:
            if isinstance(trouble, Permanent):
                raise
            wait = trouble.retry_after or pause
            said = "can't start at the moment (%s), next try in %.0f s; `consentry doctor` helps to find the cause"
            log.warning(said, trouble, wait)
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first


async def set_up(config: Config, bot: Bot) -> None:
    """Make the practice's room and stock registration tokens where they are missing.

    Media that the bot gave up is asked for again, because it may be within reach now. Of a place that was taken out of the
    configuration it is said which copies lie there under the wrong patient.
    """
    async with bot.kept.journal.transaction() as rows:
        tx = bot.dispatch.transaction(rows)
        wished = any(isinstance(planned.intent, OpenRoom) for planned in await rows.waiting("due", "held"))
        if await rows.rooms.at(rooms.PRACTICE) is None and not wished:
            name = f"{config.practice.name}: team"
            await tx.plan(OpenRoom(rooms.PRACTICE, tx.ids.new(), name, ()), lane=rooms.PRACTICE)
            if not bot.policy.has_purger:
                await tx.tell_practice(to_the_team.no_purger())
        if bot.policy.has_purger:
            await ask_again(tx)
    await bot.further.give_up_what_moved_before()
    if bot.tokens is not None:
        await bot.tokens.fill()


def _token_stock(config: Config, kept: Kept, clock: Clock) -> TokenStock | None:
    path = config.homeserver.registration_tokens
    if not (config.homeserver.embedded and path):
        return None
    return TokenStock(TokenPool(path), kept.journal, clock, config.questions.code)
