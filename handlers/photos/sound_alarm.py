"""Alarm words in what a patient writes: the emergency sentence at once, whatever else is answered (R34).

Nothing else follows from them. The words are filed, passed on and announced as any others are, in their order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.dispatch import ChatRequest, Request, caption_of, parts_of, quoted_words
from bot.core.transaction import Transaction
from bot.domain.message import Message
from bot.heard.alarm import alarm_words, alarms_answered
from bot.heard.plain import plain
from bot.heard.staff import CommandRead, Typed, read
from bot.words.phrases import as_configured

_FILES = ("m.image", "m.file", "m.video", "m.audio")  # whose only words are a caption. No set: an app may send a list


async def sound_alarm(request: ChatRequest, tx: Transaction) -> Message | None:
    """Return the emergency sentence if somebody who acts as a patient wrote alarm words in their own chat."""
    if request.person.is_professional and _is_a_command(request, tx):
        return None  # said as staff, of somebody else
    more = tx.policy.alarm_words
    if not (any(alarm_words(words, more) for words in _written(request)) or _answered(request, more)):
        return None
    await tx.audit(request.person.id, "words.alarm", request.arrival.event_id)
    return as_configured(tx.policy.emergency_text)


def _answered(request: Request, more: Iterable[str]) -> bool:
    body = request.content.get("body")
    return isinstance(body, str) and bool(alarms_answered(quoted_words(body), plain(request.text), more))


def _is_a_command(request: Request, tx: Transaction) -> bool:
    typed = Typed(request.text, request.person.roles, request.room.kind, tx.today)
    return request.text.lstrip().startswith("!") and isinstance(read(typed), CommandRead)


def _written(request: Request) -> Iterator[str]:
    """Yield what they wrote: words, the caption of whatever it is, and what an edit makes of them."""
    content = request.content
    yield caption_of(content) if content.get("msgtype") in _FILES else request.text
    yield from map(caption_of, parts_of(content))
    new = content.get("m.new_content")
    if isinstance(new, dict):
        yield from map(caption_of, parts_of(new))
        if isinstance(new.get("body"), str):
            yield new["body"]
