"""Whom the pills in a message stand for. What counts is the account that a pill links to, never the name that it shows (R15)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from bot.domain.identifiers import Account
from bot.domain.people import as_account

LONGEST = 16_000  # characters of formatted words that are looked at
_PILL = re.compile(
    r"""<a\s[^<>]{0,200}?href\s?=\s?["']([^"'<>]{1,500})["'][^<>]{0,200}>([^<>]{1,200})</a>""", re.IGNORECASE
)
_LINKED = re.compile(r"\[([^\[\]\n]{1,200})\]\(<?((?:https://matrix\.to/#/|matrix:u/)[^()\s<>]{1,300})>?\)")


@dataclass(frozen=True, slots=True)
class Pill:
    shown: str
    account: Account


def pills_in(content: Mapping[str, Any]) -> list[Pill]:
    """Return the people whom the formatted words link to, in the order they stand there."""
    formatted = content.get("formatted_body")
    found = _PILL.findall(formatted[:LONGEST]) if isinstance(formatted, str) else []
    return [Pill(unescape(shown).strip(), account) for href, shown in found if (account := as_account(unescape(href)))]


def mentioned(content: Mapping[str, Any]) -> frozenset[Account]:
    """Return whom the app says that the words mention. In a reply that is also whoever wrote what is replied to: nobody, then."""
    said, relation = content.get("m.mentions"), content.get("m.relates_to")
    ids = said.get("user_ids") if isinstance(said, dict) else None
    is_reply = isinstance(relation, dict) and "m.in_reply_to" in relation
    if is_reply or not isinstance(ids, list):
        return frozenset()
    return frozenset(account for id in ids[:50] if isinstance(id, str) and (account := as_account(id)))


def with_accounts(text: str, content: Mapping[str, Any]) -> str:
    """Return the words with the account in place of every pill, and of every link to a person."""
    text = _LINKED.sub(lambda found: as_account(found[2]) or found[0], text)
    parts, since = [], 0
    for pill in pills_in(content):
        found = re.compile(rf"(?<!\w){re.escape(pill.shown)}(?!\w)").search(text, since) if pill.shown else None
        if found is not None:
            parts += [text[since : found.start()], pill.account]
            since = found.end()
    return "".join([*parts, text[since:]])
