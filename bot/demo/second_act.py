"""Second act: Sam, who has an app, sends a photo; it is filed, read back and purged, Dr Lee looks and replies."""

from __future__ import annotations

import asyncio
import re
import time

from bot.domain.identifiers import EventId, MediaId

from .players import Play, is_clean

CAPTION = "rash on my arm, three days"
FILE_NAME = "IMG_20261123_sams_left_arm.jpg"
REPLY = "use the cream twice a day"
ANSWER = "thank you, it itches less already"
NOTE = "contact dermatitis, no sign of infection"


async def second_act(play: Play) -> tuple[EventId, MediaId]:
    """Play it; return event and media id of the picture shown to Dr Lee, which must fade."""
    await _sam_is_enrolled(play)
    await _sam_sends_a_photo(play)
    shown = await _lee_looks(play)
    await _they_talk(play)
    await _what_is_held(play)
    return shown


async def _sam_is_enrolled(play: Play) -> None:
    invited = await play.enrol(f'!enrol patient 10421 "{play.stage.written("Sam", "Patel")}" 1984-03-07')
    assert invited.token is not None
    picture = await play.step("Kim has a QR picture to hand over", play.kim.sees(msgtype="m.image"))
    play.promises.saw(
        "An invitation is a code, an address, a fingerprint and a QR picture",
        "fingerprint" in invited.words and picture["encrypted"],
        "seen by Kim's app, encrypted",
    )
    await play.stage.register_with_token("sam", invited.token)
    play.sam = await play.enters(
        "sam", invited.code, "Sam makes an account, writes code and birthday", proof="7 March 1984"
    )


async def _sam_sends_a_photo(play: Play) -> None:
    sam, lee = play.sam, play.lee
    place = play.stage.home / "sams-phone"
    place.mkdir()
    photo = place / FILE_NAME
    photo.write_bytes(play.photo)
    mark, team_mark = await sam.mark(), await lee.mark()
    began = time.monotonic()
    sending = sam.app.aio.send_image(sam.room, str(photo), caption=CAPTION, thumbnail=str(photo))
    sent_as = await play.step(f"Sam sends a photo: “{CAPTION}”", sending)
    sent = await asyncio.to_thread(sam.app.event, sent_as)
    on_server = await asyncio.to_thread(sam.app.server_event, sam.room, sent_as)
    play.promises.saw(
        "The homeserver sees only ciphertext",
        on_server["type"] == "m.room.encrypted" and "body" not in on_server["content"],
        f"the event as the server stores it: {on_server['type']}, {on_server['content'].get('algorithm')}",
    )
    said = await sam.hears("^I have your photo", after=mark)
    play.ref = (re.search(r"IMG-[0-9A-Z]{4}", said) or [""])[0]
    play.tell("consentry → Sam", said)
    right = CAPTION in said and "nothing else" in said and "correct" in said and "000" in said
    play.promises.saw("One message back: reference, purpose, reason, what consent covers", right, "read by Sam's app")
    news = await lee.hears(f"New image {play.ref}", room=play.team, after=team_mark)
    play.tell("consentry → team", news)
    nameless = "Sam" not in news and "Patel" not in news
    play.promises.saw("The practice hears at once, without a name", nameless, "read by Dr Lee's app in the team room")
    await play.step("Filed, read back, compared; then purged", sam.sees_redacted(sent_as))
    play.promises.saw(
        "The photo is filed and read back before it leaves the chat",
        True,
        f"redacted {time.monotonic() - began:.1f} s after Sam pressed send; the record is read below",
    )
    mxcs = [sent["content"]["file"]["url"], sent["content"]["info"]["thumbnail_file"]["url"]]
    play.sent = (sent_as, *mxcs)
    play.promises.saw(
        "Photo and thumbnail are gone from the homeserver",
        all([await sam.is_gone(mxc) for mxc in mxcs]),
        "Sam's app asks for both media ids: 404, twice",
    )
    left = await asyncio.to_thread(sam.app.server_event, sam.room, sent_as)
    play.promises.saw("The message is redacted", not left["content"], "the event as the server gives it out: {}")


async def _lee_looks(play: Play) -> tuple[EventId, MediaId]:
    lee = play.lee
    mark = await lee.mark()
    await lee.says(f"!mine {play.ref}", play.team)
    await lee.hears("is yours", room=play.team, after=mark)
    await lee.says(f"!show {play.ref}")
    shown = await play.step(f"Dr Lee asks !show {play.ref}", lee.sees(msgtype="m.image", after=mark))
    body = shown["content"]["body"]
    play.tell("consentry → Dr Lee", body)
    data = await lee.downloads(shown, play.stage.home / "rendition.jpg")
    clean = is_clean(data) and data != play.photo
    play.promises.saw(
        "Dr Lee sees name, birthday and a picture without metadata",
        clean and "Sam Patel" in body and "7 March 1984" in body,
        f"Dr Lee's app decrypted it: {len(data):,} bytes, no trace of camera, time or place; the original has them",
    )
    return EventId(shown["id"]), MediaId(shown["content"]["file"]["url"])


async def _they_talk(play: Play) -> None:
    lee, sam = play.lee, play.sam
    mark, lee_mark = await sam.mark(), await lee.mark()
    await lee.says(f"!note {play.ref} {NOTE}")
    await lee.says(f"!reply {play.ref} {REPLY}")
    reply = await play.step("Dr Lee replies", sam.sees(body_regex=REPLY, after=mark))
    play.tell("consentry → Dr Lee", await lee.hears("On its way to", after=lee_mark))
    play.tell("consentry → Sam", reply["content"]["body"])
    lee_mark = await lee.mark()
    await sam.says(ANSWER)
    back = await play.step("Sam answers", lee.sees(body_regex=ANSWER, after=lee_mark))
    play.promises.saw(
        "Words go both ways, in each one's own room",
        reply["shield"] == "none" and back["shield"] == "none",
        "both apps show them encrypted by a verified sender, no warning shield",
    )


async def _what_is_held(play: Play) -> None:
    mark = await play.sam.mark()
    await play.sam.says("my images")
    held = await play.step("Sam asks “my images”", play.sam.hears("Seen by", after=mark))
    play.tell("consentry → Sam", held)
    right = play.ref in held and "Dr Lee" in held
    play.promises.saw("Sam sees what is held, for what, and who has seen it", right, "read by Sam's app")
