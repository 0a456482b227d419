"""Whether everything is in place that the bot needs, and how to mend it (`consentry doctor`).

Guarantees: `examine` changes nothing and may run beside the bot; a check that fails keeps no other from being made; findings
hold no secret and nothing about patients. Each finding says what was observed, not what the configuration claims. `deep`
compares journal, record, vault, second copy and homeserver (`--deep`); only its `--repair` changes anything, with the bot
stopped.
"""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from bot.config import Config
from bot.ids import SystemClock

from .check_copies import further_copies
from .check_homeserver import homeserver, purger
from .check_machine import disk, hours, keys, modes, theft, wording
from .check_page import page
from .check_pictures import pictures
from .check_record import audit_log, destroyed, filed, open_record, second_copy, vault_key
from .finding import Finding

__all__ = ["Finding", "examine"]


async def examine(config: Config, source: Path | None = None) -> list[Finding]:
    """Make every check, in the order in which mending helps. `source` is the configuration file."""
    findings = [hours(config, SystemClock().now()), wording(config), *modes(config, source), disk(config)]
    async with AsyncExitStack() as stack:
        findings += [keys(config), theft(config)]
        kept, record = await open_record(stack, config)
        findings.append(record)
        if kept is not None:
            findings += [finding async for finding in filed(kept)]
            findings.append(await vault_key(kept))
            findings.append(await audit_log(config, kept))
            findings.append(await destroyed(config, kept))
        findings.append(await second_copy(config, kept))
        if kept is not None:
            findings += [finding async for finding in further_copies(config, kept)]
        findings += [finding async for finding in homeserver(config, kept)]
    findings.append(await purger(config))
    findings += [finding async for finding in page(config)]
    findings.append(await pictures())
    return findings
