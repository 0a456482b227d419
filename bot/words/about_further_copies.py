"""What the bot says of the further copies of the record: in the practice's room, in `!status`, in receipts, and at the computer."""

from __future__ import annotations

from typing import Final

from bot.domain.assurance import Residue
from bot.domain.destination import Destination

_WHY: Final = {
    "away": "it is not there. Is the disk plugged in, the share mounted?",
    "hangs": "it does not answer, as a share does whose other end is gone. Is that computer on, the network up?",
    "full": "it is full. Make room there.",
    "differs": "what is read back from it is not what was written. That disk may be dying: replace it.",
}


def _named(to: Destination) -> str:
    return "The second copy of the record" if to.sealed else f"“{to.name}”, which gets copies of the record"


def well_again(to: Destination) -> str:
    whole = "is complete again" if to.sealed else "works again, and has got all that waited"
    return f"{_named(to)}{'' if to.sealed else ','} {whole}. Nothing needs to be done."


def trouble(to: Destination, why: str) -> str:
    reason = _WHY.get(why, "it can't be written to.")
    if to.wait is None:
        meanwhile = "Photos are still filed, and their copies wait here until it works."
    else:
        copies = "there are two copies" if to.sealed else "their copy is there"
        meanwhile = f"Photos are still filed, and stay in the chat until {copies}."
    return f"{_named(to)}: {reason} {meanwhile} On the computer I run on, consentry doctor says more."


def refused(name: str, ref: str, why: str) -> str:
    what = ref or "Something in the record"
    return (
        f"{what} can't be copied to “{name}” ({why}). It is safe in the record. If there are more today, !status counts them; "
        f"on the computer I run on, consentry destinations list says which."
    )


def wrong_copy_stays(name: str, ref: str, residue: Residue) -> str:
    """Say that a copy under the wrong patient is still out there; whose record it was is not said."""
    how = "keeps older versions of it" if residue is Residue.OLD_VERSIONS else "is out of my reach"
    return (
        f"{ref or 'An entry'} was moved to another record. Its copy in “{name}” {how}: "
        "please have it removed there from the patient it was first filed for."
    )
