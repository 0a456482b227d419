"""Where further copies of the record go, and what may go there. None replaces the record: it is filed and read back first.

What the purge waits for is chosen by the practice, up to what the kind of place can show. What never leaves: purge receipts,
what a file says of itself, and proofs, which are keys and decrypted messages. What is concealed from the patient (R13a), or held
back from anybody (R33a), goes only where staff alone read. A sealed copy opens with the practice's own keys alone, so it holds
everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from .assurance import CopyForm, Level
from .entries import CONCEALED, EntryKind

SECOND_COPY: Final = "second copy"  # the sealed one on another disk, which `[record] mirror` names
DestinationKind = Literal["folder", "fhir", "dicomweb", "hl7-folder"]
LEAVE: Final = frozenset(EntryKind) - {EntryKind.RECEIPT, EntryKind.ORIGIN}
PROOF: Final = "proof"  # the name of a fact, wherever it stands


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a kind of place can show of a copy, in which forms it takes one, and whether it files by family and given names.

    `is_archive`: it keeps baseline JPEGs and PDFs, nothing else, under numbers made of our ids. `takes_page`: a page to read
    goes beside what else is copied.
    """

    shows: frozenset[Level]
    default_form: CopyForm
    names_apart: bool = False
    is_archive: bool = False
    takes_page: bool = True


CAPABILITIES: Mapping[DestinationKind, Capabilities] = MappingProxyType(
    {
        "folder": Capabilities(frozenset({Level.TAKEN}), CopyForm.CLEAN),
        "fhir": Capabilities(frozenset({Level.VERIFIED}), CopyForm.ORIGINAL, takes_page=False),
        "dicomweb": Capabilities(frozenset({Level.VERIFIED}), CopyForm.ORIGINAL, is_archive=True, takes_page=False),
        "hl7-folder": Capabilities(frozenset({Level.ACCEPTED, Level.TAKEN}), CopyForm.SUMMARY, names_apart=True),
    }
)


@dataclass(frozen=True, slots=True)
class Destination:
    """One place that gets further copies, as the practice configured it. `wait`: None holds up no purge."""

    name: str
    form: CopyForm = CopyForm.ORIGINAL
    wait: Level | None = None
    staff_only: bool = False
    sealed: bool = False
    is_archive: bool = False
    takes_page: bool = True

    def takes(self, kind: EntryKind, facts: Mapping[str, Any]) -> bool:
        """Return whether such an entry goes there at all, as far as the entry itself says."""
        if self.sealed:
            return True
        return kind in LEAVE and (self.staff_only or not facts.get(CONCEALED))


THE_SECOND_COPY: Final = Destination(SECOND_COPY, wait=Level.VERIFIED, sealed=True)


def without_proofs(facts: Any) -> Any:
    """Return facts without any proof, however deep it stands."""
    match facts:
        case dict():
            return {name: without_proofs(fact) for name, fact in facts.items() if name != PROOF}
        case list():
            return [without_proofs(fact) for fact in facts]
    return facts
