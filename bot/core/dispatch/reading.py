"""What an event is by its own content: words, a caption, a reply, a tap, an edit, a picture, part of a check by emoji."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.arrivals import Arrival
from bot.domain.identifiers import EventId, QuestionId
from bot.domain.marks import KEY

VERIFICATION = "m.key.verification."
_LONGEST_NAME = 64
_QUOTED = re.compile(r"^> (?:\* )?<@[^>\s]+>")
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,5}$")
# A name without spaces, or one that an app makes of its own words and the time: "WhatsApp Image 2026-11-30 at 10.11.12 (1).jpeg".
_FILE_NAME = re.compile(
    r"(?:\S{1,200}|(?:whatsapp image|screen ?shot|photo|picture|image|img|scan|signal)"
    r"(?:[\s\d_.,:()–-]|\b(?:at|on|from|am|pm)\b){1,80})"
    r"\.(?:jpe?g|png|hei[cf]s?|webp|avif|gif|bmp|tiff?|dng|pdf|dcm|dicom)",
    re.IGNORECASE,
)


def words_said(content: Mapping[str, Any]) -> str:
    """Return what somebody wrote themselves. Some apps put the lines that a reply quotes before it.

    What it replies to stands outside what is encrypted: whether words are quoted, they say themselves.
    """
    body = content.get("body")
    return own_words(body) if isinstance(body, str) else ""


def quoted_words(body: str) -> str:
    """Return what a reply's fallback quotes, without whom; "" where there is none."""
    quoted = body.removesuffix(own_words(body))
    return "\n".join(_QUOTED.sub("", line).removeprefix(">") for line in quoted.split("\n"))


def own_words(body: str) -> str:
    """Return the body without a reply's fallback: lines of ">" that begin with whom they quote. "> 39 fever" is none."""
    if not _QUOTED.match(body):
        return body
    lines = body.split("\n")
    own = next((at for at, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[own:]).removeprefix("\n")


def caption_of(content: Mapping[str, Any]) -> str:
    """Return the sender's words. `body` is a caption only if a different `filename` stands beside it (MSC2530).

    What differs by its extension alone, or is a file's name like it, an app has put there: it converts what it sends. A word
    without an extension is a word, also under a file of that name ("knee"), unless a camera counts so ("IMG_0001").
    """
    body, name = content.get("body"), content.get("filename")
    if not isinstance(body, str) or not isinstance(name, str):
        return ""
    caption, name = own_words(body).strip(), name.strip()
    if caption == name or (_FILE_NAME.fullmatch(caption) and _FILE_NAME.fullmatch(name)):
        return ""
    stem = _EXTENSION.sub("", caption)
    named_alike = stem == _EXTENSION.sub("", name) and (stem != caption or any(map(str.isdigit, stem)))
    return "" if named_alike else caption


def new_words(content: Mapping[str, Any]) -> str:
    """Return what an edit makes of a message: its words, or the caption of what it shows."""
    new = content.get("m.new_content")
    if not isinstance(new, dict):
        return ""
    return words_said(new) if new.get("msgtype") == "m.text" or "filename" not in new else caption_of(new)


def words_of(content: Mapping[str, Any]) -> str:
    """Return the words that a message brings: of an edit the new ones, of a picture its caption."""
    if is_edit(content):
        return new_words(content)
    return caption_of(content) if is_picture(content) else words_said(content)


def chosen_before(content: Mapping[str, Any]) -> str | None:
    """Return the patient that a page let somebody choose before sending, as the page was told to name them; None for nobody."""
    mark = content.get(KEY)
    whose = mark.get("whose") if isinstance(mark, Mapping) else None
    return whose if isinstance(whose, str) and whose else None


@dataclass(frozen=True, slots=True)
class WhoseTapped:
    """A page's tap: the patient whose photo it is, as the button named them, and the question that it stood under."""

    question_id: QuestionId
    whose: str


def whose_tapped(content: Mapping[str, Any]) -> WhoseTapped | None:
    """Return whose photo it is, where that was tapped on a page; None for words that somebody wrote."""
    mark, whose = content.get(KEY), chosen_before(content)
    question = mark.get("answers") if isinstance(mark, Mapping) else None
    return WhoseTapped(QuestionId(question), whose) if whose and isinstance(question, str) and question else None


def once_in(content: Mapping[str, Any]) -> str:
    """Return what a page names its message, and any second sending of it; "" where it has no name.

    A photo or file has none: capture knows it by its media and bytes, and each copy is accounted for.
    """
    mark = content.get(KEY)
    once = mark.get("once") if isinstance(mark, Mapping) else None
    if not isinstance(once, str) or len(once) > _LONGEST_NAME:
        return ""
    return once if content.get("msgtype") in ("m.text", None) else ""  # None: an answer by poll


def is_verification(arrival: Arrival) -> bool:
    asked = arrival.type == "m.room.message" and (arrival.content or {}).get("msgtype") == f"{VERIFICATION}request"
    return asked or arrival.type.startswith(VERIFICATION)


def tapped_answer(arrival: Arrival) -> str | None:
    """The answer id of a poll response, in either form apps send; None for anything else."""
    content = arrival.content or {}
    if arrival.type == "org.matrix.msc3381.poll.response":
        answer = content.get(arrival.type)
        ids = answer.get("answers") if isinstance(answer, dict) else None
    elif arrival.type == "m.poll.response":
        ids = content.get("m.selections")
    else:
        return None
    return ids[0] if isinstance(ids, list) and len(ids) == 1 and isinstance(ids[0], str) else ""


def is_edit(content: Mapping[str, Any]) -> bool:
    """Whether it replaces an earlier message. A relation that names none is no relation."""
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict) or relation.get("rel_type") != "m.replace":
        return False
    return isinstance(relation.get("event_id"), str)


GALLERIES = ("m.gallery", "dm.filament.gallery")  # several things in one message (MSC4274)


def is_picture(content: Mapping[str, Any]) -> bool:
    """Return whether it is a photo or scan, also one sent as a file: named so by its sender's app, or of no kind that it knows.
    What it really is, its bytes decide at capture.
    """
    kind = content.get("msgtype")
    return kind == "m.image" or (kind == "m.file" and _is_scan(content))


def _is_scan(content: Mapping[str, Any]) -> bool:
    info = content.get("info")
    said = info.get("mimetype") if isinstance(info, dict) else None
    kind = said.partition(";")[0].strip().lower() if isinstance(said, str) else ""
    return not _KIND.fullmatch(kind) or kind.startswith("image/") or kind in _DOCUMENTS_OR_ANYTHING


_KIND = re.compile(r"[a-z]+/[a-z0-9.+_-]+")
_DOCUMENTS_OR_ANYTHING = frozenset({"application/pdf", "application/dicom", "application/octet-stream"})


def event_replied_to(content: Mapping[str, Any]) -> EventId | None:
    """Return the event that a message replies to; in a thread, if it says nothing closer, the one that the thread is about.

    It stands outside what is encrypted, so the homeserver can change it.
    """
    relation = content.get("m.relates_to")
    if not isinstance(relation, dict):
        return None
    reply = relation.get("m.in_reply_to")
    of_thread = relation.get("rel_type") == "m.thread"
    fallback = of_thread and relation.get("is_falling_back") is True
    event_id = reply.get("event_id") if isinstance(reply, dict) and not fallback else None
    if event_id is None and of_thread:
        event_id = relation.get("event_id")
    return EventId(event_id) if isinstance(event_id, str) and event_id else None
