"""`doctor --deep` on a real homeserver with a real purger: each kind of deviation is planted, found, told and mended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.domain.copies import Copy, CopyState, What
from bot.domain.identifiers import NO_PATIENT, Account, CopyId, EventId, ImageId, MediaId, RoomId
from bot.domain.image import Image, State
from bot.ids import SystemClock
from bot.matrix.homeserver_client import HomeserverClient
from bot.operate.doctor.deep import Deep
from bot.operate.doctor.finding import Deviation
from bot.operate.kept import Kept
from storage.vault.master_keys import MasterKeys
from tests.cases import Shared, shared_practice
from tests.homeserver import Homeserver
from tests.purger import PurgerProcess


def upload(homeserver: Homeserver, token: str) -> str:
    _, answer = homeserver.ask("POST", "/_matrix/media/v3/upload", b"ciphertext", token)
    return str(json.loads(answer)["content_uri"])


def posted(homeserver: Homeserver, token: str) -> tuple[str, str]:
    """A room with one event in it."""
    _, answer = homeserver.ask("POST", "/_matrix/client/v3/createRoom", b"{}", token)
    room = str(json.loads(answer)["room_id"])
    content = b'{"msgtype": "m.text", "body": "ciphertext"}'
    path = f"/_matrix/client/v3/rooms/{room}/send/m.room.message/one"
    return room, str(json.loads(homeserver.ask("PUT", path, content, token)[1])["event_id"])


async def told(deep: Deep) -> list[Deviation]:
    return [one async for one in deep.deviations()]


async def planted(shared: Shared, homeserver: Homeserver, token: str, directory: Path) -> dict[str, str]:
    """One of each kind that can be mended; what the homeserver has of them."""
    practice, now = shared.practice, shared.practice.clock.now()
    await practice.vault.seal("orphan", NO_PATIENT, b"nobody's")
    room, event = posted(homeserver, token)
    served = upload(homeserver, token)
    owner = homeserver.uploader
    async with practice.journal.transaction() as rows:
        sam = await rows.people.get(shared.image.sender_id)
        await rows.people.save(replace(sam, account=Account(owner)))
        stuck = Image(ImageId("stuck"), "IMG-9999", sam.id, RoomId("!r"), EventId("$stuck"), now, State.RECEIVED)
        await rows.images.add(stuck)
        await rows.copies.add(
            Copy(
                CopyId("served"),
                What.RENDITION,
                mxc=MediaId(served),
                owner=Account(owner),
                state=CopyState.GONE,
                settled_at=now,
            ),
            Copy(
                CopyId("shown"),
                What.POST,
                RoomId(room),
                EventId(event),
                state=CopyState.HIDDEN,
                settled_at=now,
                hidden_until=now,
            ),
            Copy(CopyId("late"), What.POST, RoomId(room), EventId(event), purge_after=now - timedelta(days=1)),
        )
    return {"own": upload(homeserver, token), "theirs": homeserver.upload(b"ciphertext"), "served": served}


async def test_each_kind_is_found_told_and_mended_and_people_decide_the_rest(
    homeserver: Homeserver, tmp_path: Path
) -> None:
    bot = homeserver.account("bot")
    token = homeserver.token(bot)
    process = PurgerProcess(tmp_path / "purger", homeserver.url, homeserver.admin_token).start()
    client = HomeserverClient(homeserver.url, token)
    try:
        async with shared_practice(tmp_path / "data") as shared:
            practice = shared.practice
            await practice.after(hours=26)
            later = SystemClock().now() + timedelta(hours=1)  # after all that is uploaded below
            masters = MasterKeys(practice.database, practice.keys)
            stores = (practice.journal, practice.vault, practice.record)
            kept = Kept(practice.keys, masters, practice.database, *stores)
            deep = Deep(kept, later, Account(bot.user_id), client, process.client)
            assert await told(deep) == []
            media = await planted(shared, homeserver, token, tmp_path / "data")
            # What looks is told of everything, and changes nothing.
            found = await told(deep)
            said = "\n".join(one.what for one in found)
            for what in (
                "belongs to nothing",
                "IMG-9999 waits",
                "still serves it",
                "still shows it",
                "by now, and nobody is at work",
                f"no ledger knows, uploaded by {bot.user_id}",
                f"no ledger knows, uploaded by {homeserver.uploader}",
            ):
                assert what in said, said
            assert [one.what for one in await told(deep)] == [one.what for one in found]
            assert all(one.what.endswith(".") and one.lost and one.mend for one in found)
            # Mended is what is the bot's; what people uploaded is left until it is asked for.
            for one in found:
                if one.repair is not None:
                    await one.repair()
            assert homeserver.download_status(media["own"]) == 404
            assert homeserver.download_status(media["theirs"]) == 200
            assert "orphan" not in practice.vault.object_ids()
            left = await told(deep)
            assert [one.repair for one in left] and {one.repair for one in left} == {None}
            assert any("Ask them" in one.mend for one in left)
            async with practice.journal.reading() as rows:
                waiting = {one.intent.kind for one in await rows.waiting("due")}
                assert (await rows.copies.get(CopyId("served"))).state is CopyState.KNOWN
            assert {"capture-image", "erase-copy"} <= waiting
            for one in await told(replace(deep, erase_peoples=True)):
                if one.repair is not None:
                    await one.repair()
            assert homeserver.download_status(media["theirs"]) == 404
            assert await told(deep) == []
            # A file that is lost is said to be lost, and nothing pretends to mend it.
            next((tmp_path / "data" / "objects").rglob(shared.image.id)).unlink()
            (lost,) = await told(deep)
            assert "missing or damaged" in lost.what and "backup" in lost.mend and lost.repair is None
            assert await practice.audit_is_whole()
    finally:
        await client.close()
        process.stop()
