"""Have what a message brings read, once, before a handler sees it: the words, a caption, an alarm, what is written in a lobby.

What is open is looked up first, because it shapes the meaning. For a patient's words, which may answer several things, that is
done in `handlers.photos.around`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.core.circles import answers_for_others, answers_for_self
from bot.core.transaction import Transaction
from bot.domain.arrivals import Arrival
from bot.domain.deeds import SaidInLobby, SayNo
from bot.domain.invitations import InvitationState
from bot.domain.people import Person, Role
from bot.domain.rooms import Room
from bot.heard.a_no import no_in
from bot.heard.alarm import alarm_words, alarms_answered
from bot.heard.by_itself import read_words
from bot.heard.captions import hear_caption
from bot.heard.lobby import hear_in_lobby
from bot.heard.plain import plain
from bot.heard.staff import CommandRead, Typed, read

from .gallery_parts import parts_of
from .house import ChatRequest, Request
from .reading import caption_of, event_replied_to, is_picture, quoted_words, words_of, words_said

_FILES = ("m.image", "m.file", "m.video", "m.audio")  # whose only words are a caption. No set: an app may send a list


def read_message(person: Person, room: Room, arrival: Arrival, tx: Transaction) -> ChatRequest:
    """Return what somebody asks by a message, with what its words say by themselves."""
    content = arrival.content or {}
    words = words_of(content)
    marked = words.lstrip().startswith("!") and not is_picture(content)  # as a command: it is read as that alone
    of_a_colleague = person.is_professional and not marked
    return ChatRequest(person, room, arrival, read_words(words, content, tx.today, of_a_colleague=of_a_colleague))


async def photos_replied_to(request: Request, tx: Transaction) -> tuple[str, ...]:
    """Return the references of the photos that the message they reply to in their app is about, or brought."""
    replied_to = event_replied_to(request.content)
    copies = await tx.rows.copies.of_event(replied_to, request.room.id) if replied_to else []
    images = await tx.rows.images.among(list(dict.fromkeys(copy.image_id for copy in copies if copy.image_id)))
    return tuple(image.ref for image in images)


def items_of(request: ChatRequest, tx: Transaction) -> list[ChatRequest]:
    """Return what a gallery holds, each as the message it would be if it came alone."""
    parts, person = parts_of(request.content), request.person
    said = {
        caption: read_words(caption, request.content, tx.today, of_a_colleague=person.is_professional)
        for caption in set(map(caption_of, parts))
    }
    return [
        replace(request, arrival=replace(request.arrival, content=part), place=place, said=said[caption_of(part)])
        for place, part in enumerate(parts)
    ]


async def with_captions(pictures: Sequence[ChatRequest], person: Person, tx: Transaction) -> list[ChatRequest]:
    """Return the pictures of a message, each with what its caption does; a clinician's is a line about the photo (`said`)."""
    if person.is_clinician or not person.may_act_as(Role.PATIENT):
        return list(pictures)
    for_others, for_self = await answers_for_others(tx.rows, person.id), await answers_for_self(tx.rows, person.id)
    captions = {picture.said.words for picture in pictures}
    does = {
        caption: hear_caption(caption, answers_for_others=for_others, answers_for_self=for_self) for caption in captions
    }
    return [replace(picture, caption=does[picture.said.words]) for picture in pictures]


async def heard_in_lobby(arrival: Arrival, tx: Transaction) -> SaidInLobby:
    """Return what was written in a lobby: after a code, the answer to what was asked for it."""
    content = arrival.content or {}
    if content.get("msgtype") != "m.text":
        return SaidInLobby(is_text=False)
    asked = await tx.rows.invitations.typed_in(arrival.sender, arrival.room_id, InvitationState.MATCHED)
    return hear_in_lobby(words_said(content), asked, tx.today, tx.policy.alarm_words)


def no_of(arrival: Arrival) -> SayNo | None:
    """Return the no that somebody wrote who may not be heard: it is all that is read of them (R28a)."""
    return no_in(words_said(arrival.content or {}))


# ---- an alarm


def sounds_alarm(request: ChatRequest, tx: Transaction) -> bool:
    """Return whether alarm words stand in what somebody wrote, or in the question that they say yes to."""
    if request.person.is_professional and _is_a_command(request, tx):
        return False  # said as staff, of somebody else
    more = tx.policy.alarm_words
    return any(alarm_words(words, more) for words in _written(request.content)) or _answered(request.content, more)


def _is_a_command(request: ChatRequest, tx: Transaction) -> bool:
    text = words_said(request.content)
    typed = Typed(text, request.person.roles, request.room.kind, tx.today)
    return text.lstrip().startswith("!") and isinstance(read(typed), CommandRead)


def _answered(content: Mapping[str, Any], more: Iterable[str]) -> bool:
    body = content.get("body")
    return isinstance(body, str) and bool(alarms_answered(quoted_words(body), plain(words_said(content)), more))


def _written(content: Mapping[str, Any]) -> Iterator[str]:
    """Yield what they wrote: words, the caption of whatever it is, and what an edit makes of them."""
    yield caption_of(content) if content.get("msgtype") in _FILES else words_said(content)
    yield from map(caption_of, parts_of(content))
    new = content.get("m.new_content")
    if isinstance(new, dict):
        yield from map(caption_of, parts_of(new))
        if isinstance(new.get("body"), str):
            yield new["body"]
