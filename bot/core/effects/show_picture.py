"""Show a picture: a rendition made for looking at, a clean copy of the whole when it leaves for a use (R19), or a QR code.

A document is shown whole as a file, and then its first pages as pictures, which a phone shows at once; they are the pages that
the file is made of. The file comes first: where a page can't be drawn none is shown.
The media id is reserved and ledgered in one commit before a byte is uploaded in the next step, so that no picture can lie on
the homeserver without a ledger line. A second try cannot know whether the message of the first was sent. So it sends a sentence
under the same transaction id: the homeserver answers with the message that was sent, if there is one, and either is ledgered
and erased in its time. Nobody is shown the same picture twice.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core.circles import circle_of, matter_of
from bot.core.transaction import Transaction
from bot.core.uses.not_shown import tell_held_up, tell_may_not_have_arrived, tell_not_sent, tell_not_shown
from bot.core.uses.still_allowed import still_allowed
from bot.domain.authority import may_act_for_the_practice, may_look_after, treats
from bot.domain.copies import TAKEN_BACK, Copy, What, showing
from bot.domain.errors import Permanent
from bot.domain.formats import MediaType
from bot.domain.identifiers import CopyId, ImageId, InvitationId, MediaId
from bot.domain.image import Image
from bot.domain.intents import ReservePicture, ShowPicture
from bot.domain.people import Role, Standing
from bot.domain.planned import Planned
from bot.domain.policy import Policy
from bot.domain.purposes import Purpose
from bot.domain.rooms import Room
from bot.domain.screening import Findings
from bot.domain.terms import Terms
from bot.domain.use import UseState
from bot.ports import LARGEST_DOCUMENT, Audience, Commit, Rendition
from bot.words import about_pictures, about_uses, to_the_team

from .say import Said, find_and_say_no_more, note_where, posted, tell_refused
from .world import World

CHAT_SIDE = 1600  # pixels, the longer side
MOST_PAGES_SHOWN = 3  # as pictures; the file has all pages
_SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}


async def reserve(world: World, intent: ReservePicture) -> str:
    return await world.chat.reserve_media()


async def reserved(tx: Transaction, intent: ReservePicture, mxc: MediaId) -> None:
    until = tx.now + _lasts(tx.policy, intent)
    # The words of an invitation have the same key: what takes them back takes its picture back too.
    key = f"invitation:{intent.invitation_id}" if intent.invitation_id else tx.ids.new()
    media = Copy(
        CopyId(tx.ids.new()),
        What.RENDITION,
        mxc=mxc,
        owner=tx.policy.bot_account,
        image_id=intent.image_id,
        post_key=key,
        purge_after=until,
    )
    post = Copy(CopyId(tx.ids.new()), What.POST, image_id=intent.image_id, post_key=key, purge_after=until)
    await tx.rows.copies.add(media, post)
    show = ShowPicture(
        intent.address,
        intent.caption,
        mxc,
        media.id,
        post.id,
        intent.image_id,
        intent.qr,
        intent.use_id,
        intent.leaves_for,
        intent.patient_id,
        intent.page,
        intent.invitation_id,
    )
    await tx.plan(show, lane=intent.address)
    await tx.erase(media)


def _lasts(policy: Policy, intent: ReservePicture) -> timedelta:
    if intent.use_id:
        return policy.keep_shared  # when the use is closed, withdrawn or recalled, it goes sooner
    return policy.keep_rendition if intent.image_id else policy.keep_messages


@dataclass(frozen=True, slots=True)
class Shown(Said):
    """What was shown. `sha256` of its bytes; "" where it was words. `refused`: it may not be shown any more.

    `next_page`: the page of a document to be shown next; 0 for none.
    """

    sha256: str = ""
    refused: bool = False
    next_page: int = 0


async def perform(world: World, intent: ShowPicture, planned: Planned) -> Shown:
    """Ask before anything is made of the picture, and again once it is uploaded: a homeserver may take its time (R28)."""
    room, audience, may_see = await _may_be_shown(world, intent)
    if not may_see:
        return await _not_shown(world, room, planned)
    content, digest, next_page = await _content_or_words(world, intent)
    room, audience, may_see = await _may_be_shown(world, intent)
    if not may_see:
        return await _not_shown(world, room, planned)
    try:
        said = await posted(world, room, content, audience, planned)
    except Permanent as why:
        if digest or not intent.image_id:
            raise
        raise Permanent(f"{PERHAPS_SHOWN}{why.code}") from why  # a first try had uploaded it
    return Shown(said.room_id, said.event_id, digest, next_page=next_page)


async def _may_be_shown(world: World, intent: ShowPicture) -> tuple[Room, Audience, bool]:
    """Look where it goes and who is there, and whether it may be shown to them, all in one moment."""
    async with world.journal.reading() as rows:
        room, audience = await world.room_in(rows, intent.address)
        taken_back = (await rows.copies.get(intent.copy_id)).because == TAKEN_BACK
        return room, audience, not taken_back and await _still_allowed(world, intent, room, rows)


async def _not_shown(world: World, room: Room, planned: Planned) -> Shown:
    """Let nothing leave, whatever happened since it was planned (R13, R28, R31)."""
    said = await find_and_say_no_more(world, room, planned)
    return Shown(said.room_id, said.event_id, refused=True)


async def _content_or_words(world: World, intent: ShowPicture) -> tuple[dict[str, Any], str, int]:
    """Return the picture; or, where it was interrupted, a sentence under the same transaction id, which
    finds what a first try sent.
    """
    try:
        return await _content(world, intent)
    except Permanent as lost:
        if lost.code not in TRIED_BEFORE:
            raise
        return {"msgtype": "m.text", "body": INTERRUPTED}, "", 0


async def _content(world: World, intent: ShowPicture) -> tuple[dict[str, Any], str, int]:
    """Return the event, the digest of the picture in it, and which page comes next."""
    image = None if intent.qr else await world.image(intent.image_id)
    async with world.in_flight.room_for(_room(image) if image else 0):
        picture, caption, next_page = await _picture(world, intent, image)
        file = await world.chat.put(intent.mxc, picture.data)
    suffix = _SUFFIXES[picture.media_type]
    name = f"page-{intent.page}" if intent.page else "picture"
    info: dict[str, Any] = {"mimetype": picture.media_type, "size": len(picture.data)}
    if picture.width:
        info |= {"w": picture.width, "h": picture.height}
    content = {
        "msgtype": "m.image" if picture.width else "m.file",
        "body": caption,
        # The name of a file that leaves says nothing and is no other copy's: nothing can be matched by it.
        "filename": f"{intent.media_copy_id[-10:]}{suffix}" if _leaves(intent) else f"{name}{suffix}",
        "info": info,
        "file": file,
    }
    return content, hashlib.sha256(picture.data).hexdigest() if intent.image_id else "", next_page


def _room(image: Image) -> int:
    """Return how much memory the original and the copy made of it take."""
    return image.size + (LARGEST_DOCUMENT if image.media_type == MediaType.PDF else image.size)


async def _still_allowed(world: World, intent: ShowPicture, room: Room, rows: Commit) -> bool:
    """Return whether the person it was planned for may see it now: by the use, by the law, or because they treat here."""
    if not intent.image_id:
        return not await _is_over(intent.invitation_id, rows)
    image = await rows.images.get(intent.image_id)
    if not image.may_be_seen or intent.patient_id not in {"", image.patient_id}:
        return False
    if intent.use_id:
        use = await rows.uses.get(intent.use_id)
        readers = [room.person_id] if room.person_id else use.recipient_ids
        return bool(await still_allowed(rows, use, [image], readers, world.clock.now(), world.today))
    reader = await rows.people.known(room.person_id)
    if reader is None:
        return False
    if intent.leaves_for:
        apart = may_act_for_the_practice(await circle_of(rows, image.patient_id), reader, world.today)
        return reader.standing is Standing.ACTIVE and Role.MANAGER in reader.roles and bool(apart)
    if not image.patient_id:
        return bool(treats(reader))
    circle = await circle_of(rows, image.patient_id)
    return bool(may_look_after(circle, await matter_of(rows, image, circle), reader, world.today))


async def _picture(world: World, intent: ShowPicture, image: Image | None) -> tuple[Rendition, str, int]:
    """Return the picture, what is said with it, and which page of the document comes next."""
    if image is None:
        return world.painter.paint(intent.qr), intent.caption, 0
    original = await world.original(image)
    if intent.page:
        page = await world.screener.page(original, intent.page - 1)
        last = min(page.count, MOST_PAGES_SHOWN)
        caption = about_pictures.page_shown(image.ref, intent.page, page.count, is_last=intent.page == last)
        return page.picture, caption, intent.page + 1 if intent.page < last else 0
    is_document = image.media_type == MediaType.PDF
    if _leaves(intent) or is_document:  # of a document there is no smaller rendition
        copy = await world.screener.clean_copy(original, await _terms(world, intent, image))
        return copy, intent.caption, 1 if is_document and not _leaves(intent) else 0
    return await world.screener.rendition(original, CHAT_SIDE), intent.caption, 0


async def _is_over(invitation_id: InvitationId, rows: Commit) -> bool:
    return bool(invitation_id) and not (await rows.invitations.get(invitation_id)).waits


def _leaves(intent: ShowPicture) -> bool:
    """Return whether it goes to somebody outside the practice, whole and without metadata (R19)."""
    return bool(intent.use_id or intent.leaves_for)


async def _terms(world: World, intent: ShowPicture, image: Image) -> Terms:
    purpose = Purpose(intent.leaves_for) if intent.leaves_for else image.purpose or Purpose.CARE
    if intent.use_id:
        async with world.journal.reading() as rows:
            purpose = (await rows.uses.get(intent.use_id)).purpose
    return Terms(image.ref, about_pictures.terms_in_copy(world.policy.practice, purpose))


async def settle(tx: Transaction, intent: ShowPicture, said: Shown) -> None:
    await note_where(tx, said, intent.copy_id)
    if said.sha256:
        media = await tx.rows.copies.get(intent.media_copy_id)
        await tx.rows.copies.save(showing(media, said.sha256))
    if said.refused:
        await tell_not_shown([intent], tx)
    if said.next_page:
        image = await tx.rows.images.get(intent.image_id)
        await tx.plan(ReservePicture(intent.address, image.ref, image.id, page=said.next_page), lane=intent.address)
    use = await tx.rows.uses.known(intent.use_id) if intent.use_id else None
    stopped = use is not None and use.state is not UseState.RELEASED
    if said.refused or stopped or await _is_over(intent.invitation_id, tx.rows):
        # It was stopped while it was on its way: what has left is taken back, what was only uploaded goes.
        copies = await tx.rows.copies.among((intent.copy_id, intent.media_copy_id))
        await tx.hide_now(*copies)


async def fail(tx: Transaction, intent: ReservePicture | ShowPicture, why: Permanent) -> None:
    """Say that it does not come: the record then names nobody as having seen it, unless a first try may have got through."""
    if why.code.startswith(PERHAPS_SHOWN):
        await tell_may_not_have_arrived(intent, tx)
        await tell_refused(tx, intent.address, Permanent(why.code.removeprefix(PERHAPS_SHOWN)))
        return
    if why.code.startswith("unsafe-room"):
        await tell_not_shown([intent], tx)
        await tell_refused(tx, intent.address, why)  # without the caption, which names the patient
        return
    await tell_not_sent(intent, tx)
    if why.code != "not-viewable" and intent.use_id:
        await tx.tell_practice(to_the_team.stuck(to_the_team.DOING[intent.kind], why.code))
        text = about_uses.NOT_SHOWN_HERE
    elif why.code != "not-viewable":
        text = to_the_team.stuck.english("showing a picture", why.code)
    else:
        text = NOT_VIEWABLE if intent.use_id else await _why_not(tx, intent.image_id, why)
    await tx.say(intent.address, f"{intent.caption}\n{text}", image_id=intent.image_id, private=True)


async def give_up(tx: Transaction, intent: ReservePicture | ShowPicture, trouble: str) -> None:
    """Tell who asked that it may not have arrived: it waits to be tried again, and a try may have got through."""
    await tell_held_up(intent, tx)
    await tx.tell_practice(to_the_team.stuck(to_the_team.DOING[intent.kind], trouble))


async def _why_not(tx: Transaction, image_id: str, why: Permanent) -> str:
    """Return what colleagues here hear: why it can't be viewed, and what can be done. Elsewhere nobody could do it."""
    image, looked_at = await tx.rows.images.get(ImageId(image_id)), await tx.rows.screenings.known(ImageId(image_id))
    found = looked_at.found if looked_at is not None else None
    if found is None or found.viewable:
        found = Findings(viewable=False, why=str(why).removeprefix(f"{why.code}: "))
    return about_pictures.not_viewable(image.ref, image.media_type, found)


TRIED_BEFORE = frozenset({"already-uploaded", "gone"})  # its media is there under a lost key, or was erased since
PERHAPS_SHOWN = "perhaps-shown-"  # begins the code of a failure after which it may have been shown
INTERRUPTED = "I was interrupted while showing a picture here. If it is missing, please ask for it again."
NOT_VIEWABLE = "The file is kept as it came, but it can't be shown as a picture here."
