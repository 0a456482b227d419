"""Whether journal, record, vault and homeserver agree, and how to mend it when they don't (`consentry doctor --deep`).

Guarantees: looking changes nothing. Repairing needs the bot stopped, destroys nothing that any row names, deletes media
through the purger alone, and leaves all other work to the bot's next start, as intents. Every deviation tells the person who
runs the practice what it is, whether anything is lost, and what to do. People's media that no ledger knows is only reported,
because it may belong to a chat that is none of the bot's. It is erased when that is asked for explicitly, because such a photo
may also have been sent to the bot and deleted while the bot was down.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from bot.config import Config
from bot.config.policy_of import policy_of
from bot.domain.copies import Copy, CopyState, reopened
from bot.domain.document import DocumentState
from bot.domain.entries import EntryKind
from bot.domain.errors import OutsideFailure, Permanent
from bot.domain.identifiers import Account, MediaId
from bot.domain.image import Image, State
from bot.domain.intents import CaptureImage, DestroyImage, DestroySealed, EraseCopy, FileDocument, FileImage, Intent
from bot.domain.planned import Planned, Progress
from bot.domain.policy import Policy
from bot.domain.sealed import SealedObject
from bot.ids import RandomIds, SystemClock
from bot.matrix.homeserver_client import HomeserverClient, path
from bot.matrix.media import MediaRepository
from bot.operate.destroyed_again import Back, destroy_again, what_is_back
from bot.operate.kept import Kept, only_one, opened, register_of
from bot.ports import AuditEntry, Commit
from bot.purger.socket_client import SocketPurger
from storage.outside.outside_register import RegisterFiles
from storage.records.filed import FiledEntry

from .check_homeserver import kept_session
from .check_mirror import torn
from .finding import Deviation


@dataclass(frozen=True, slots=True)
class Deep:
    """What is compared. `client` and `purger` are None where there are none; then nothing is said of the homeserver."""

    kept: Kept
    now: datetime
    bot_account: Account
    client: HomeserverClient | None = None
    purger: SocketPurger | None = None
    erase_peoples: bool = False
    register: RegisterFiles | None = None
    policy: Policy | None = None

    async def deviations(self) -> AsyncIterator[Deviation]:
        async with self.kept.journal.reading() as rows:
            images, copies = await rows.images.every(), await rows.copies.every()
            documents, people = await rows.documents.every(), await rows.people.every()
            waiting = [planned.intent for planned in await rows.waiting(Progress.DUE, Progress.HELD)]
        async for found in self._filed(images):
            yield found
        async for found in self._blobs(images, waiting):
            yield found
        filed = {image.id: image for image in images if image.filed_at is not None}
        for image in images:
            wanted: dict[State, Intent] = {State.RECEIVED: CaptureImage(image.id), State.READY: FileImage(image.id)}
            if image.state in wanted and wanted[image.state] not in waiting:
                yield self._forgotten(f"{image.ref} waits, and nobody is at work on it", wanted[image.state], image.id)
        for document in documents:
            intent = FileDocument(document.id)
            ready = document.state is DocumentState.WRITTEN and document.image_id in filed
            if ready and intent not in waiting:
                what = f"Words about {filed[document.image_id].ref} are not filed, and nobody is at work on it"
                yield self._forgotten(what, intent, document.image_id)
        async for found in self._destroyed():
            yield found
        if self.client is not None:
            async for found in self._chat(self.client, copies, waiting):
                yield found
        if self.purger is not None:
            accounts = [self.bot_account, *(person.account for person in people)]
            async for found in self._unclaimed(self.purger, accounts, copies, images):
                yield found

    # ---- the record and its files

    async def _filed(self, images: list[Image]) -> AsyncIterator[Deviation]:
        record, known = self.kept.record, {image.id for image in images}
        entries = [entry for who in await record.patients() for entry in await record.entries(who.patient_id)]
        ids, readable = {entry.entry_id for entry in entries}, []
        for image in images:
            if image.in_record and image.id not in ids:
                yield Deviation(
                    f"{image.ref} counts as filed, but the record has no entry of it.",
                    "The photo may be lost.",
                    "Keep a copy of the data as it is, and look for it in a backup.",
                )
        for entry in entries:
            if entry.kind is EntryKind.IMAGE and entry.entry_id not in known:
                yield Deviation(
                    f"The record has {entry.about}, which the assistant does not know.",
                    "Nothing is lost: `consentry record show` shows it.",
                    "Data of two times were mixed, perhaps in a restore: restore all of one backup.",
                )
            try:
                whole = await record.read_back(entry.entry_id) == entry.sha256
            except Permanent:
                whole = False
            if whole:
                readable.append(entry)
            else:
                yield await self._damaged(entry)
        if self.kept.mirror is not None:
            async for found in torn(self.kept, self.kept.mirror, readable):
                yield found

    async def _damaged(self, entry: FiledEntry) -> Deviation:
        what = f"The {entry.kind.value} of {entry.about or 'a patient'} can't be read back: its file is missing or damaged."
        sealed, content = entry.sealed, None
        if self.kept.mirror is not None:
            with suppress(OutsideFailure):  # the second copy is away: the doctor says that elsewhere
                content = await self.kept.mirror.content(entry.entry_id)
        if sealed is None or content is None or hashlib.sha256(content).hexdigest() != entry.sha256:
            place = f"objects/{sealed.object_id[:2]}/{sealed.object_id}" if sealed else "of this entry"
            mend = f"Put the file {place} back from a backup, then run this again."
            return Deviation(what, "It is lost here, unless a backup has it.", mend)

        async def put_back(sealed: SealedObject = sealed, content: bytes = content) -> None:
            await self.kept.vault.put_back(sealed, content)
            await self._note("repair.put-back", entry.entry_id)

        return Deviation(what, "Nothing is lost: the second copy has it.", "It can be put back from there.", put_back)

    async def _blobs(self, images: list[Image], waiting: list[Intent]) -> AsyncIterator[Deviation]:
        record = self.kept.record
        entries = [entry for who in await record.patients() for entry in await record.entries(who.patient_id)]
        named = {entry.sealed.object_id for entry in entries if entry.sealed is not None}
        named |= {image.sealed.object_id for image in images if image.sealed is not None}
        named |= {image.id for image in images if image.state is State.RECEIVED}  # its capture may be half done
        going = {intent.object_id for intent in waiting if isinstance(intent, DestroySealed)}
        going |= {intent.image_id for intent in waiting if isinstance(intent, DestroyImage)}
        there = self.kept.vault.object_ids()
        for image in images:
            if image.sealed is not None and image.sealed.object_id not in there:
                yield Deviation(
                    f"The sealed file of {image.ref}, which is not filed yet, is missing.",
                    "The photo is lost here, unless a backup has it.",
                    "Put the file back from a backup, or ask its sender to send it again and write !discard.",
                )
        for orphan in sorted(there - named - going):

            async def remove(object_id: str = orphan) -> None:
                await self.kept.vault.destroy(object_id)
                await self._note("repair.object-removed", object_id)

            yield Deviation(
                "A sealed file belongs to nothing, and no key for it is left.",
                "Nothing is lost: nobody can open it.",
                "It can be removed.",
                remove,
            )

    async def _destroyed(self) -> AsyncIterator[Deviation]:
        if self.register is None or self.policy is None:
            return
        lines = (await self.register.noted()).lines
        async with self.kept.journal.reading() as rows:
            found = await what_is_back(rows, lines)
        for back in found:

            async def again(back: Back = back, policy: Policy = self.policy) -> None:
                kept = self.kept
                await destroy_again(kept.journal, kept.record, kept.vault, policy, self.now, [back.line])

            yield Deviation(
                f"{back.line.ref} was destroyed on {back.line.decided_at:%Y-%m-%d}, and is back: an older backup was put back.",
                "Nothing is lost.",
                _what_to_do(back),
                None if back.stays else again,
            )

    # ---- the homeserver

    async def _chat(
        self, client: HomeserverClient, copies: list[Copy], waiting: list[Intent]
    ) -> AsyncIterator[Deviation]:
        media, here = MediaRepository(client), f"mxc://{self.bot_account.partition(':')[2]}/"
        planned = {erasure.copy_id for erasure in waiting if isinstance(erasure, EraseCopy)}
        for copy in copies:
            if copy.id in planned or not (copy.event_id or copy.mxc):
                continue
            overdue = copy.purge_after is not None and copy.purge_after <= self.now
            if copy.state is CopyState.ERASING or (copy.state is CopyState.KNOWN and overdue):
                yield self._not_erased(
                    copy, "should have been removed from the chat by now, and nobody is at work on it"
                )
            elif copy.state is CopyState.GONE and copy.mxc.startswith(here) and not await media.is_gone(copy.mxc):
                yield self._not_erased(copy, "counts as gone, and the homeserver still serves it")
            elif copy.state is CopyState.HIDDEN and copy.event_id and await _still_shown(client, copy):
                yield self._not_erased(copy, "counts as deleted, and the homeserver still shows it")

    def _not_erased(self, copy: Copy, why: str) -> Deviation:
        async def erase_again() -> None:
            # All copies of one message in one commit: any that still counted as deleted would vouch for it.
            async with self.kept.journal.transaction() as rows:
                for same in await rows.copies.like(copy):
                    await rows.copies.save(reopened(same))
                    await self._plan(rows, EraseCopy(same.id), "")
                    was = {"was": same.state.value}
                    await rows.audit(AuditEntry("bot", "repair.copy-reopened", same.id, was), self.now)

        return Deviation(
            f"A chat copy ({copy.what.value}) {why}.",
            "Nothing is lost; the record has it.",
            "It can be put on the list again: the assistant removes it after its next start.",
            erase_again,
        )

    async def _unclaimed(
        self, purger: SocketPurger, accounts: list[Account], copies: list[Copy], images: list[Image]
    ) -> AsyncIterator[Deviation]:
        claimed = {copy.mxc for copy in copies if copy.mxc}
        claimed |= {MediaId(str(image.attachment.get("url", ""))) for image in images}
        for account in dict.fromkeys(accounts):
            try:
                uploaded = await purger.media_of(account, self.now)
            except OutsideFailure:
                continue  # nobody of this homeserver, or it does not tell; the purger itself is a finding of its own
            own = account == self.bot_account
            for mxc in sorted(set(uploaded) - claimed):

                async def erase(mxc: MediaId = mxc, account: Account = account) -> None:
                    await purger.erase_media(mxc, account)
                    await self._note("repair.media-erased", mxc)

                yield Deviation(
                    f"Encrypted media lies on the homeserver that no ledger knows, uploaded by {account}.",
                    "Nothing is lost. Nobody without its key can open it."
                    if own
                    else "Perhaps a photo that was sent and deleted while the assistant was down: then it was never filed.",
                    "It can be erased."
                    if own
                    else "Ask them. It may belong to another chat of theirs; if not, erase it with --unclaimed-media.",
                    erase if own or self.erase_peoples else None,
                )

    # ---- mending

    def _forgotten(self, what: str, intent: Intent, lane: str) -> Deviation:
        async def plan() -> None:
            async with self.kept.journal.transaction() as rows:
                await self._plan(rows, intent, lane)
                await rows.audit(AuditEntry("bot", "repair.planned", lane, {"kind": intent.kind}), self.now)

        return Deviation(
            f"{what}.", "Nothing is lost.", "It can be put on the list again: it goes on after the next start.", plan
        )

    async def _plan(self, rows: Commit, intent: Intent, lane: str) -> None:
        await rows.plan(Planned(RandomIds().new(), lane, self.now, intent, planned_at=self.now))

    async def _note(self, action: str, subject: str) -> None:
        async with self.kept.journal.transaction() as rows:
            await rows.audit(AuditEntry("bot", action, subject, {}), self.now)


async def _still_shown(client: HomeserverClient, copy: Copy) -> bool:
    answer = await client.ask("GET", path("rooms", copy.room_id, "event", copy.event_id))
    return answer.status == 200 and bool(answer.body.get("content"))


@asynccontextmanager
async def opened_deep(config: Config, *, repair: bool, erase_peoples: bool) -> AsyncIterator[Deep]:
    """Open everything that is compared. To repair, the bot must be stopped (else `AlreadyRunning`)."""
    async with AsyncExitStack() as stack:
        if repair:
            await stack.enter_async_context(only_one(config))
        kept = await stack.enter_async_context(opened(config, read_only=not repair))
        signed_in = kept_session(config, kept)
        client = HomeserverClient(config.homeserver.url, signed_in.access_token) if signed_in else None
        if client is not None:
            stack.push_async_callback(client.close)
        purger = SocketPurger(config.purger.socket) if config.purger.socket else None
        register, policy = register_of(config, kept.keys), policy_of(config)
        now, account = SystemClock().now(), config.homeserver.user
        yield Deep(kept, now, account, client, purger, erase_peoples, register, policy)


def _what_to_do(back: Back) -> str:
    if back.held_by_law:
        return "A legal hold keeps it. Once a manager has ended the hold, run this again."
    return f"Once it is filed, write !destroy {back.line.ref}." if back.on_its_way else "It can be destroyed again."
