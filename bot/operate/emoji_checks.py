"""What `consentry verify` reads and writes beside the running bot: checks that wait for somebody to compare, and the answer.

The emoji live in the running bot, so without it there is nothing to compare.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.config import Config
from bot.config.policy_of import policy_of
from bot.core.transaction import Transaction
from bot.domain.errors import Permanent
from bot.domain.identifiers import OPERATOR, VerificationId
from bot.domain.people import Person
from bot.domain.verification import Stage, Verification
from bot.ids import RandomIds, SystemClock
from handlers.people import compare_emoji

from .kept import AlreadyRunning, only_one, opened


async def require_running_bot(config: Config) -> None:
    try:
        async with only_one(config):
            pass
    except AlreadyRunning:
        return
    raise Permanent("not-running", "the bot is not running, and comparing emoji needs it; start `consentry run` first")


async def waiting(config: Config) -> Sequence[tuple[Verification, Person]]:
    """Return the checks whose emoji are shown now and were not compared yet, each with its person."""
    async with opened(config, read_only=True) as kept, kept.journal.reading() as rows:
        shown = await rows.verifications.not_compared()
        return [(check, await rows.people.get(check.person_id)) for check in shown]


async def decide(config: Config, check_id: VerificationId, same: bool) -> None:
    """Record what the operator said on comparing. `Refused` when the check is over."""
    async with opened(config) as kept, kept.journal.transaction() as rows:
        tx = Transaction(rows, SystemClock().now(), RandomIds(), policy_of(config))
        await compare_emoji.decide(await rows.verifications.get(check_id), OPERATOR, same, tx)


async def stage_of(config: Config, check_id: VerificationId) -> Stage:
    async with opened(config, read_only=True) as kept, kept.journal.reading() as rows:
        return (await rows.verifications.get(check_id)).stage
