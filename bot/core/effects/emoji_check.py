"""Verify: one step of a check by emoji, and vouching for an identity that was compared.

Doing it twice is safe: a step is recognised by its intent, and a second signature is the same. After a restart nothing is left
of a check, and it ends with a word to both sides.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.transaction import Transaction
from bot.domain.errors import Permanent
from bot.domain.intents import Remind, SignIdentity, StepVerification
from bot.domain.planned import Planned
from bot.domain.reminders import Reminder
from bot.domain.verification import OPEN, Reached, Stage, moved

from .world import World

_TOLD: Mapping[Stage, Reminder] = {
    Stage.SHOWN: "emoji-shown",
    Stage.VERIFIED: "emoji-verified",
    Stage.ENDED: "emoji-ended",
}


async def perform(world: World, intent: StepVerification, planned: Planned) -> Reached | None:
    async with world.journal.reading() as rows:
        check = await rows.verifications.get(intent.verification_id)
    if check.stage not in OPEN and intent.event != "give-up":
        return None
    return await world.verifier.step(check, intent.event, intent.content, key=planned.id)


async def settle(tx: Transaction, intent: StepVerification, reached: Reached | None) -> None:
    before = await tx.rows.verifications.get(intent.verification_id)
    if reached is None or before.stage not in OPEN:
        return
    after = await tx.rows.verifications.save(moved(before, reached))
    if after.stage is not before.stage:
        await tx.audit("bot", f"verification.{after.stage.value}", after.id, because=after.because)
        if after.stage in _TOLD:
            await tx.plan(Remind(_TOLD[after.stage], after.id))


async def fail(tx: Transaction, intent: StepVerification, why: Permanent) -> None:
    """End the check: the other side can't be told, as the room is closed to the bot, or has become what it should not be."""
    await settle(tx, intent, Reached(Stage.ENDED, because=why.code))


async def sign(world: World, intent: SignIdentity) -> None:
    await world.verifier.sign_identity(intent.account, intent.identity)


async def signed(tx: Transaction, intent: SignIdentity, _nothing: None) -> None:
    await tx.audit("bot", "identity.signed", intent.account, identity=intent.identity)


async def not_signed(tx: Transaction, intent: SignIdentity, why: Permanent) -> None:
    """Note that the identity was not signed, as it changed again: people who write under the new one are not heard anyway."""
    await tx.audit("bot", "identity.not-signed", intent.account, why=why.code)
