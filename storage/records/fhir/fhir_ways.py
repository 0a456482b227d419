"""How bytes go to one FHIR server, which it does not say: it is found out and noted, and found out anew where it is refused.

A server may get another version, or stand behind another gateway: what it took for months it may not take any more.
"""

from __future__ import annotations

from bot.domain.errors import OutsideFailure
from storage.records.place_notes import Note, PlaceNotes

from .fhir_binaries import Probe, Upload, probed, trial_id
from .fhir_server import FhirTalk

REFUSALS = frozenset({"not-accepted", "too-large", "unwell"})  # what a server says that takes bytes in another way now


class UploadWays:
    """The port `FoundOut` on one server."""

    def __init__(self, url: str, patient_identifier: str, notes: PlaceNotes) -> None:
        self._about = f"upload {url}"
        self._notes = notes
        self._trial, self._other_trial = (trial_id(f"{url}\n{patient_identifier}{which}") for which in ("", "\ntry"))

    async def noted(self) -> str:
        return (await self._notes.about(self._about)).get("way", "")

    async def forget(self) -> None:
        await self._notes.keep(self._about, {})

    async def now(self, talk: FhirTalk) -> Upload:
        """Return how bytes go there; find it out the first time."""
        noted = await self.noted()
        return Upload(noted) if noted else await self._kept(await probed(talk, self._trial))

    async def instead_of(self, way: Upload, talk: FhirTalk, why: OutsideFailure) -> Upload:
        """Return another way than the one that was refused, once it was found out anew; raise the refusal where there is none."""
        if str(why).partition(":")[0] not in REFUSALS:
            raise why
        found = await probed(talk, self._trial)
        if not found.is_sure or await self._kept(found) is way:
            raise why
        return found.way

    async def tried(self, talk: FhirTalk) -> Upload:
        """Find it out anew beside a bot that runs, and note it."""
        return await self._kept(await probed(talk, self._other_trial))

    async def _kept(self, found: Probe) -> Upload:
        if found.is_sure:
            await self._notes.keep(self._about, Note(way=found.way.value))
        return found.way
