"""The first managers, who enrol everybody else: named in the configuration, let in by a code made here."""

from __future__ import annotations

from dataclasses import replace

from handlers.enrol import new_invitation

from .config import Config
from .config.policy import policy_of
from .domain.invitations import InvitationState
from .domain.people import Role, Standing
from .ids import RandomIds, SystemClock
from .kept import only_one, opened
from .transaction import Transaction


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
