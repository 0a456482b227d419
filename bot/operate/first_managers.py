"""The first managers, who enrol everybody else: named in the configuration, let in by a code made here."""

from __future__ import annotations

from collections.abc import Mapping

from bot.config import Config
from bot.config.policy_of import policy_of
from bot.core.transaction import Transaction
from bot.domain.identifiers import SETUP, Account
from bot.domain.invitee import Invitee
from bot.domain.people import Role, Standing
from bot.ids import RandomIds, SystemClock
from handlers.people.end_invitations import WAITING, Why, close_invitations
from handlers.people.enrol import new_invitation

from .kept import only_one, opened


async def manager_codes(config: Config, clinicians: Mapping[Account, str] | None = None) -> dict[Account, str]:
    """Return one-time codes for the first managers named in the configuration who are not enrolled yet. Made anew each time.

    `clinicians` names those of them who are doctors too: by account, with the name patients know them by. Nobody redeems an
    invitation they made themselves (R33), so they get both roles here.
    """
    codes: dict[Account, str] = {}
    doctors = clinicians or {}
    async with only_one(config), opened(config) as kept, kept.journal.transaction() as rows:
        tx = Transaction(rows, SystemClock().now(), RandomIds(), policy_of(config))
        for account in config.managers.accounts:
            person = await tx.holder(account)
            here = person if person is not None and person.standing is not Standing.LEFT else None
            wanted = {Role.MANAGER, Role.CLINICIAN} if account in doctors else {Role.MANAGER}
            if here is not None and wanted <= here.roles and here.standing is Standing.ACTIVE:
                continue
            earlier = await rows.invitations.for_managers(account, WAITING)
            await close_invitations(tx, earlier, Why.WRITTEN_ANEW)
            name = doctors.get(account) or (here.name if here else account.partition(":")[0].lstrip("@"))
            invitee = Invitee(Role.MANAGER, name, account=account, and_clinician=account in doctors)
            _, codes[account] = await new_invitation(invitee, SETUP, tx)
    return codes
